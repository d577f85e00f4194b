#include "tsan/keys.h"

#include "base/assert.h"
#include "base/atomic.h"
#include "base/lock.h"
#include "state/slab.h"
#include "tsan/interface.h"

enum {
    PAGE_SHIFT = 12,
    SHARD_BITS = 6,
    SHARDS = 1 << SHARD_BITS,
    BUCKETS_MIN = 16,
    ENTRIES_MIN = 4,
    KEY_SIZE = 8,         // what TSan tells apart (kMetaShadowCell)
    KEYS_LIMIT = 1 << 28, // 2 GiB of address space; TSan's own objects end before
};

struct entry {
    uintptr_t addr;
    uintptr_t key;
    uintptr_t second;      // 0 until somebody asks for a pair
    const char *lock_kind; // NULL: no lock
    uint8_t lock_state;    // enum race__tsan_lock_state
};

/* The objects of one page, by address. */
struct page {
    uintptr_t number;
    struct page *next; // same bucket
    struct entry *entries;
    uint32_t count;
    uint32_t capacity;
};

struct shard {
    struct race__lock lock;
    struct page **buckets; // lock
    uint32_t bucket_count; // lock; a power of two, or 0
    uint32_t page_count;   // lock
};

static struct shard shards[SHARDS];
static uint64_t page_total; // atomic, relaxed: pages of all shards

/* Keys that are free, linked through their own bytes. */
static struct race__lock free_lock;
static uintptr_t *free_key;     // free_lock
static struct race__arena keys; // free_lock: init
static bool keys_ready;         // free_lock

static uintptr_t new_key(void)
{
    race__lock(&free_lock);
    if (!keys_ready) {
        race__arena_init(&keys, "synchronization objects", KEY_SIZE, KEYS_LIMIT);
        keys_ready = true;
    }
    uintptr_t *key = free_key;
    if (key != NULL) {
        free_key = (uintptr_t *)*key;
    } else {
        const uint32_t number = race__arena_append(&keys);
        if (number == 0)
            race__die("too many synchronization objects for TSan");
        key = race__arena_at(&keys, number);
    }
    race__unlock(&free_lock);
    return (uintptr_t)key;
}

static void give_back(uintptr_t key)
{
    if (key == 0)
        return;
    __tsan_java_free(key, KEY_SIZE);
    race__lock(&free_lock);
    *(uintptr_t **)key = free_key;
    free_key = (uintptr_t *)key;
    race__unlock(&free_lock);
}

/* Fibonacci hashing: the high bits pick the shard, those below the bucket. */
static uint64_t hash(uintptr_t page)
{
    return (uint64_t)page * 0x9E3779B97F4A7C15u;
}

static struct shard *shard_of(uintptr_t page)
{
    return &shards[hash(page) >> (64 - SHARD_BITS)];
}

static struct page **bucket_of(const struct shard *shard, uintptr_t page)
{
    return &shard->buckets[(hash(page) >> 20) & (shard->bucket_count - 1)];
}

static struct page *find_page(const struct shard *shard, uintptr_t number)
{
    if (shard->bucket_count == 0)
        return NULL;
    struct page *page = *bucket_of(shard, number);
    while (page != NULL && page->number != number)
        page = page->next;
    return page;
}

static void grow_shard(struct shard *shard)
{
    struct page **old = shard->buckets;
    const uint32_t old_count = shard->bucket_count;
    shard->bucket_count = old_count ? 2 * old_count : BUCKETS_MIN;
    shard->buckets =
        (struct page **)race__slab_alloc(shard->bucket_count * sizeof *shard->buckets);
    for (uint32_t i = 0; i < old_count; i++) {
        for (struct page *page = old[i], *next; page != NULL; page = next) {
            struct page **bucket = bucket_of(shard, page->number);
            next = page->next;
            page->next = *bucket;
            *bucket = page;
        }
    }
    race__slab_free((void *)old, old_count * sizeof *old);
}

