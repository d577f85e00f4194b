/* Making, finding and freeing sync objects. */
#include "state/sync.h"

#include "state/nesting.h"
#include "state/slab.h"

struct race__sync *race__sync_find(uintptr_t addr)
{
    return race__sync_find_in(race__line_head(addr), addr);
}

struct race__sync *race__sync_get(uintptr_t addr)
{
    return race__sync_get_in(race__line_head(addr), addr);
}

struct race__sync *race__sync_new(uintptr_t addr)
{
    struct race__sync *sync = race__slab_alloc(sizeof *sync);
    race__line_add(&sync->thing, addr, RACE_THING_SYNC);
    return sync;
}

static size_t heads_bytes(uint32_t capacity)
{
    return sizeof(struct race__heads) + capacity * sizeof(struct race__head);
}

struct race__view *race__sync_head(struct race__sync *sync, uint32_t strand)
{
    struct race__heads *heads = sync->heads;
    for (uint32_t i = 0; heads != NULL && i < heads->count; i++)
        if (heads->head[i].strand == strand)
            return &heads->head[i].view;
    return NULL;
}

/* Room for one head more; false where there are as many as there may be. */
static bool grow_heads(struct race__sync *sync)
{
    struct race__heads *old = sync->heads;
    uint32_t capacity = old == NULL ? 1 : old->capacity * 4;
    if (old != NULL && old->count < old->capacity)
        return true;
    if (capacity > RACE_HEADS_MAX)
        return false;
    struct race__heads *heads = race__slab_alloc(heads_bytes(capacity));
    heads->capacity = capacity;
    for (; old != NULL && heads->count < old->count; heads->count++)
        heads->head[heads->count] = old->head[heads->count];
    if (old != NULL)
        race__slab_free(old, heads_bytes(old->capacity));
    sync->heads = heads;
    return true;
}

void race__sync_add_head(struct race__sync *sync, uint32_t strand,
                         const struct race__view *view)
{
    if (!grow_heads(sync)) {
        sync->lost = true;
        return;
    }
    sync->heads->head[sync->heads->count++] =
        (struct race__head){.strand = strand, .view = race__view_share(view)};
}

void race__sync_drop_heads(struct race__sync *sync)
{
    struct race__heads *heads = sync->heads;
    if (heads != NULL) {
        for (uint32_t i = 0; i < heads->count; i++)
            race__view_drop(&heads->head[i].view);
        heads->count = 0;
    }
    sync->lost = false;
}

void race__sync_flush(struct race__sync *sync)
{
    struct race__late *late = sync->late;
    if (late == NULL || late->count == 0)
        return;
    race__view_add_all(&sync->content, late->epoch, (uint32_t)late->count);
    late->count = 0;
}

void race__sync_settle(struct race__sync *sync)
{
    race__sync_flush(sync);
    sync->logged = false;
}

void race__sync_empty(struct race__sync *sync)
{
    sync->logged = false;
    race__slab_free(sync->late, sizeof *sync->late);
    sync->late = NULL;
    race__sync_drop_heads(sync);
    sync->fresh = race__no_epoch;
    race__view_drop(&sync->content);
    race__view_drop(&sync->shared);
    if (sync->more != NULL)
        race__view_drop(&sync->more->phase);
}

struct race__sync_more *race__sync_more(struct race__sync *sync)
{
    if (sync->more == NULL)
        sync->more = race__slab_alloc(sizeof *sync->more);
    return sync->more;
}

void race__sync_free(uint64_t *head, struct race__sync *sync)
{
    race__line_remove(head, &sync->thing);
    race__sync_empty(sync);
    if (sync->heads != NULL)
        race__slab_free(sync->heads, heads_bytes(sync->heads->capacity));
    if (sync->more != NULL) {
        race__nesting_forget(sync->more->node);
        race__slab_free(sync->more, sizeof *sync->more);
    }
    race__slab_free(sync, sizeof *sync);
}
