/* Order, locks: goc/race.h's words in TSan's.
 *
 * acquire and the two releases are what TSan has for atomic operations.  release_acquire
 * may not mix what it takes with what it leaves, which none of TSan's does: it leaves on
 * a second key first and takes from the old one afterwards.
 *
 * A lock is order through its key, and in addition a mutex of TSan's, for the list of
 * locks held in reports.  The order does not lean on the mutex, because strands may unlock
 * for each other, as Go's do, and TSan's mutexes belong to who locked them; such a lock is
 * no longer shown to TSan.
 */
#include "tsan/bridge.h"
#include "tsan/interface.h"
#include "tsan/keys.h"
#include "tsan/strand.h"

void race__tsan_acquire(const void *addr)
{
    const uintptr_t key = race__tsan_key_if_any(addr);
    if (key != 0 && race__tsan_strand_current() != NULL)
        __tsan_java_acquire(key);
}

void race__tsan_release(const void *addr)
{
    if (race__tsan_strand_current() != NULL)
        __tsan_java_release_store(race__tsan_key(addr));
}

void race__tsan_release_merge(const void *addr)
{
    if (race__tsan_strand_current() != NULL)
        __tsan_java_release(race__tsan_key(addr));
}

void race__tsan_release_acquire(const void *addr)
{
    if (race__tsan_strand_current() == NULL)
        return;
    uintptr_t present = 0;
    uintptr_t spare = 0;
    race__tsan_key_pair(addr, &present, &spare);
    __tsan_java_release_store(spare);
    race__tsan_keys_turn(addr);
    __tsan_java_acquire(present);
}

void race__tsan_exchange(const void *a, const void *b)
{
    race__tsan_keys_exchange(a, b);
}

static unsigned mutex_flags(bool exclusive)
{
    return exclusive ? 0 : __tsan_mutex_read_lock;
}

/* A writer sees who wrote and who read; a reader only who wrote. */
static void acquire_lock(const void *addr, bool exclusive)
{
    uintptr_t written = 0;
    uintptr_t read = 0;
    race__tsan_key_pair(addr, &written, &read);
    __tsan_java_acquire(written);
    if (exclusive)
        __tsan_java_acquire(read);
}

static void release_lock(const void *addr, bool exclusive)
{
    uintptr_t written = 0;
    uintptr_t read = 0;
    race__tsan_key_pair(addr, &written, &read);
    if (exclusive)
        __tsan_java_release_store(written);
    else
        __tsan_java_release(read);
}

/* Tells TSan's list of locks held. */
static void show_lock(const void *addr, bool exclusive, const void *pc)
{
    void *mutex = (void *)(uintptr_t)addr;
    __tsan_func_entry((void *)(uintptr_t)pc);
    __tsan_mutex_pre_lock(mutex, mutex_flags(exclusive));
    __tsan_mutex_post_lock(mutex, mutex_flags(exclusive), 0);
    __tsan_func_exit();
}

static void show_unlock(const void *addr, bool exclusive, const void *pc)
{
    void *mutex = (void *)(uintptr_t)addr;
    __tsan_func_entry((void *)(uintptr_t)pc);
    (void)__tsan_mutex_pre_unlock(mutex, mutex_flags(exclusive));
    __tsan_mutex_post_unlock(mutex, mutex_flags(exclusive));
    __tsan_func_exit();
}

void race__tsan_lock(const void *addr, bool exclusive, const char *kind, const void *pc)
{
    struct race__tsan_strand *strand = race__tsan_strand_current();
    if (strand == NULL)
        return;
    acquire_lock(addr, exclusive);
    const char *known = NULL;
    const enum race__tsan_lock_state state = race__tsan_lock_state(addr, &known);
    if (state == RACE_TSAN_LOCK_HIDDEN)
        return;
    if (state == RACE_TSAN_LOCK_UNSEEN)
        race__tsan_lock_set_state(addr, RACE_TSAN_LOCK_SHOWN, kind);
    race__tsan_held_add(
        strand, (struct race__tsan_held){
                    .addr = addr, .kind = kind, .pc = pc, .exclusive = exclusive});
    show_lock(addr, exclusive, pc);
}

void race__tsan_trylock(const void *addr, bool exclusive, const char *kind,
                        const void *pc)
{
    race__tsan_lock(addr, exclusive, kind, pc);
}

void race__tsan_unlock(const void *addr, bool exclusive, const void *pc)
{
    struct race__tsan_strand *strand = race__tsan_strand_current();
    if (strand == NULL)
        return;
    const char *kind = NULL;
    const bool own = race__tsan_held_remove(strand, addr, exclusive);
    const enum race__tsan_lock_state state = race__tsan_lock_state(addr, &kind);
    if (own && state == RACE_TSAN_LOCK_SHOWN)
        show_unlock(addr, exclusive, pc);
    else if (state == RACE_TSAN_LOCK_SHOWN)
        race__tsan_lock_set_state(addr, RACE_TSAN_LOCK_HIDDEN, kind);
    release_lock(addr, exclusive);
}
