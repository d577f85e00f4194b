/* The plain accesses of instrumented code.
 *
 * Each is a leaf: the question whether the strand has made such an access in this epoch
 * is asked of the cell itself, without lock, push or call; only a no leads on, by a jump.
 */
#include "check/word.h"
#include "entry/abi.h"
#include "entry/access.h"
#include "state/strand.h"

#include <string.h>

static RACE_INLINE void access(const void *at, size_t size, bool is_write, const void *pc)
{
    uintptr_t addr = (uintptr_t)at;
    goc_strand *strand = goc_race_current;
    if (!likely(race__word_is_same(strand, addr, race__cell_bytes(addr, size), is_write)))
        race__access(strand, addr, size, is_write ? RACE_TAG_WRITE : 0, pc);
}

/* Two words, aligned to both. */
static RACE_INLINE void access_pair(const void *at, bool is_write, const void *pc)
{
    uintptr_t addr = (uintptr_t)at;
    goc_strand *strand = goc_race_current;
    if (likely(race__word_is_same(strand, addr, RACE_CELL_BYTES, is_write) &&
               race__word_is_same(strand, addr + RACE_WORD_SIZE, RACE_CELL_BYTES,
                                  is_write)))
        return;
    race__access(strand, addr, (size_t)2 * RACE_WORD_SIZE, is_write ? RACE_TAG_WRITE : 0,
                 pc);
}

static RACE_INLINE void access_range(const void *at, uint64_t size, uint64_t kind,
                                     const void *pc)
{
    goc_strand *strand = race__watched();
    if (likely(strand != NULL && size != 0))
        race__access(strand, (uintptr_t)at, size, kind, pc);
}

#define ACCESS(size)                                                                     \
    void goc_race_read##size(void *addr)                                                 \
    {                                                                                    \
        access(addr, size, false, RACE_CALLER_PC());                                     \
    }                                                                                    \
    void goc_race_write##size(void *addr)                                                \
    {                                                                                    \
        access(addr, size, true, RACE_CALLER_PC());                                      \
    }

ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)

void goc_race_read16(void *addr)
{
    access_pair(addr, false, RACE_CALLER_PC());
}

void goc_race_write16(void *addr)
{
    access_pair(addr, true, RACE_CALLER_PC());
}

void goc_race_read_range(void *addr, uint64_t size)
{
    access_range(addr, size, 0, RACE_CALLER_PC());
}

void goc_race_write_range(void *addr, uint64_t size)
{
    access_range(addr, size, RACE_TAG_WRITE, RACE_CALLER_PC());
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
