/* The plain accesses of instrumented code.
 *
 * The question whether the strand has made such an access in this epoch is asked of the
 * cell by instrumented code itself, or here where it was compiled to be small; only a no
 * leads on.
 */
#include "check/sweep.h"
#include "check/word.h"
#include "entry/abi.h"
#include "entry/access.h"
#include "entry/reread.h"
#include "state/strand.h"

#include <string.h>

/* A write that the cell does not answer for is new nearly always, and what an epoch that is one
 * with the present one says of it is found with the word locked as well: all that is asked before
 * is whether a read of this epoch hides it. */
static RACE_INLINE bool is_written(const goc_strand *strand, uintptr_t addr,
                                   uint64_t bytes)
{
    uint64_t cell = load_acquire(race__shadow_cell(addr));
    return ((cell ^ strand->expect) & RACE_CELL_EPOCH) == 0 &&
           (cell & RACE_CELL_MORE) != 0 &&
           race__cell_knows(load_acquire(race__shadow_spare(addr)), strand->expect, bytes,
                            true);
}

static RACE_INLINE void access(const void *at, size_t size, bool is_write, const void *pc)
{
    uintptr_t addr = (uintptr_t)at;
    goc_strand *strand = goc_race_current;
    uint64_t bytes = race__cell_bytes(addr, size);
    if (strand->expect == RACE_EXPECT_NEVER || // has left no mark in this epoch
        !(is_write ? is_written(strand, addr, bytes)
                   : race__word_is_same(strand, addr, bytes, false)))
        race__access(strand, addr, size, is_write ? RACE_TAG_WRITE : 0, pc);
}

/* A read that the strand keeps in mind (entry/reread.h), or did a moment ago. */
static RACE_PRESERVE RACE_NOINLINE void read_other(const void *at, size_t size,
                                                   const void *pc)
{
    if (!race__reread(goc_race_current, (uintptr_t)at, size, pc))
        access(at, size, false, pc);
}

static RACE_INLINE void read_again(const void *at, size_t size, const void *pc)
{
    goc_strand *strand = goc_race_current;
    struct race__reread *reread = race__reread_at(strand->rereads, (uintptr_t)at);
    if (unlikely(!race__reread_quick(strand, reread, pc)))
        read_other(at, size, pc);
}

/* Two words. */
static RACE_INLINE void access_pair(const void *at, size_t size, bool is_write,
                                    const void *pc)
{
    uintptr_t addr = (uintptr_t)at;
    goc_strand *strand = goc_race_current;
    if (likely(
            race__word_is_same(strand, addr, RACE_CELL_BYTES, is_write) &&
            race__word_is_same(strand, addr + RACE_WORD_SIZE, RACE_CELL_BYTES, is_write)))
        return;
    race__access(strand, addr, size, is_write ? RACE_TAG_WRITE : 0, pc);
}

#define SMALL_RANGE 128 // bytes, two lines of cells, of which each is asked first

/* As compiled code asks, of all words of a small range. */
static RACE_INLINE bool is_range_known(const goc_strand *strand, uintptr_t addr,
                                       uint64_t size, bool is_write)
{
    uintptr_t last = addr + size - 1;
    uintptr_t word = addr & ~(uintptr_t)(RACE_WORD_SIZE - 1);
    uint64_t bytes = RACE_CELL_BYTES << (addr - word) & RACE_CELL_BYTES;
    if (!is_write && (addr ^ last) < RACE_LINE_SIZE &&
        race__sweep_knows(strand, addr, last + 1))
        return true;
    for (; last - word >= RACE_WORD_SIZE; word += RACE_WORD_SIZE) {
        if (!race__cell_knows(load_acquire(race__shadow_cell(word)), strand->expect,
                              bytes, is_write))
            return false;
        bytes = RACE_CELL_BYTES;
    }
    bytes &= RACE_CELL_BYTES >> (RACE_WORD_SIZE - 1 - (last - word));
    return race__cell_knows(load_acquire(race__shadow_cell(word)), strand->expect, bytes,
                            is_write);
}

static RACE_INLINE void access_range(const void *at, uint64_t size, uint64_t kind,
                                     const void *pc)
{
    goc_strand *strand = race__watched();
    if (unlikely(strand == NULL || size == 0) ||
        (size <= SMALL_RANGE && is_range_known(strand, (uintptr_t)at, size, kind != 0)))
        return;
    race__access(strand, (uintptr_t)at, size, kind, pc);
}

/* Two functions, so that either saves the registers that it needs; and without a frame before them,
 * so that they are called from where the program called. */
