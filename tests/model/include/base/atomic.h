/* The runtime's atomics over the model's memory: this file stands before runtime/base/atomic.h on
 * the include path, so the runtime's sources build unchanged.  Each operation says where it
 * stands, for the trace of a failing execution. */
#ifndef GOC_BASE_ATOMIC_H
#define GOC_BASE_ATOMIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum model_order {
    MODEL_RELAXED,
    MODEL_ACQUIRE,
    MODEL_RELEASE,
    MODEL_ACQ_REL,
    MODEL_SEQ_CST,
};

enum model_op { MODEL_EXCHANGE, MODEL_ADD, MODEL_SUB, MODEL_OR, MODEL_AND };

uint64_t goc__model_load(const volatile void *p, size_t size, enum model_order order,
                         const char *site);
void goc__model_store(volatile void *p, size_t size, uint64_t value,
                      enum model_order order, const char *site);
uint64_t goc__model_rmw(volatile void *p, size_t size, enum model_op op, uint64_t value,
                        enum model_order order, const char *site);
bool goc__model_cas(volatile void *p, size_t size, void *expected, uint64_t value,
                    enum model_order order, const char *site);
void goc__model_fence(enum model_order order, const char *site);
void goc__model_compiler_barrier(const char *site);
void goc__model_relax(void);

#define MODEL_TEXT_(line) #line
#define MODEL_TEXT(line) MODEL_TEXT_(line)
/* FILE:LINE, a tab, and what is done there to what; weaker.c looks it up by that. */
#define MODEL_SITE(operation) __FILE__ ":" MODEL_TEXT(__LINE__) "\t" operation

