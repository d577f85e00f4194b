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
void goc__model_compiler_barrier(void);
void goc__model_relax(void);

#define MODEL_TEXT_(line) #line
#define MODEL_TEXT(line) MODEL_TEXT_(line)
#define MODEL_SITE __FILE__ ":" MODEL_TEXT(__LINE__)

#define MODEL_LOAD(p, order)                                                             \
    ((__typeof__(*(p)))goc__model_load((const volatile void *)(p), sizeof *(p),          \
                                       MODEL_##order, MODEL_SITE))
#define MODEL_STORE(p, v, order)                                                         \
    goc__model_store((volatile void *)(p), sizeof *(p), (uint64_t)(uintptr_t)(v),        \
                     MODEL_##order, MODEL_SITE)
#define MODEL_RMW(op, p, v, order)                                                       \
    ((__typeof__(*(p)))goc__model_rmw((volatile void *)(p), sizeof *(p), MODEL_##op,     \
                                      (uint64_t)(uintptr_t)(v), MODEL_##order,           \
                                      MODEL_SITE))
#define MODEL_CAS(p, expected, v, order)                                                 \
    goc__model_cas((volatile void *)(p), sizeof *(p), (void *)(expected),                \
                   (uint64_t)(uintptr_t)(v), MODEL_##order, MODEL_SITE)

#define load_relaxed(p) MODEL_LOAD(p, RELAXED)
#define load_acquire(p) MODEL_LOAD(p, ACQUIRE)
#define load_seq_cst(p) MODEL_LOAD(p, SEQ_CST)

#define store_relaxed(p, v) MODEL_STORE(p, v, RELAXED)
#define store_release(p, v) MODEL_STORE(p, v, RELEASE)
#define store_seq_cst(p, v) MODEL_STORE(p, v, SEQ_CST)

#define exchange_relaxed(p, v) MODEL_RMW(EXCHANGE, p, v, RELAXED)
#define exchange_acquire(p, v) MODEL_RMW(EXCHANGE, p, v, ACQUIRE)
#define exchange_release(p, v) MODEL_RMW(EXCHANGE, p, v, RELEASE)
#define exchange_acq_rel(p, v) MODEL_RMW(EXCHANGE, p, v, ACQ_REL)
#define exchange_seq_cst(p, v) MODEL_RMW(EXCHANGE, p, v, SEQ_CST)

#define fetch_add_relaxed(p, v) MODEL_RMW(ADD, p, v, RELAXED)
#define fetch_add_acquire(p, v) MODEL_RMW(ADD, p, v, ACQUIRE)
#define fetch_add_release(p, v) MODEL_RMW(ADD, p, v, RELEASE)
#define fetch_add_acq_rel(p, v) MODEL_RMW(ADD, p, v, ACQ_REL)
#define fetch_add_seq_cst(p, v) MODEL_RMW(ADD, p, v, SEQ_CST)

#define fetch_sub_relaxed(p, v) MODEL_RMW(SUB, p, v, RELAXED)
#define fetch_sub_acquire(p, v) MODEL_RMW(SUB, p, v, ACQUIRE)
#define fetch_sub_release(p, v) MODEL_RMW(SUB, p, v, RELEASE)
#define fetch_sub_acq_rel(p, v) MODEL_RMW(SUB, p, v, ACQ_REL)
#define fetch_sub_seq_cst(p, v) MODEL_RMW(SUB, p, v, SEQ_CST)

#define fetch_or_relaxed(p, v) MODEL_RMW(OR, p, v, RELAXED)
#define fetch_or_acquire(p, v) MODEL_RMW(OR, p, v, ACQUIRE)
#define fetch_or_release(p, v) MODEL_RMW(OR, p, v, RELEASE)
#define fetch_or_acq_rel(p, v) MODEL_RMW(OR, p, v, ACQ_REL)
#define fetch_or_seq_cst(p, v) MODEL_RMW(OR, p, v, SEQ_CST)

#define fetch_and_relaxed(p, v) MODEL_RMW(AND, p, v, RELAXED)
#define fetch_and_acquire(p, v) MODEL_RMW(AND, p, v, ACQUIRE)
#define fetch_and_release(p, v) MODEL_RMW(AND, p, v, RELEASE)
#define fetch_and_acq_rel(p, v) MODEL_RMW(AND, p, v, ACQ_REL)
#define fetch_and_seq_cst(p, v) MODEL_RMW(AND, p, v, SEQ_CST)

#define cas_relaxed(p, expected, v) MODEL_CAS(p, expected, v, RELAXED)
#define cas_acquire(p, expected, v) MODEL_CAS(p, expected, v, ACQUIRE)
#define cas_release(p, expected, v) MODEL_CAS(p, expected, v, RELEASE)
#define cas_acq_rel(p, expected, v) MODEL_CAS(p, expected, v, ACQ_REL)
#define cas_seq_cst(p, expected, v) MODEL_CAS(p, expected, v, SEQ_CST)

#define fence_acquire() goc__model_fence(MODEL_ACQUIRE, MODEL_SITE)
#define fence_release() goc__model_fence(MODEL_RELEASE, MODEL_SITE)
#define fence_seq_cst() goc__model_fence(MODEL_SEQ_CST, MODEL_SITE)

#define compiler_barrier() goc__model_compiler_barrier()

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