#define READ(size)                                                                       \
    static RACE_PRESERVE RACE_NOINLINE void read_once##size(void *addr)                  \
    {                                                                                    \
        access(addr, size, false, RACE_CALLER_PC());                                     \
    }                                                                                    \
    static RACE_PRESERVE RACE_NOINLINE void read_again##size(void *addr)                 \
    {                                                                                    \
        read_again(addr, size, RACE_CALLER_PC());                                        \
    }                                                                                    \
    RACE_PRESERVE void goc_race_read##size(void *addr)                                   \
    {                                                                                    \
        if (unlikely(race__reread_find(goc_race_current, (uintptr_t)addr, size)))        \
            RACE_TAIL_CALL read_again##size(addr);                                       \
        RACE_TAIL_CALL read_once##size(addr);                                            \
    }

READ(1)
READ(2)
READ(4)
READ(8)

RACE_PRESERVE void goc_race_read16(void *addr)
{
    access_pair(addr, 16, false, RACE_CALLER_PC());
}

#define ACCESS(size, check)                                                              \
    RACE_PRESERVE void goc_race_write##size(void *addr)                                  \
    {                                                                                    \
        check(addr, size, true, RACE_CALLER_PC());                                       \
    }                                                                                    \
    RACE_PRESERVE void goc_race_leaf_read##size(void *addr, void *caller)                \
    {                                                                                    \
        uint32_t token = goc_race_func_enter(caller);                                    \
        if ((size) > RACE_WORD_SIZE ||                                                   \
            !race__reread(goc_race_current, (uintptr_t)(addr), size, RACE_CALLER_PC()))  \
            check(addr, size, false, RACE_CALLER_PC());                                  \
        goc_race_func_exit(token);                                                       \
    }                                                                                    \
    RACE_PRESERVE void goc_race_leaf_write##size(void *addr, void *caller)               \
    {                                                                                    \
        uint32_t token = goc_race_func_enter(caller);                                    \
        check(addr, size, true, RACE_CALLER_PC());                                       \
        goc_race_func_exit(token);                                                       \
    }

ACCESS(1, access)
ACCESS(2, access)
ACCESS(4, access)
ACCESS(8, access)
ACCESS(16, access_pair)

/* What a handler may share with its thread.  The question about the cell is the same: the
 * thread's own mark says as much as it does of any other access. */
static RACE_INLINE void access_signal(const void *at, size_t size, bool is_write,
                                      const void *pc)
{
    uintptr_t addr = (uintptr_t)at;
    goc_strand *strand = goc_race_current;
    if (!likely(race__word_is_same(strand, addr, race__cell_bytes(addr, size), is_write)))
        race__access_shared(strand, addr, size, is_write ? RACE_TAG_WRITE : 0, pc);
}

RACE_PRESERVE void goc_race_signal_read4(void *addr)
{
    access_signal(addr, 4, false, RACE_CALLER_PC());
}

RACE_PRESERVE void goc_race_signal_write4(void *addr)
{
    access_signal(addr, 4, true, RACE_CALLER_PC());
}

RACE_PRESERVE void goc_race_leaf_signal_read4(void *addr, void *caller)
{
    uint32_t token = goc_race_func_enter(caller);
    access_signal(addr, 4, false, RACE_CALLER_PC());
    goc_race_func_exit(token);
}

RACE_PRESERVE void goc_race_leaf_signal_write4(void *addr, void *caller)
{
    uint32_t token = goc_race_func_enter(caller);
    access_signal(addr, 4, true, RACE_CALLER_PC());
    goc_race_func_exit(token);
}

RACE_PRESERVE void goc_race_read_range(void *addr, uint64_t size)
{
    access_range(addr, size, 0, RACE_CALLER_PC());
}

RACE_PRESERVE void goc_race_write_range(void *addr, uint64_t size)
{
    access_range(addr, size, RACE_TAG_WRITE, RACE_CALLER_PC());
}

RACE_PRESERVE void goc_race_leaf_read_range(void *addr, uint64_t size, void *caller)
{
    uint32_t token = goc_race_func_enter(caller);
    access_range(addr, size, 0, RACE_CALLER_PC());
    goc_race_func_exit(token);
}

RACE_PRESERVE void goc_race_leaf_write_range(void *addr, uint64_t size, void *caller)
{
    uint32_t token = goc_race_func_enter(caller);
    access_range(addr, size, RACE_TAG_WRITE, RACE_CALLER_PC());
    goc_race_func_exit(token);
}

void *goc_race_memcpy(void *to, void *from, uint64_t size)
{
    access_range(from, size, 0, RACE_CALLER_PC());
    access_range(to, size, RACE_TAG_WRITE, RACE_CALLER_PC());
    return RACE_PERFORM_LIBC(memcpy)(to, from, size);
}

void *goc_race_memmove(void *to, void *from, uint64_t size)
{
    access_range(from, size, 0, RACE_CALLER_PC());
    access_range(to, size, RACE_TAG_WRITE, RACE_CALLER_PC());
    return RACE_PERFORM_LIBC(memmove)(to, from, size);
}

void *goc_race_memset(void *to, uint32_t byte, uint64_t size)
{
    access_range(to, size, RACE_TAG_WRITE, RACE_CALLER_PC());
    return RACE_PERFORM_LIBC(memset)(to, (int)byte, size);
}
