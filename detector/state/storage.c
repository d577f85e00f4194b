/* A list. */
#include "state/storage.h"

#include "base/sys.h"
#include "state/life.h"
#include "state/slab.h"
#include "state/strand.h"

static struct race__storage *list; // race__life

void race__storage_begin(void)
{
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

void race__storage_end(void)
{
    struct race__storage *storage = race__self.storage;
    if (storage == NULL)
        return;
    race__self.storage = NULL;
    race__life_lock();
    unlink_storage(storage);
    race__life_unlock();
    race__slab_free(storage, sizeof *storage);
}

void race__storage_forked(void)
{
    struct race__storage *next;
    struct race__storage *own = race__self.storage;
    for (struct race__storage *storage = list; storage != NULL; storage = next) {
        next = storage->next;
        if (storage != own)
            race__slab_free(storage, sizeof *storage);
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
