/* A list of threads. */
#include "state/storage.h"

#include "base/sys.h"
#include "state/life.h"
#include "state/slab.h"
#include "state/strand.h"

/* More than a thread's cache takes (state/slab.h): they come and go under their size's lock. */
static const size_t sizes[] = {
    [RACE_KEPT_LEAVES] = RACE_LEAF_HINTS * sizeof(struct race__leaf_hint),
    [RACE_KEPT_NESTINGS] = RACE_NESTING_HINTS * sizeof(struct race__nesting_hint),
};

static struct race__storage *list; // race__life

void race__storage_begin(void)
{
    if (race__self.storage != NULL)
        return;
    struct race__storage *storage = race__slab_alloc(sizeof *storage);
    storage->thread_pointer = race__thread_pointer();
    storage->tid = (uint32_t)race__gettid();
    race__life_lock();
    storage->next = list;
    if (list != NULL)
        list->previous = storage;
    list = storage;
    race__life_unlock();
    race__self.storage = storage;
}

static void unlink_storage(const struct race__storage *storage)
{
    if (storage->previous != NULL)
        storage->previous->next = storage->next;
    else
        list = storage->next;
    if (storage->next != NULL)
        storage->next->previous = storage->previous;
}

static void drop(struct race__storage *storage)
{
    for (unsigned i = 0; i < RACE_KEPT_COUNT; i++)
        race__slab_free(storage->kept[i], sizes[i]);
    race__slab_free(storage, sizeof *storage);
}

void race__storage_end(void)
{
    struct race__storage *storage = race__self.storage;
    if (storage == NULL)
        return;
    race__self.storage = NULL;
    race__self.hints = NULL;
    race__self.nestings = NULL;
    race__life_lock();
    unlink_storage(storage);
    race__life_unlock();
    drop(storage);
}

void *race__storage_keep(enum race__kept which)
{
    race__storage_begin();
    return race__self.storage->kept[which] = race__slab_alloc(sizes[which]);
}

void race__storage_forked(void)
{
    struct race__storage *next;
    struct race__storage *own = race__self.storage;
    for (struct race__storage *storage = list; storage != NULL; storage = next) {
        next = storage->next;
        if (storage != own)
            drop(storage);
    }
    list = own;
    if (own != NULL) {
        own->tid = (uint32_t)race__gettid();
        own->next = NULL;
        own->previous = NULL;
    }
}

bool race__storage_each(bool (*visit)(const struct race__storage *storage, void *context),
                        void *context)
{
    bool found = false;
    race__life_lock();
    for (const struct race__storage *storage = list; storage != NULL && !found;
         storage = storage->next)
        found = visit(storage, context);
    race__life_unlock();
    return found;
}
