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

#include <errno.h>
#include <linux/kcmp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#define FILES_MAX 65536u
/* Places are bytes of an area that is only reserved: 8 apart, a word of shadow each.  The queue is
 * the first byte, its end and the file's lock are others. */
#define PLACES_MAX (UINT32_C(1) << 24)
#define PLACE_SIZE 8u
#define PLACE_END 2u
#define PLACE_LOCK 4u

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
static bool locks_used;                    // atomic: some file was ever locked

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

/* Where the answer is no, STAT is of no kind. */
static bool about(int fd, struct stat *stat)
{
    *stat = (struct stat){.st_mode = 0};
    return race__sys3(SYS_fstat, fd, (long)stat, 0) == 0;
}

static bool is_fifo(int fd)
{
    struct stat stat;
    return about(fd, &stat) && S_ISFIFO(stat.st_mode);
}

static struct file *file_of(int fd)
{
    return fd >= 0 && (unsigned)fd < FILES_MAX ? &files[fd] : NULL;
}

/* So many numbers in a row that are no descriptors: there are no more of them. */
#define UNUSED_MAX 256u

/* Another descriptor for what FD is, which STAT describes, or -1.  Pipes and sockets have
 * numbers of their own; of what else there is, only the kernel knows whether two are one. */
static int find_same(int fd, const struct stat *stat)
{
    bool numbered = S_ISFIFO(stat->st_mode) || S_ISSOCK(stat->st_mode);
    long self = race__getpid();
    unsigned unused = 0;
    for (unsigned other = 0; other < FILES_MAX && unused < UNUSED_MAX; other++) {
        struct stat there;
        if ((int)other == fd)
            continue;
        if (!about((int)other, &there)) {
            unused++;
            continue;
        }
        unused = 0;
        bool alike = there.st_ino == stat->st_ino && there.st_dev == stat->st_dev &&
                     (there.st_mode & S_IFMT) == (stat->st_mode & S_IFMT);
        if (alike &&
            (numbered || race__sys6(SYS_kcmp, self, self, KCMP_FILE, fd, other, 0) == 0))
            return (int)other;
    }
    return -1;
}

/* The place of a pipe of this process that FD was opened of by name (/dev/fd/N), or 0. */
static uint32_t place_of_pipe(int fd, const struct stat *stat)
{
    int other = find_same(fd, stat);
    struct file *file = file_of(other);
    return file != NULL ? load_relaxed(&file->reads) : PLACE_NONE;
}

/* The number of the file that FD names: one and the same for all who open it. */
static uint32_t place_of_name(int fd)
{
    struct stat stat;
    if (!about(fd, &stat) || (!S_ISREG(stat.st_mode) && !S_ISFIFO(stat.st_mode)))
        return new_place();
    uint32_t pipe = S_ISFIFO(stat.st_mode) ? place_of_pipe(fd, &stat) : PLACE_NONE;
    if (pipe != PLACE_NONE)
        return pipe;
    uint64_t name = (uint64_t)stat.st_ino + (uint64_t)stat.st_dev * UINT64_C(0x10001);
    return PLACE_NAMED +
           (uint32_t)(name * UINT64_C(0x9E3779B97F4A7C15) >> 44) % NAMED_MAX;
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

static const void *end_address(uint32_t place)
{
    return (const char *)place_address(place) + PLACE_END;
}

/* Both ways, for who reads there meets an end and who writes nobody. */
static void ends(uint32_t reads, uint32_t writes)
{
    if (reads != PLACE_NONE)
        race__on_release_merge(end_address(reads));
    if (writes != PLACE_NONE && writes != reads)
        race__on_release_merge(end_address(writes));
}

void race__file_ends(int fd)
{
    ends(place_of(fd, offsetof(struct file, reads)),
         place_of(fd, offsetof(struct file, writes)));
}

/* What is a file has no end that others meet, and what nobody has used is told from one by
 * its name. */
void race__file_closes(int fd)
{
    const struct file *file = file_of(fd);
    if (file == NULL || !race__is_own_process())
        return;
    uint32_t place = load_relaxed(&file->reads);
    bool named = place == PLACE_NONE || (place >= PLACE_NAMED && place < PLACE_SOCKETS);
    if (unlikely(load_relaxed(&locks_used)))
        race__file_unlocks(fd);
    if (!named || is_fifo(fd))
        race__file_ends(fd);
}

void race__file_ended(int fd)
{
    race__on_acquire(end_address(place_of(fd, offsetof(struct file, reads))));
}

void race__file_broken(int fd)
{
    race__on_acquire(end_address(place_of(fd, offsetof(struct file, writes))));
}

static const void *lock_address(int fd)
{
    uint32_t place = place_of(fd, offsetof(struct file, writes));
    return (const char *)place_address(place) + PLACE_LOCK;
}

void race__file_locked(int fd)
{
    race__on_acquire(lock_address(fd));
}

/* Whether it is held for reading or for writing is not known: locks for reading are ordered,
 * too. */
void race__file_unlocks(int fd)
{
    store_relaxed(&locks_used, true);
    race__on_release_merge(lock_address(fd));
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

bool race__file_is_known(int fd)
{
    const struct file *file = file_of(fd);
    return file != NULL && load_relaxed(&file->reads) != PLACE_NONE;
}

void race__file_is_copy(int fd, int copy)
{
    uint32_t reads = place_of(fd, offsetof(struct file, reads));
    uint32_t writes = place_of(fd, offsetof(struct file, writes));
    set(copy, reads, writes);
}

void race__file_is_passed(int fd)
{
    struct stat stat;
    int same = about(fd, &stat) && !S_ISREG(stat.st_mode) ? find_same(fd, &stat) : -1;
    if (same >= 0)
        race__file_is_copy(same, fd);
    else if (S_ISSOCK(stat.st_mode))
        race__file_is_socket(fd);
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
    race__file_closes(fd);
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
