/* Blocks of moments, their lists, and their ends. */
#include "state/moment.h"

#include "base/lock.h"
#include "base/pages.h"

/* All ones are nobody's. */
#define BLOCK_MAX ((1u << (RACE_MOMENT_BITS - RACE_MOMENT_SHIFT)) - 1)
#define CACHE_MAX 64u   // free blocks a thread keeps …
#define CACHE_MOVED 32u // … and so many come or go at once

struct race__moments *race__moment_blocks;
RACE_THREAD_LOCAL struct race__moment_cache race__moment_cache;

static struct race__lock lock;
static uint32_t first_free;     // lock: a list, 0 where none is
static uint32_t never_used = 1; // lock: from here on

void race__moment_init(void)
{
    race__moment_blocks = race__pages_reserve(
        ((size_t)BLOCK_MAX + 1) * sizeof(struct race__moments), "moments");
}

uint32_t race__moment_block_count(void)
{
    race__lock(&lock);
    uint32_t count = never_used - 1;
    race__unlock(&lock);
    return count;
}

void race__moment_hold(bool hold)
{
    race__lock_hold(&lock, hold);
}

static void push(uint32_t *list, uint32_t block)
{
    race__moment_blocks[block].epoch = *list;
    *list = block;
}

static uint32_t pop(uint32_t *list)
{
    uint32_t block = *list;
    *list = (uint32_t)race__moment_blocks[block].epoch;
    return block;
}

static void fill_cache(struct race__moment_cache *cache)
{
    race__lock(&lock);
    while (cache->count < CACHE_MOVED) {
        uint32_t block;
        if (first_free != 0)
            block = pop(&first_free);
        else if (never_used < BLOCK_MAX)
            block = never_used++;
        else
            break;
        push(&cache->free, block);
        cache->count++;
    }
    race__unlock(&lock);
}

static void empty_cache(struct race__moment_cache *cache, uint32_t down_to)
{
    race__lock(&lock);
    while (cache->count > down_to) {
        push(&first_free, pop(&cache->free));
        cache->count--;
    }
    race__unlock(&lock);
}

static void give(uint32_t block)
{
    struct race__moment_cache *cache = &race__moment_cache;
    store_relaxed(&race__moment_blocks[block].balance, 0);
    push(&cache->free, block);
    if (++cache->count > CACHE_MAX)
        empty_cache(cache, CACHE_MAX - CACHE_MOVED);
}

/* COUNT is added to the balance; at zero nobody names the block.  The order pairs with
 * that of the other threads that add to the same balance: what they read of the block is
 * before it is used again. */
static void settle(uint32_t block, int64_t count)
{
    int64_t *balance = &race__moment_blocks[block].balance;
    if (fetch_add_acq_rel(balance, count) + count == 0)
        give(block);
}

void race__moment_leave(struct race__moment_owner *owner)
{
    uint32_t block = owner->last >> RACE_MOMENT_SHIFT;
    if (block == 0)
        return; // and then there is no present moment either
    settle(block, owner->puts);
    *owner = (struct race__moment_owner){.now = 0};
}

void race__moment_renew(const struct race__moment_owner *owner, race__epoch epoch)
{
    store_relaxed(&race__moment_blocks[owner->last >> RACE_MOMENT_SHIFT].epoch,
                  epoch.raw);
}

static void flush(struct race__moment_cache *cache)
{
    uint32_t block = cache->block;
    int64_t drops = cache->drops;
    cache->block = 0;
    cache->drops = 0;
    if (block != 0 && drops != 0)
        settle(block, -drops);
}

RACE_PRESERVE void race__moment_drop_slow(uint32_t block)
{
    struct race__moment_cache *cache = &race__moment_cache;
    flush(cache);
    cache->block = block;
    cache->drops = 1;
}

void race__moment_cache_end(void)
{
    flush(&race__moment_cache);
    empty_cache(&race__moment_cache, 0);
}

/* The moment of LOCKSET among those of OWNER's block, or 0. */
static uint32_t find(const struct race__moment_owner *owner, uint32_t lockset)
{
    const struct race__moments *block = race__moments_of(owner->last);
    for (uint32_t i = 0; i <= (owner->last & (RACE_MOMENTS_A_BLOCK - 1)); i++)
        if (block->lockset[i] == lockset)
            return (owner->last & ~(RACE_MOMENTS_A_BLOCK - 1)) + i;
    return 0;
}

