/* Lines in their order. */
#include "record/journal.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/flags.h"
#include "base/lock.h"
#include "base/sys.h"
#include "record/log.h"
#include "record/modules.h"

#include <goc/race_record.h>

#define DETECTORS_MAX 2
#define SMALL_LINE_MAX (64 * 1024)
#define PATH_BYTES 4096
#define ARGUMENTS_BYTES 16384 // more of the command line is not shown

static struct {
    const char *name;
    uint32_t (*races)(void);
} detectors[DETECTORS_MAX]; // const after start
static int detector_count;  // const after start

static struct race__lock lock; // all below, and the room's other files
static char line_bytes[RACE_RECORD_LINE_MAX];
static char small_bytes[SMALL_LINE_MAX];
static bool module_written[RACE_MODULES_MAX];
static int started;    // detectors whose start is in the log
static int ended = -1; // process whose last line has been written

void race__journal_join(const char *detector, uint32_t (*races)(void))
{
    race__assert(detector_count < DETECTORS_MAX);
    detectors[detector_count].name = detector;
    detectors[detector_count].races = races;
    detector_count++;
}

void race__journal_lock(void)
{
    race__lock(&lock);
}

void race__journal_unlock(void)
{
    race__unlock(&lock);
}

static void head(struct race__text *text, const char *type)
{
    race__text_format(text, "{\"goc_race\":%d,\"type\":\"%s\",\"pid\":%d",
                      RACE_RECORD_VERSION, type, race__getpid());
}

static void write_text(struct race__text *text)
{
    if (text->full || text->length == text->capacity)
        return; // a record in part is worse than none
    text->bytes[text->length++] = '\n';
    race__log_write(text->bytes, text->length);
}

static struct race__text small_text(const char *type)
{
    struct race__text text = {.bytes = small_bytes, .capacity = sizeof small_bytes};
    head(&text, type);
    return text;
}

/* /proc/self/cmdline: the arguments, each with a zero at its end. */
static void arguments(struct race__text *text)
{
    static char bytes[ARGUMENTS_BYTES];
    long fd = race__sys3(SYS_open, (long)"/proc/self/cmdline", 0, 0);
    long size = 0;
    if (fd >= 0) {
        size = race__sys3(SYS_read, fd, (long)bytes, sizeof bytes - 1);
        race__sys3(SYS_close, fd, 0, 0);
    }
    size = size > 0 ? size : 0;
    bytes[size] = '\0';
    for (const char *at = bytes; at < bytes + size; at += race__length(at) + 1) {
        if (at != bytes)
            race__text_char(text, ',');
        race__text_json(text, at);
    }
}

static void write_start(const char *detector)
{
    char path[PATH_BYTES];
    struct race__text text = small_text("start");
    race__text_format(&text, ",\"detector\":\"%s\",\"exe\":", detector);
    /* The calling thread's: the initial thread, which self stands for, may have ended. */
    long size = race__sys3(SYS_readlink, (long)"/proc/thread-self/exe", (long)path,
                           sizeof path - 1);
    path[size > 0 ? size : 0] = '\0';
    race__text_json(&text, path);
    race__text_string(&text, ",\"argv\":[");
    arguments(&text);
    race__text_string(&text, "],\"cwd\":");
    size = race__sys3(SYS_getcwd, (long)path, sizeof path, 0);
    path[size > 0 ? size : 0] = '\0';
    race__text_json(&text, path);
    race__text_char(&text, '}');
    write_text(&text);
}

static void write_module(int number)
{
    const struct race__module *module = race__module_at(number);
    struct race__text text = small_text("module");
    race__text_format(&text, ",\"id\":%d,\"path\":", number);
    race__text_json(&text, module->path);
    race__text_string(&text, ",\"build_id\":\"");
    for (uint32_t i = 0; i < module->build_id_size; i++) {
        race__text_char(&text, "0123456789abcdef"[module->build_id[i] >> 4]);
        race__text_char(&text, "0123456789abcdef"[module->build_id[i] & 15]);
    }
    race__text_string(&text, "\"}");
    write_text(&text);
}

/* A log that is not open, or is that of the process before a fork, begins. */
static void open_log(void)
{
    if (!race__log_is_open()) {
        race__clear(module_written, sizeof module_written);
        started = 0;
    }
    while (started < detector_count)
        write_start(detectors[started++].name);
}

void race__journal_start(void)
{
    if (race__flags.log_path[0] == '\0')
        return;
    race__lock(&lock);
    open_log();
    race__unlock(&lock);
}

void race__journal_begin(struct race__line *line, const char *type, const char *detector)
{
    race__clear(line, sizeof *line);
    line->text.bytes = line_bytes;
    line->text.capacity = sizeof line_bytes;
    head(&line->text, type);
    race__text_format(&line->text, ",\"detector\":\"%s\"", detector);
}

/* The byte before a return address is inside the call. */
void race__journal_frame(struct race__line *line, const void *pc)
{
    uintptr_t offset;
    int module = race__module_of((uintptr_t)pc - 1, &offset);
    if (module != RACE_MODULE_NONE)
        line->modules[module] = true;
    race__text_format(&line->text, "[%d,\"0x%lx\"]", module, (unsigned long)offset);
}

void race__journal_write(struct race__line *line)
{
    open_log();
    for (int i = 0; i < RACE_MODULES_MAX; i++)
        if (line->modules[i] && !module_written[i]) {
            write_module(i);
            module_written[i] = true;
        }
    write_text(&line->text);
}

static void write_end(const char *detector, uint32_t races, int status)
{
    struct race__text text = small_text("end");
    race__text_format(&text, ",\"detector\":\"%s\",\"races\":%u,\"status\":%d}", detector,
                      races, status);
    write_text(&text);
}

void race__journal_end(int status)
{
    race__lock(&lock);
    if (race__log_is_open() && ended != race__getpid()) {
        ended = race__getpid();
        for (int i = 0; i < detector_count; i++)
            write_end(detectors[i].name, detectors[i].races(), status);
        race__log_close();
    }
    race__unlock(&lock);
}
