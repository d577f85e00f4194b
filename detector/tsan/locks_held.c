#include "tsan/locks_held.h"

#include "base/compiler.h"
#include "base/out.h"
#include "base/sys.h"
#include "tsan/interface.h"

#include <fcntl.h>
#include <stddef.h>

enum { HELD_MAX = 64, STDERR = 2 };

struct held {
    int access; // which of the report's
    bool exclusive;
    uint64_t id;
};

static bool listening;
static int access_index; // of the access being described, -1 before the first
static struct held held[HELD_MAX];
static int held_count;

/* Does TEXT begin with PREFIX? Answers what follows it, or NULL. */
static const char *after(const char *text, const char *prefix)
{
    for (; *prefix != '\0'; prefix++, text++)
        if (*text != *prefix)
            return NULL;
    return text;
}

static bool contains(const char *text, const char *part)
{
    for (; *text != '\0'; text++)
        if (after(text, part) != NULL)
            return true;
    return false;
}

/* " write M12" or ", read M3": TSan prints each by itself. */
static void note_mutex(const char *text)
{
    if (*text == ',')
        text++;
    const char *number = after(text, " write M");
    const bool exclusive = number != NULL;
    if (!exclusive)
        number = after(text, " read M");
    if (number == NULL || *number < '0' || *number > '9' || access_index < 0 ||
        held_count == HELD_MAX)
        return;
    uint64_t id = 0;
    for (; *number >= '0' && *number <= '9'; number++)
        id = id * 10 + (uint64_t)(*number - '0');
    held[held_count++] =
        (struct held){.access = access_index, .exclusive = exclusive, .id = id};
}

/* TSan's text comes in pieces.  One that is no report is for people: a failed check, a
 * warning about the system; TSan prints it itself. */
RACE_EXPORT void __sanitizer_on_print(const char *text)
{
    if (!listening)
        return;
    if (contains(text, " of size ") && contains(text, " by "))
        access_index++; // "  Previous write of size 4 at 0x… by thread T2"
    else
        note_mutex(text);
}

void race__tsan_locks_read(const void *report)
{
    access_index = -1;
    held_count = 0;
    if (race__tsan_print_report == NULL)
        return;
    const long nowhere =
        race__sys4(SYS_open, (long)"/dev/null", O_WRONLY | O_CLOEXEC, 0, 0);
    if (nowhere < 0)
        return;
    __sanitizer_set_report_fd((void *)nowhere);
    listening = true;
    race__tsan_print_report(report);
    listening = false;
    __sanitizer_set_report_fd((void *)(long)STDERR);
    race__sys3(SYS_close, nowhere, 0, 0);
}

bool race__tsan_locks_known(void)
{
    return access_index >= 1;
}

bool race__tsan_locks_has(int index, uint64_t id, bool *exclusive)
{
    for (int i = 0; i < held_count; i++) {
        if (held[i].access == index && held[i].id == id) {
            *exclusive = held[i].exclusive;
            return true;
        }
    }
    return false;
}