/* The first moment of a block that was free, or 0. */
static uint32_t take_free(uint64_t epoch)
{
    struct race__moment_cache *cache = &race__moment_cache;
    if (cache->count == 0)
        fill_cache(cache);
    if (cache->count == 0)
        return 0;
    cache->count--;
    uint32_t block = pop(&cache->free);
    store_relaxed(&race__moment_blocks[block].epoch, epoch);
    return block << RACE_MOMENT_SHIFT;
}

/* The first moment of a block with nothing in it, or 0. */
static uint32_t begin(struct race__moment_owner *owner, race__epoch epoch)
{
    if (owner->last != 0 && owner->puts == 0) {
        uint32_t block = owner->last >> RACE_MOMENT_SHIFT; // nothing names it
        store_relaxed(&race__moment_blocks[block].epoch, epoch.raw);
        return block << RACE_MOMENT_SHIFT;
    }
    race__moment_leave(owner);
    return take_free(epoch.raw);
}

uint32_t race__moment_take(struct race__moment_owner *owner, race__epoch epoch,
                           uint32_t lockset, uint32_t fallback)
{
    uint32_t moment = 0;
    if (owner->last != 0 && race__moment_epoch(owner->last) == epoch.raw) {
        owner->now = find(owner, lockset);
        if (owner->now != 0)
            return owner->now;
        moment = owner->last + 1;
        if (fallback != 0 && (moment & (RACE_MOMENTS_A_BLOCK - 1)) == 0)
            return owner->now = owner->last;
        if (fallback != 0 &&
            (moment & (RACE_MOMENTS_A_BLOCK - 1)) == RACE_MOMENTS_A_BLOCK - 1)
            lockset = fallback;
    }
    if ((moment & (RACE_MOMENTS_A_BLOCK - 1)) == 0) {
        moment = begin(owner, epoch);
        if (moment == 0)
            return 0;
    }
    race__moment_blocks[moment >> RACE_MOMENT_SHIFT]
        .lockset[moment & (RACE_MOMENTS_A_BLOCK - 1)] = lockset;
    owner->now = moment;
    owner->last = moment;
    return moment;
}

/* OWNER's block becomes the first of PAST.  The one that leaves PAST is OWNER's, which has nothing
 * in it, or is left. */
static void pass(struct race__moment_owner *owner,
                 struct race__moment_owner past[RACE_MOMENTS_PAST])
{
    bool first_goes = past[1].puts != 0 && past[0].puts == 0;
    struct race__moment_owner gone = past[first_goes ? 0 : 1];
    if (!first_goes)
        past[1] = past[0];
    past[0] = *owner;
    if (unlikely(gone.puts != 0))
        race__moment_leave(&gone);
    *owner = (struct race__moment_owner){.last = gone.last};
}

uint32_t race__moment_next(struct race__moment_owner *owner,
                           struct race__moment_owner past[RACE_MOMENTS_PAST],
                           race__epoch epoch, uint32_t lockset)
{
    if (owner->puts != 0)
        pass(owner, past);
    uint32_t moment = begin(owner, epoch);
    if (moment != 0)
        race__moment_blocks[moment >> RACE_MOMENT_SHIFT].lockset[0] = lockset;
    owner->now = moment;
    owner->last = moment;
    return moment;
}

uint32_t race__moment_split(struct race__moment_owner *owner)
{
    uint32_t moment = owner->now;
    if (owner->puts == 1) {
        *owner = (struct race__moment_owner){.now = 0};
        return moment;
    }
    uint32_t other = take_free(race__moment_epoch(moment));
    if (other == 0)
        return 0;
    race__moment_blocks[other >> RACE_MOMENT_SHIFT].lockset[0] =
        race__moment_lockset(moment);
    owner->puts--;
    return other;
}

uint32_t race__moment_apart(struct race__moment_owner *owner)
{
    uint32_t other = take_free(race__moment_epoch(owner->now));
    if (other == 0)
        return 0;
    other += RACE_MOMENT_APART;
    race__moment_hold_locks(other, race__moment_lockset(owner->now));
    owner->puts--;
    return other;
}

void race__moment_let_go(uint32_t moment)
{
    settle(moment >> RACE_MOMENT_SHIFT, 1);
}
