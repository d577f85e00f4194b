/* Plain memory: every access that clang's instrumentation for the kernel's address
 * sanitizer tells of: of clang's, the one that leaves out no access to memory others can see, and
 * that calls functions for all it does.
 *
 * Each eight bytes that were touched keep who touched which of them, how, and when.  Two
 * accesses to one byte, one of them a write, not both atomic, must be ordered. */
#include "inside.h"

#include <string.h>

enum { GRANULES = 1 << 15, ACCESSES = 10, PROBES_MAX = 256 };

struct access {
    uint32_t time;
    uint8_t task;
    uint8_t mask;
    uint8_t kind; /* enum model_access bits */
    const void *pc;
};

struct granule {
    uintptr_t key; /* address / 8 */
    uint32_t execution;
    uint8_t count;
    uint8_t freed; /* bytes */
    struct access accesses[ACCESSES];
};

static struct granule *granules MODEL_KEPT;
static uint32_t execution MODEL_KEPT;

void model_shadow_reset(void)
{
    if (granules == NULL)
        granules = model_map(GRANULES * sizeof *granules);
    execution++;
}

static struct granule *granule_at(uintptr_t key)
{
    uintptr_t start = (key * UINT64_C(0x9E3779B97F4A7C15)) >> 40;
    for (uintptr_t i = 0; i < PROBES_MAX; i++) {
        struct granule *g = &granules[(start + i) % GRANULES];
        if (g->execution != execution) {
            g->key = key;
            g->execution = execution;
            g->count = 0;
            g->freed = 0;
            return g;
        }
        if (g->key == key)
            return g;
    }
    model_fail("too much memory was touched");
}

static const char *words(unsigned kind)
{
    static const char *const table[] = {"plain read", "plain write", "atomic read",
                                        "atomic write"};
    return table[kind & 3];
}

static void check(const struct granule *g, const struct access *a, const volatile void *p)
{
    if (g->freed & a->mask)
        model_fail("%s of freed memory at %p (pc or site %p %s)", words(a->kind),
                   (const void *)(uintptr_t)p, a->pc,
                   a->kind & MODEL_ATOMIC ? (const char *)a->pc : "");
    for (unsigned i = 0; i < g->count; i++) {
        const struct access *b = &g->accesses[i];
        if (b->task == a->task || !(b->mask & a->mask) ||
            !((b->kind | a->kind) & MODEL_WRITE) || (b->kind & a->kind & MODEL_ATOMIC) ||
            model_ordered_before(b->task, b->time))
            continue;
        model_fail("race at %p: %s by task %u at %p %s, earlier %s by task %u at %p %s",
                   (const void *)(uintptr_t)p, words(a->kind), a->task, a->pc,
                   a->kind & MODEL_ATOMIC ? (const char *)a->pc : "", words(b->kind),
                   b->task, b->pc, b->kind & MODEL_ATOMIC ? (const char *)b->pc : "");
    }
}

/* What the new access makes superfluous: an older one of the same task to the same bytes that
 * conflicts with nothing more; after a plain write everything before it, which it follows. */
static bool covers(const struct access *a, const struct access *old)
{
    if (old->mask & ~a->mask)
        return false;
    if (a->kind == MODEL_WRITE)
        return true;
    return old->task == a->task && old->kind == a->kind;
}

static void record(struct granule *g, const struct access *a)
{
    unsigned kept = 0;
    for (unsigned i = 0; i < g->count; i++)
        if (!covers(a, &g->accesses[i]))
            g->accesses[kept++] = g->accesses[i];
    if (kept == ACCESSES) {
        memmove(&g->accesses[0], &g->accesses[1], sizeof g->accesses - sizeof *a);
        kept--;
    }
    g->accesses[kept++] = *a;
    g->count = (uint8_t)kept;
}

static uint8_t mask_of(uintptr_t key, uintptr_t from, uintptr_t end)
{
    uintptr_t low = key * 8 < from ? from - key * 8 : 0;
    uintptr_t high = key * 8 + 8 > end ? end - key * 8 : 8;
    return (uint8_t)(((1u << high) - 1) & ~((1u << low) - 1));
}

void model_shadow_access(const volatile void *p, size_t size, unsigned kind,
                         const void *pc)
{
    uintptr_t from = (uintptr_t)p;
    for (uintptr_t key = from / 8; key * 8 < from + size; key++) {
        struct granule *g = granule_at(key);
        struct access a = {.time = model_clock(),
                           .task = (uint8_t)model_current,
                           .mask = mask_of(key, from, from + size),
                           .kind = (uint8_t)kind,
                           .pc = pc};
        check(g, &a, p);
        record(g, &a);
    }
}

void model_shadow_free(const void *p, size_t size)
{
    model_shadow_access(p, size, MODEL_WRITE, __builtin_return_address(0));
    uintptr_t from = (uintptr_t)p;
    for (uintptr_t key = from / 8; key * 8 < from + size; key++)
        granule_at(key)->freed |= mask_of(key, from, from + size);
}

/* ---- what instrumented code calls ------------------------------------------------------ */

extern _Thread_local struct m *goc__m_local
    __attribute__((__tls_model__("initial-exec")));

static void touched(const volatile void *p, size_t size, unsigned kind, const void *pc)
{
    /* The thread-local is each task's own; tasks.c exchanges it. */
    if (!model_runs() || p == (const volatile void *)&goc__m_local)
        return;
    model_shadow_access(p, size, kind, pc);
    if (kind & MODEL_WRITE)
        model_memory_dirty(p, size);
}

#define PC __builtin_return_address(0)
#define ACCESS(size)                                                                     \
    void __asan_load##size##_noabort(void *p);                                           \
    void __asan_load##size##_noabort(void *p)                                            \
    {                                                                                    \
        touched(p, size, MODEL_READ, PC);                                                \
    }                                                                                    \
    void __asan_store##size##_noabort(void *p);                                          \
    void __asan_store##size##_noabort(void *p)                                           \
    {                                                                                    \
        touched(p, size, MODEL_WRITE, PC);                                               \
    }

ACCESS(1)
ACCESS(2)
ACCESS(4)
ACCESS(8)
ACCESS(16)

void __asan_loadN_noabort(void *p, size_t size);
void __asan_loadN_noabort(void *p, size_t size)
{
    touched(p, size, MODEL_READ, PC);
}

void __asan_storeN_noabort(void *p, size_t size);
void __asan_storeN_noabort(void *p, size_t size)
{
    touched(p, size, MODEL_WRITE, PC);
}

void __asan_handle_no_return(void);
void __asan_handle_no_return(void) {}

void *__asan_memcpy(void *to, const void *from, size_t size);
void *__asan_memcpy(void *to, const void *from, size_t size)
{
    touched(from, size, MODEL_READ, PC);
    touched(to, size, MODEL_WRITE, PC);
    return memcpy(to, from, size);
}

void *__asan_memmove(void *to, const void *from, size_t size);
void *__asan_memmove(void *to, const void *from, size_t size)
{
    touched(from, size, MODEL_READ, PC);
    touched(to, size, MODEL_WRITE, PC);
    return memmove(to, from, size);
}

void *__asan_memset(void *to, int byte, size_t size);
void *__asan_memset(void *to, int byte, size_t size)
{
    touched(to, size, MODEL_WRITE, PC);
    return memset(to, byte, size);
}