#define MODEL_LOAD(p, order, site)                                                       \
    ((__typeof__(*(p)))goc__model_load((const volatile void *)(p), sizeof *(p),          \
                                       MODEL_##order, MODEL_SITE(site)))
#define MODEL_STORE(p, v, order, site)                                                   \
    goc__model_store((volatile void *)(p), sizeof *(p), (uint64_t)(uintptr_t)(v),        \
                     MODEL_##order, MODEL_SITE(site))
#define MODEL_RMW(op, p, v, order, site)                                                 \
    ((__typeof__(*(p)))goc__model_rmw((volatile void *)(p), sizeof *(p), MODEL_##op,     \
                                      (uint64_t)(uintptr_t)(v), MODEL_##order,           \
                                      MODEL_SITE(site)))
#define MODEL_CAS(p, expected, v, order, site)                                           \
    goc__model_cas((volatile void *)(p), sizeof *(p), (void *)(expected),                \
                   (uint64_t)(uintptr_t)(v), MODEL_##order, MODEL_SITE(site))

#define load_relaxed(p) MODEL_LOAD(p, RELAXED, "load_relaxed(" #p)
#define load_acquire(p) MODEL_LOAD(p, ACQUIRE, "load_acquire(" #p)
#define load_seq_cst(p) MODEL_LOAD(p, SEQ_CST, "load_seq_cst(" #p)

#define store_relaxed(p, v) MODEL_STORE(p, v, RELAXED, "store_relaxed(" #p)
#define store_release(p, v) MODEL_STORE(p, v, RELEASE, "store_release(" #p)
#define store_seq_cst(p, v) MODEL_STORE(p, v, SEQ_CST, "store_seq_cst(" #p)

#define exchange_relaxed(p, v) MODEL_RMW(EXCHANGE, p, v, RELAXED, "exchange_relaxed(" #p)
#define exchange_acquire(p, v) MODEL_RMW(EXCHANGE, p, v, ACQUIRE, "exchange_acquire(" #p)
#define exchange_release(p, v) MODEL_RMW(EXCHANGE, p, v, RELEASE, "exchange_release(" #p)
#define exchange_acq_rel(p, v) MODEL_RMW(EXCHANGE, p, v, ACQ_REL, "exchange_acq_rel(" #p)
#define exchange_seq_cst(p, v) MODEL_RMW(EXCHANGE, p, v, SEQ_CST, "exchange_seq_cst(" #p)

#define fetch_add_relaxed(p, v) MODEL_RMW(ADD, p, v, RELAXED, "fetch_add_relaxed(" #p)
#define fetch_add_acquire(p, v) MODEL_RMW(ADD, p, v, ACQUIRE, "fetch_add_acquire(" #p)
#define fetch_add_release(p, v) MODEL_RMW(ADD, p, v, RELEASE, "fetch_add_release(" #p)
#define fetch_add_acq_rel(p, v) MODEL_RMW(ADD, p, v, ACQ_REL, "fetch_add_acq_rel(" #p)
#define fetch_add_seq_cst(p, v) MODEL_RMW(ADD, p, v, SEQ_CST, "fetch_add_seq_cst(" #p)

#define fetch_sub_relaxed(p, v) MODEL_RMW(SUB, p, v, RELAXED, "fetch_sub_relaxed(" #p)
#define fetch_sub_acquire(p, v) MODEL_RMW(SUB, p, v, ACQUIRE, "fetch_sub_acquire(" #p)
#define fetch_sub_release(p, v) MODEL_RMW(SUB, p, v, RELEASE, "fetch_sub_release(" #p)
#define fetch_sub_acq_rel(p, v) MODEL_RMW(SUB, p, v, ACQ_REL, "fetch_sub_acq_rel(" #p)
#define fetch_sub_seq_cst(p, v) MODEL_RMW(SUB, p, v, SEQ_CST, "fetch_sub_seq_cst(" #p)

#define fetch_or_relaxed(p, v) MODEL_RMW(OR, p, v, RELAXED, "fetch_or_relaxed(" #p)
#define fetch_or_acquire(p, v) MODEL_RMW(OR, p, v, ACQUIRE, "fetch_or_acquire(" #p)
#define fetch_or_release(p, v) MODEL_RMW(OR, p, v, RELEASE, "fetch_or_release(" #p)
#define fetch_or_acq_rel(p, v) MODEL_RMW(OR, p, v, ACQ_REL, "fetch_or_acq_rel(" #p)
#define fetch_or_seq_cst(p, v) MODEL_RMW(OR, p, v, SEQ_CST, "fetch_or_seq_cst(" #p)

#define fetch_and_relaxed(p, v) MODEL_RMW(AND, p, v, RELAXED, "fetch_and_relaxed(" #p)
#define fetch_and_acquire(p, v) MODEL_RMW(AND, p, v, ACQUIRE, "fetch_and_acquire(" #p)
#define fetch_and_release(p, v) MODEL_RMW(AND, p, v, RELEASE, "fetch_and_release(" #p)
#define fetch_and_acq_rel(p, v) MODEL_RMW(AND, p, v, ACQ_REL, "fetch_and_acq_rel(" #p)
#define fetch_and_seq_cst(p, v) MODEL_RMW(AND, p, v, SEQ_CST, "fetch_and_seq_cst(" #p)

#define cas_relaxed(p, expected, v) MODEL_CAS(p, expected, v, RELAXED, "cas_relaxed(" #p)
#define cas_acquire(p, expected, v) MODEL_CAS(p, expected, v, ACQUIRE, "cas_acquire(" #p)
#define cas_release(p, expected, v) MODEL_CAS(p, expected, v, RELEASE, "cas_release(" #p)
#define cas_acq_rel(p, expected, v) MODEL_CAS(p, expected, v, ACQ_REL, "cas_acq_rel(" #p)
#define cas_seq_cst(p, expected, v) MODEL_CAS(p, expected, v, SEQ_CST, "cas_seq_cst(" #p)

#define fence_acquire() goc__model_fence(MODEL_ACQUIRE, MODEL_SITE("fence_acquire("))
#define fence_release() goc__model_fence(MODEL_RELEASE, MODEL_SITE("fence_release("))
#define fence_seq_cst() goc__model_fence(MODEL_SEQ_CST, MODEL_SITE("fence_seq_cst("))

#define compiler_barrier() goc__model_compiler_barrier(MODEL_SITE("compiler_barrier("))

/* The model's tasks are threads: these are nothing here, as in the runtime. */
#define turn_given(g) ((void)0)
#define turn_taken(g) ((void)0)
#define scheduler_begins(g) ((void)0)
#define scheduler_ends() ((void)0)

static inline void cpu_relax(void)
{
    goc__model_relax();
}

#endif
