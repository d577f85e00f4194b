/* Room for the cells beside ThreadSanitizer.
 *
 * TSan has taken all of the address space by now: what it uses itself, and what the
 * program must not use, which it keeps inaccessible.  The largest of these gaps is for us.
 * 16 TiB do: the ranges that TSan leaves to programs (their top bits are 0, 5, 7.2 and 7.a
 * to 7.f, by hexadecimal digits) differ in the 44 bits below.
 */
#include "base/assert.h"
#include "base/pages.h"
#include "base/sys.h"
#include "entry/cells.h"
#include "state/shadow.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>

#define HEXADECIMAL 16
#define DECIMAL 10
#define READ_SIZE 4096

void __tsan_init(void);

/* /proc/self/maps, a character at a time. */
struct reader {
    int fd;
    char text[READ_SIZE];
    long at;
    long length;
};

static int next(struct reader *reader)
{
    if (reader->at == reader->length) {
        reader->length =
            race__sys3(SYS_read, reader->fd, (long)reader->text, sizeof reader->text);
        reader->at = 0;
        if (reader->length <= 0)
            return -1;
    }
    return reader->text[reader->at++];
}

/* A number, and the character behind it in *STOP. */
static uintptr_t number(struct reader *reader, int *stop)
{
    uintptr_t value = 0;
    for (;;) {
        int c = next(reader);
        if (c >= '0' && c <= '9')
            value = value * HEXADECIMAL + (uintptr_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            value = value * HEXADECIMAL + (uintptr_t)(c - 'a') + DECIMAL;
        else {
            *stop = c;
            return value;
        }
    }
}

/* The first inaccessible mapping with room for SIZE; 0 for none. */
static uintptr_t find_gap(struct reader *reader, uintptr_t size)
{
    int c = 0;
    while (c >= 0) {
        uintptr_t begin = number(reader, &c);
        uintptr_t end = number(reader, &c);
        bool readable = next(reader) != '-';
        bool writable = next(reader) != '-';
        if (!readable && !writable && end - begin >= size)
            return begin;
        while (c >= 0 && c != '\n')
            c = next(reader);
    }
    return 0;
}

char *race__cells_reserve(char *const *arguments, char *const *environment)
{
    (void)arguments, (void)environment;
    __tsan_init();
    struct reader reader = {.fd = (int)race__sys3(SYS_open, (long)"/proc/self/maps",
                                                  O_RDONLY | O_CLOEXEC, 0)};
    uintptr_t gap = reader.fd < 0 ? 0 : find_gap(&reader, RACE_CELLS_BYTES);
    race__sys3(SYS_close, reader.fd, 0, 0);
    if (gap == 0)
        race__die("ThreadSanitizer leaves no room for goc's shadow memory");
    long result =
        race__sys6(SYS_mmap, (long)gap, (long)RACE_CELLS_BYTES, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1, 0);
    if (result != (long)gap)
        race__die("cannot use a gap of ThreadSanitizer's for shadow memory (errno %ld)",
                  -result);
    race__pages_modest((void *)gap, RACE_CELLS_BYTES);
    return (char *)gap;
}
