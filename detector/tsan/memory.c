/* What the runtime touches, hands out and takes back.
 *
 * New memory must be forgotten without making order: a goroutine's stack goes to another
 * goroutine that is not ordered after the first, and an edge between them would hide
 * their races.  __tsan_java_alloc clears the shadow of a range and nothing else (beyond
 * 64 KiB by mapping fresh pages); __tsan_java_free then drops the block it has named and
 * the mutexes in the range.  In a block of TSan's own heap the names are the heap's.
 */
#include "tsan/blocks.h"
#include "tsan/bridge.h"
#include "tsan/interface.h"
#include "tsan/keys.h"
#include "tsan/strand.h"

static void *plain(const void *addr)
{
    return (void *)(uintptr_t)addr;
}

void race__tsan_read_at(const void *addr, size_t size, const void *pc)
{
    if (race__tsan_strand_current() != NULL && size != 0)
        __tsan_read_range_pc(plain(addr), size, plain(pc));
}

void race__tsan_write_at(const void *addr, size_t size, const void *pc)
{
    if (race__tsan_strand_current() != NULL && size != 0)
        __tsan_write_range_pc(plain(addr), size, plain(pc));
}

static bool in_tsan_heap(const void *addr)
{
    return __sanitizer_get_allocated_begin(addr) != NULL;
}

void race__tsan_memory_new(const void *addr, size_t size, const char *kind,
                           const void *pc)
{
    if (size == 0)
        return;
    race__tsan_keys_forget(addr, size);
    if (!in_tsan_heap(addr)) {
        __tsan_java_alloc((uintptr_t)addr, size);
        __tsan_java_free((uintptr_t)addr, size);
    }
    if (kind == NULL)
        return;
    const struct race__tsan_strand *strand = race__tsan_strand_current();
    race__tsan_block_add(
        (struct race__tsan_block){.addr = (uintptr_t)addr,
                                  .size = size,
                                  .kind = kind,
                                  .pc = pc,
                                  .goid = strand != NULL ? strand->goid : 0});
}

void race__tsan_memory_free(const void *addr, size_t size, const void *pc)
{
    race__tsan_write_at(addr, size, pc);
    race__tsan_block_remove(addr);
    race__tsan_keys_forget(addr, size);
    if (!in_tsan_heap(addr))
        __tsan_java_free((uintptr_t)addr, size);
}

void race__tsan_heap_free(const void *block)
{
    race__tsan_keys_forget(block, __sanitizer_get_allocated_size(block));
}
