/* File descriptors and their places.
 *
 * The table is an array indexed by descriptor; the few descriptors beyond its end share a
 * place with the other sockets.  An entry is written while its descriptor is being made or
 * closed, and read while it is in use: programs that do both at once are broken in ways
 * that an edge too many or too few does not make worse, so relaxed accesses do.
 */
#include "intercept/files.h"

#include "base/atomic.h"
#include "base/pages.h"
#include "base/sys.h"
#include "entry/access.h"
#include "entry/blocks.h"
#include "entry/events.h"
#include "entry/handlers.h"
#include "intercept/boot.h"
#include "record/place.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#define FILES_MAX 65536u
/* Places are bytes of an area that is only reserved: 8 apart, a word of shadow each. */
#define PLACES_MAX (UINT32_C(1) << 24)
#define PLACE_SIZE 8u

/* NAMED_MAX numbers are those of files that have a name, by device and inode: two that meet
 * there order one another, too, which hides a race at times and invents none. */
#define NAMED_MAX (UINT32_C(1) << 20)

/* Places by number; 0: none yet. */
struct file {
    _Alignas(8) uint32_t reads; // atomic, relaxed
    uint32_t writes;            // atomic, relaxed
};

enum {
    PLACE_NONE,
    PLACE_NAMED,
    PLACE_SOCKETS = PLACE_NAMED + (1 << 20),
    PLACE_SIGNALS,
    PLACE_FIRST
};

_Static_assert(sizeof(struct file) == 8, "a descriptor is a word of shadow");

static struct file files[FILES_MAX];       // its words stand for the descriptors
static uint32_t places_used = PLACE_FIRST; // atomic: numbers given out
static char *places;                       // atomic: reserved at the first use

static const void *place_address(uint32_t place)
{
    char *base = load_acquire(&places);
    if (base == NULL) {
        char *fresh = race__pages_reserve((size_t)PLACES_MAX * PLACE_SIZE, "open files");
        if (cas_acq_rel(&places, &base, fresh))
            base = fresh;
    }
    return base + (size_t)place * PLACE_SIZE;
}

/* Numbers are used again once all have been: then two files may share a place. */
static uint32_t new_place(void)
{
    uint32_t number = fetch_add_relaxed(&places_used, 1);
    return PLACE_FIRST + (number - PLACE_FIRST) % (PLACES_MAX - PLACE_FIRST);
}

/* The number of the file that FD names: one and the same for all who open it. */
static uint32_t place_of_name(int fd)
{
    struct stat about = {.st_mode = 0};
    if (race__sys3(SYS_fstat, fd, (long)&about, 0) != 0 ||
        (!S_ISREG(about.st_mode) && !S_ISFIFO(about.st_mode)))
        return new_place();
    uint64_t name = (uint64_t)about.st_ino + (uint64_t)about.st_dev * UINT64_C(0x10001);
    return PLACE_NAMED +
           (uint32_t)(name * UINT64_C(0x9E3779B97F4A7C15) >> 44) % NAMED_MAX;
}

static struct file *file_of(int fd)
{
    return fd >= 0 && (unsigned)fd < FILES_MAX ? &files[fd] : NULL;
}

/* Not by a child of vfork: its descriptors are its own, and this table its parent's. */
static void set(int fd, uint32_t reads, uint32_t writes)
{
    struct file *file = file_of(fd);
    if (file == NULL || !race__is_own_process())
        return;
    store_relaxed(&file->reads, reads);
    store_relaxed(&file->writes, writes);
}

/* The place that FD reads from or writes to, by way of FIELD of its entry. */
static uint32_t place_of(int fd, size_t field)
{
    struct file *file = file_of(fd);
    if (file == NULL)
        return PLACE_SOCKETS;
    uint32_t place = load_relaxed((uint32_t *)((char *)file + field));
    if (place == PLACE_NONE) {
        place = place_of_name(fd);
        set(fd, place, place);
    }
    return place;
}

void race__file_read(int fd)
{
    race__on_acquire(place_address(place_of(fd, offsetof(struct file, reads))));
}

void race__file_write(int fd)
{
    race__on_release_merge(place_address(place_of(fd, offsetof(struct file, writes))));
}

void race__file_is_pipe(const int fds[2])
{
    uint32_t queue = new_place();
    set(fds[0], queue, queue);
    set(fds[1], queue, queue);
}

void race__file_is_pair(const int fds[2])
{
    uint32_t forth = new_place();
    uint32_t back = new_place();
    set(fds[0], back, forth);
    set(fds[1], forth, back);
}

void race__file_is_socket(int fd)
{
    set(fd, PLACE_SOCKETS, PLACE_SOCKETS);
}

void race__file_is_of_signals(int fd)
{
    set(fd, PLACE_SIGNALS, PLACE_SIGNALS);
}

bool race__file_has_signals(int fd)
{
    const struct file *file = file_of(fd);
    return file != NULL && load_relaxed(&file->reads) == PLACE_SIGNALS;
}

void race__file_is_copy(int fd, int copy)
{
    uint32_t reads = place_of(fd, offsetof(struct file, reads));
    uint32_t writes = place_of(fd, offsetof(struct file, writes));
    set(copy, reads, writes);
}

/* Nobody's handler: one interrupts calls that use what it closes, and others that do not. */
static bool is_followed(const struct file *file)
{
    return file != NULL && !race__is_handling();
}

void race__file_use(int fd, const void *pc)
{
    struct file *file = file_of(fd);
    if (is_followed(file))
        race__read(file, sizeof *file, pc);
}

void race__file_new(int fd, const void *pc)
{
    struct file *file = file_of(fd);
    if (file == NULL || !race__is_own_process())
        return;
    set(fd, PLACE_NONE, PLACE_NONE);
    race__block_begin((uintptr_t)file, sizeof *file, RACE_DESCRIPTOR, pc);
    race__file_use(fd, pc);
}

void race__file_close(int fd, const void *pc)
{
    struct file *file = file_of(fd);
    if (file == NULL || !race__is_own_process())
        return;
    if (is_followed(file))
        race__write(file, sizeof *file, pc);
    race__files_closed((unsigned)fd, (unsigned)fd);
}

/* The words of the descriptors from FIRST on, COUNT of them, know of nothing. */
static void forget(unsigned first, size_t count)
{
    race__block_begin((uintptr_t)&files[first], count * sizeof *files, NULL, NULL);
}

void race__files_closed(unsigned first, unsigned last)
{
    if (first > last || first >= FILES_MAX || !race__is_own_process())
        return;
    if (last >= FILES_MAX)
        last = FILES_MAX - 1;
    for (unsigned fd = first; fd <= last; fd++)
        set((int)fd, PLACE_NONE, PLACE_NONE);
    forget(first, (size_t)last - first + 1);
}

void race__boot_files(void)
{
    race__place_descriptors(files, sizeof *files, FILES_MAX);
}

/* The child's descriptors are its own: what others do with theirs goes on in the parent. */
void race__fork_child_files(void)
{
    forget(0, FILES_MAX);
}