static struct page *get_page(struct shard *shard, uintptr_t number)
{
    struct page *page = find_page(shard, number);
    if (page != NULL)
        return page;
    if (shard->page_count >= shard->bucket_count)
        grow_shard(shard);
    page = race__slab_alloc(sizeof *page);
    page->number = number;
    struct page **bucket = bucket_of(shard, number);
    page->next = *bucket;
    *bucket = page;
    shard->page_count++;
    fetch_add_relaxed(&page_total, 1);
    return page;
}

static void drop_page(struct shard *shard, struct page *page)
{
    struct page **link = bucket_of(shard, page->number);
    while (*link != page)
        link = &(*link)->next;
    *link = page->next;
    shard->page_count--;
    fetch_sub_relaxed(&page_total, 1);
    race__slab_free(page->entries, page->capacity * sizeof *page->entries);
    race__slab_free(page, sizeof *page);
}

/* Where ADDR is or belongs among the entries of PAGE. */
static uint32_t place_of(const struct page *page, uintptr_t addr)
{
    uint32_t low = 0;
    uint32_t high = page->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (page->entries[middle].addr < addr)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct entry *find_entry(const struct shard *shard, uintptr_t addr)
{
    const struct page *page = find_page(shard, addr >> PAGE_SHIFT);
    if (page == NULL)
        return NULL;
    const uint32_t place = place_of(page, addr);
    const bool found = place < page->count && page->entries[place].addr == addr;
    return found ? &page->entries[place] : NULL;
}

static struct entry *insert_entry(struct page *page, uint32_t place, uintptr_t addr)
{
    if (page->count == page->capacity) {
        const uint32_t capacity = page->capacity ? 2 * page->capacity : ENTRIES_MIN;
        struct entry *larger = race__slab_alloc(capacity * sizeof *larger);
        for (uint32_t i = 0; i < page->count; i++)
            larger[i] = page->entries[i];
        race__slab_free(page->entries, page->capacity * sizeof *page->entries);
        page->entries = larger;
        page->capacity = capacity;
    }
    for (uint32_t i = page->count; i > place; i--)
        page->entries[i] = page->entries[i - 1];
    page->count++;
    page->entries[place] = (struct entry){.addr = addr, .key = new_key()};
    return &page->entries[place];
}

static struct entry *get_entry(struct shard *shard, uintptr_t addr)
{
    struct page *page = get_page(shard, addr >> PAGE_SHIFT);
    const uint32_t place = place_of(page, addr);
    if (place < page->count && page->entries[place].addr == addr)
        return &page->entries[place];
    return insert_entry(page, place, addr);
}

/* The shard of ADDR, locked. */
static struct shard *enter(const void *addr)
{
    struct shard *shard = shard_of((uintptr_t)addr >> PAGE_SHIFT);
    race__lock(&shard->lock);
    return shard;
}

uintptr_t race__tsan_key(const void *addr)
{
    struct shard *shard = enter(addr);
    const uintptr_t key = get_entry(shard, (uintptr_t)addr)->key;
    race__unlock(&shard->lock);
    return key;
}

uintptr_t race__tsan_key_if_any(const void *addr)
{
    struct shard *shard = enter(addr);
    const struct entry *entry = find_entry(shard, (uintptr_t)addr);
    const uintptr_t key = entry != NULL ? entry->key : 0;
    race__unlock(&shard->lock);
    return key;
}

void race__tsan_key_pair(const void *addr, uintptr_t *present, uintptr_t *second)
{
    struct shard *shard = enter(addr);
    struct entry *entry = get_entry(shard, (uintptr_t)addr);
    if (entry->second == 0)
        entry->second = new_key();
    *present = entry->key;
    *second = entry->second;
    race__unlock(&shard->lock);
}

void race__tsan_keys_turn(const void *addr)
{
    struct shard *shard = enter(addr);
    struct entry *entry = get_entry(shard, (uintptr_t)addr);
    const uintptr_t key = entry->key;
    entry->key = entry->second;
    entry->second = key;
    race__unlock(&shard->lock);
}

void race__tsan_keys_exchange(const void *a, const void *b)
{
    const uintptr_t key_of_a = race__tsan_key(a);
    struct shard *shard = enter(b);
    struct entry *entry = get_entry(shard, (uintptr_t)b);
    const uintptr_t key_of_b = entry->key;
    entry->key = key_of_a;
    race__unlock(&shard->lock);
    shard = enter(a);
    get_entry(shard, (uintptr_t)a)->key = key_of_b;
    race__unlock(&shard->lock);
}

enum race__tsan_lock_state race__tsan_lock_state(const void *addr, const char **kind)
{
    struct shard *shard = enter(addr);
    const struct entry *entry = find_entry(shard, (uintptr_t)addr);
    enum race__tsan_lock_state state = RACE_TSAN_LOCK_UNSEEN;
    if (entry != NULL) {
        state = (enum race__tsan_lock_state)entry->lock_state;
        *kind = entry->lock_kind;
    }
    race__unlock(&shard->lock);
    return state;
}

void race__tsan_lock_set_state(const void *addr, enum race__tsan_lock_state state,
                               const char *kind)
{
    struct shard *shard = enter(addr);
    struct entry *entry = get_entry(shard, (uintptr_t)addr);
    entry->lock_state = (uint8_t)state;
    entry->lock_kind = kind;
    race__unlock(&shard->lock);
}

/* Forgets what PAGE has in [BEGIN, END). */
static void forget_in_page(struct shard *shard, struct page *page, uintptr_t begin,
                           uintptr_t end)
{
    uint32_t kept = place_of(page, begin);
    uint32_t place = kept;
    for (; place < page->count && page->entries[place].addr < end; place++) {
        give_back(page->entries[place].key);
        give_back(page->entries[place].second);
    }
    while (place < page->count)
        page->entries[kept++] = page->entries[place++];
    page->count = kept;
    if (kept == 0)
        drop_page(shard, page);
}

/* And what the pages of a bucket, from PAGE on, have there. */
static void forget_in_bucket(struct shard *shard, struct page *page, uintptr_t begin,
                             uintptr_t end)
{
    for (struct page *next; page != NULL; page = next) {
        next = page->next;
        if (page->number >= begin >> PAGE_SHIFT &&
            page->number <= (end - 1) >> PAGE_SHIFT)
            forget_in_page(shard, page, begin, end);
    }
}

/* For a range with more pages than there are objects: look at every page known. */
static void forget_by_search(uintptr_t begin, uintptr_t end)
{
    for (struct shard *shard = shards; shard < shards + SHARDS; shard++) {
        race__lock(&shard->lock);
        for (uint32_t i = 0; i < shard->bucket_count; i++)
            forget_in_bucket(shard, shard->buckets[i], begin, end);
        race__unlock(&shard->lock);
    }
}

void race__tsan_keys_forget(const void *addr, size_t size)
{
    const uintptr_t begin = (uintptr_t)addr;
    const uintptr_t end = begin + size;
    const uint64_t total = load_relaxed(&page_total);
    if (size == 0 || total == 0)
        return;
    const uintptr_t first = begin >> PAGE_SHIFT;
    const uintptr_t last = (end - 1) >> PAGE_SHIFT;
    if (last - first > total + SHARDS * (uint64_t)BUCKETS_MIN) {
        forget_by_search(begin, end);
        return;
    }
    for (uintptr_t number = first; number <= last; number++) {
        struct shard *shard = shard_of(number);
        race__lock(&shard->lock);
        struct page *page = find_page(shard, number);
        if (page != NULL)
            forget_in_page(shard, page, begin, end);
        race__unlock(&shard->lock);
    }
}
