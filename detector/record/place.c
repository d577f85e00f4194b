/* Asking blocks, modules and strands. */
#include "record/place.h"

#include "state/storage.h"
#include "state/strand.h"

#define THREAD_BLOCK_BYTES 4096 // what libc keeps of a thread above its thread pointer
/* A goroutine's stack has no bounds here, only the highest frame that was seen on it; an
 * address so far below some strand's is on that strand's stack. */
#define STACK_REACH ((uintptr_t)256 * 1024)

struct search {
    uintptr_t addr;
    size_t tls_size;
    bool elsewhere; // storage that lies below no thread pointer is looked for
    const goc_strand *found;
    uint32_t tid;         // of a thread that is no strand, and has the storage
    int module;           // that has the storage
    uintptr_t tls_offset; // of ADDR, in it
    uintptr_t distance;   // of FOUND's highest frame above ADDR
    struct race__place_frame frame;
};

static struct {
    uintptr_t first; // const after boot, as the others
    size_t word_size;
    size_t count;
} descriptors;

void race__place_descriptors(const void *words, size_t word_size, size_t count)
{
    descriptors.first = (uintptr_t)words;
    descriptors.word_size = word_size;
    descriptors.count = count;
}

static bool is_descriptor(uintptr_t addr)
{
    return addr - descriptors.first < descriptors.word_size * descriptors.count;
}

/* Has the thread with POINTER the storage that is looked for? */
static bool has_storage(struct search *search, uintptr_t pointer)
{
    if (pointer == 0)
        return false;
    if (search->elsewhere) {
        search->module =
            race__module_of_tls_elsewhere(pointer, search->addr, &search->tls_offset);
        return search->module != RACE_MODULE_NONE;
    }
    if (search->addr < pointer - search->tls_size ||
        search->addr >= pointer + THREAD_BLOCK_BYTES)
        return false;
    search->module = race__module_of_tls(pointer, search->addr, &search->tls_offset);
    return true;
}

static bool strand_has_storage(const goc_strand *strand, void *context)
{
    struct search *search = context;
    search->found = strand;
    return has_storage(search, strand->thread_pointer);
}

static bool thread_has_storage(const struct race__storage *storage, void *context)
{
    struct search *search = context;
    search->tid = storage->tid;
    return has_storage(search, storage->thread_pointer);
}

static bool is_storage(struct search *search, struct race__place *place)
{
    place->birth = 0;
    place->tid = 0;
    if (race__strand_each(strand_has_storage, search))
        place->birth = race__strand_number(search->found);
    else if (race__storage_each(thread_has_storage, search))
        place->tid = search->tid;
    else
        return false;
    place->kind = RACE_PLACE_TLS;
    place->module = search->module;
    place->offset = search->tls_offset;
    return true;
}

static bool has_stack(const goc_strand *strand, void *context)
{
    struct search *search = context;
    uintptr_t low = strand->stack_low;
    uintptr_t high = strand->stack_high;
    if (search->addr >= high || (low != 0 && search->addr < low))
        return false;
    if (low == 0 && high - search->addr >= search->distance)
        return false;
    search->found = strand;
    search->distance = high - search->addr;
    return low != 0;
}

/* FOUND itself, which may have been freed since. */
static bool find_frame(const goc_strand *strand, void *context)
{
    struct search *search = context;
    if (strand != search->found)
        return false;
    race__frame_find(strand, search->addr, &search->frame);
    return true;
}

void race__place_of(uintptr_t addr, struct race__place *place)
{
    struct search search = {.addr = addr, .distance = STACK_REACH};
    search.tls_size = race__modules_tls_size();
    place->kind = RACE_PLACE_UNKNOWN;
    bool is_block = race__block_find(addr, &place->block);
    if (is_descriptor(addr)) {
        place->kind = RACE_PLACE_DESCRIPTOR;
        place->descriptor = (addr - descriptors.first) / descriptors.word_size;
        if (!is_block)
            place->block.size = 0;
        return;
    }
    search.elsewhere = race__modules_tls_elsewhere();
    if (search.elsewhere && is_storage(&search, place)) // be it a block of malloc's
        return;
    if (is_block) {
        place->kind = RACE_PLACE_BLOCK;
        return;
    }
    place->module = race__module_of(addr, &place->offset);
    if (place->module != RACE_MODULE_NONE) {
        place->kind = RACE_PLACE_GLOBAL;
        return;
    }
    search.elsewhere = false;
    if (is_storage(&search, place))
        return;
    search.found = NULL;
    (void)race__strand_each(has_stack, &search);
    if (search.found != NULL) {
        place->kind = RACE_PLACE_STACK;
        place->birth = race__strand_number(search.found);
        (void)race__strand_each(find_frame, &search);
        place->frame = search.frame;
    }
}
