/* libatomic's doors: clang calls them for atomics that are no instruction, of 16 bytes
 * without -mcx16 and of sizes such as a struct's.
 *
 * Of a machine's width and aligned to it, an object must agree with the instructions that
 * other code uses on it: the call becomes the operation of that width (libatomic does the
 * same).  Other objects are under a lock: libatomic's own where the program has it, for
 * code that is not instrumented uses that; else the one here.  Ours is held around both
 * the operation and its model, which so follows the real order.
 *
 * The first byte stands for such an object in the model of order (state/atomics.h).  What libatomic
 * does behind the call, its mutexes too, is its own and orders nobody.
 */
#include "base/bytes.h"
#include "base/lock.h"
#include "entry/events.h"
#include "intercept/libc.h"
#include "state/atomics.h"
#include "state/phase.h"
#include "state/shadow.h"

#define REAL(name)                                                                       \
    extern race__atomic_##name libatomic_##name __asm__("__atomic_" #name)               \
        __attribute__((__weak__));
REAL(load)
REAL(store)
REAL(exchange)
typedef race__atomic_cas race__atomic_compare_exchange;
REAL(compare_exchange)

#define LOCKS 64
static struct race__lock locks[LOCKS];

/* One operation on an object that is under a lock. */
struct operation {
    struct race__lock *lock;
    const void *object;
    size_t size;
    int order;
    const void *pc;
};

static struct operation begin(const void *object, size_t size, int order, const void *pc)
{
    struct race__lock *lock = &locks[(uintptr_t)object / 64 % LOCKS];
    race__lock(lock);
    return (struct operation){lock, object, size, order, pc};
}

static void mark(const struct operation *op, uint64_t kind)
{
    goc_strand *strand = race__watched();
    if (strand != NULL && op->size != 0)
        race__access(strand, (uintptr_t)op->object, op->size, kind | RACE_TAG_ATOMIC,
                     op->pc);
}

/* The strand whose operation it is, inside the detector and with the object's line locked; NULL:
 * nobody's.  leave_model() follows unless NULL. */
static goc_strand *enter_model(const struct operation *op)
{
    goc_strand *strand = race__watched();
    if (strand == NULL || !race__enter())
        return NULL;
    race__line_lock((uintptr_t)op->object);
    return strand;
}

static void leave_model(const struct operation *op)
{
    race__line_unlock((uintptr_t)op->object);
    race__leave();
}

static void model_reading(const struct operation *op, bool loads)
{
    goc_strand *strand = enter_model(op);
    if (strand == NULL)
        return;
    if (loads && race__atomics_acquires(op->order) && race__phases_on())
        race__atomics_load_phase(strand, (uintptr_t)op->object);
    race__atomics_read(strand, (uintptr_t)op->object, 1,
                       race__atomics_acquires(op->order));
    leave_model(op);
}

static void model_writing(const struct operation *op, bool stores)
{
    goc_strand *strand = enter_model(op);
    if (strand == NULL)
        return;
    if (stores)
        race__atomics_store(strand, (uintptr_t)op->object, 1,
                            race__atomics_releases(op->order));
    else
        race__atomics_modify(strand, (uintptr_t)op->object, 1,
                             race__atomics_releases(op->order));
    leave_model(op);
}

static void end(const struct operation *op, bool reads, bool writes)
{
    if (reads)
        model_reading(op, !writes);
    mark(op, writes ? RACE_TAG_WRITE : 0);
    if (writes)
        model_writing(op, !reads);
    race__unlock(op->lock);
}

/* CALL, of libatomic's. */
#define UNSEEN(call)                                                                     \
    do {                                                                                 \
        race__on_internal_begin();                                                       \
        call;                                                                            \
        race__on_internal_end();                                                         \
    } while (0)

static bool is_equal(const void *a, const void *b, size_t size)
{
    const unsigned char *x = a;
    const unsigned char *y = b;
    for (size_t i = 0; i < size; i++)
        if (x[i] != y[i])
            return false;
    return true;
}

static void locked_load(size_t size, const void *object, void *value, int order,
                        const void *pc)
{
    struct operation op = begin(object, size, order, pc);
    if (libatomic_load != NULL)
        UNSEEN(libatomic_load(size, object, value, order));
    else
        race__copy(value, object, size);
    end(&op, true, false);
}

static void locked_store(size_t size, void *object, void *value, int order,
                         const void *pc)
{
    struct operation op = begin(object, size, order, pc);
    if (libatomic_store != NULL)
        UNSEEN(libatomic_store(size, object, value, order));
    else
        race__copy(object, value, size);
    end(&op, false, true);
}

static void locked_exchange(size_t size, void *object, void *value, void *old, int order,
                            const void *pc)
{
    struct operation op = begin(object, size, order, pc);
    if (libatomic_exchange != NULL) {
        UNSEEN(libatomic_exchange(size, object, value, old, order));
    } else {
        race__copy(old, object, size);
        race__copy(object, value, size);
    }
    end(&op, true, true);
}

static bool locked_cas(size_t size, void *object, void *expected, void *desired,
                       int success, int failure, const void *pc)
{
    struct operation op = begin(object, size, success, pc);
    bool done;
    if (libatomic_compare_exchange != NULL) {
        UNSEEN(done = libatomic_compare_exchange(size, object, expected, desired, success,
                                                 failure));
    } else {
        done = is_equal(object, expected, size);
        race__copy(done ? object : expected, done ? desired : object, size);
    }
    op.order = done ? success : failure;
    end(&op, true, done);
    if (!done)
        race__write(expected, size, pc);
    return done;
}

/* Run CALL with BITS standing for the width of an aligned word of SIZE bytes at OBJECT,
 * shown below the program's own call, and return from the function. */
#define IF_WORD(bits, call)                                                              \
    if (size == (bits) / 8 && (uintptr_t)object % ((bits) / 8) == 0) {                   \
        WITHIN(RACE_CALLER_PC(), call(bits));                                            \
        return;                                                                          \
    }
#define IF_ANY_WORD(call)                                                                \
    IF_WORD(8, call)                                                                     \
    IF_WORD(16, call)                                                                    \
    IF_WORD(32, call)                                                                    \
    IF_WORD(64, call)                                                                    \
    IF_WORD(128, call)

#define LOAD(bits)                                                                       \
    *(race__u##bits *)value =                                                            \
        goc_race_atomic##bits##_load((race__u##bits *)(uintptr_t)object, order)
#define STORE(bits)                                                                      \
    goc_race_atomic##bits##_store((race__u##bits *)object, *(race__u##bits *)value, order)
#define EXCHANGE(bits)                                                                   \
    *(race__u##bits *)old = goc_race_atomic##bits##_exchange(                            \
        (race__u##bits *)object, *(race__u##bits *)value, order)

RACE_EXPORT void goc_race_libc___atomic_load(size_t size, const void *object, void *value,
                                             int order)
{
    race__write(value, size, RACE_CALLER_PC());
    IF_ANY_WORD(LOAD)
    locked_load(size, object, value, order, RACE_CALLER_PC());
}

RACE_EXPORT void goc_race_libc___atomic_store(size_t size, void *object, void *value,
                                              int order)
{
    race__read(value, size, RACE_CALLER_PC());
    IF_ANY_WORD(STORE)
    locked_store(size, object, value, order, RACE_CALLER_PC());
}

RACE_EXPORT void goc_race_libc___atomic_exchange(size_t size, void *object, void *value,
                                                 void *old, int order)
{
    race__read(value, size, RACE_CALLER_PC());
    race__write(old, size, RACE_CALLER_PC());
    IF_ANY_WORD(EXCHANGE)
    locked_exchange(size, object, value, old, order, RACE_CALLER_PC());
}

#define CAS(bits)                                                                        \
    if (size == (bits) / 8 && (uintptr_t)object % ((bits) / 8) == 0) {                   \
        race__u##bits wanted = *(race__u##bits *)expected;                               \
        WITHIN(RACE_CALLER_PC(), race__u##bits old = goc_race_atomic##bits##_cas(        \
                                     (race__u##bits *)object, wanted,                    \
                                     *(race__u##bits *)desired, success, failure));      \
        if (old == wanted)                                                               \
            return true;                                                                 \
        race__write(expected, size, RACE_CALLER_PC());                                   \
        *(race__u##bits *)expected = old;                                                \
        return false;                                                                    \
    }

/* What is expected is written only where it is not there (C17 7.17.7.4). */
RACE_EXPORT bool goc_race_libc___atomic_compare_exchange(size_t size, void *object,
                                                         void *expected, void *desired,
                                                         int success, int failure)
{
    race__read(desired, size, RACE_CALLER_PC());
    race__read(expected, size, RACE_CALLER_PC());
    CAS(8)
    CAS(16)
    CAS(32)
    CAS(64)
    CAS(128)
    return locked_cas(size, object, expected, desired, success, failure,
                      RACE_CALLER_PC());
}

RACE_EXPORT race__u128 goc_race_libc___atomic_load_16(const race__u128 *object, int order)
{
    WITHIN(RACE_CALLER_PC(), race__u128 value = goc_race_atomic128_load(
                                 (race__u128 *)(uintptr_t)object, order));
    return value;
}

RACE_EXPORT void goc_race_libc___atomic_store_16(race__u128 *object, race__u128 value,
                                                 int order)
{
    WITHIN(RACE_CALLER_PC(), goc_race_atomic128_store(object, value, order));
}

RACE_EXPORT bool goc_race_libc___atomic_compare_exchange_16(race__u128 *object,
                                                            race__u128 *expected,
                                                            race__u128 desired,
                                                            int success, int failure)
{
    race__u128 wanted = *expected;
    race__read(expected, sizeof *expected, RACE_CALLER_PC());
    WITHIN(RACE_CALLER_PC(), race__u128 old = goc_race_atomic128_cas(
                                 object, wanted, desired, success, failure));
    if (old == wanted)
        return true;
    race__write(expected, sizeof *expected, RACE_CALLER_PC());
    *expected = old;
    return false;
}

#define UPDATE_16(operation)                                                             \
    RACE_EXPORT race__u128 goc_race_libc___atomic_##operation##_16(                      \
        race__u128 *object, race__u128 value, int order)                                 \
    {                                                                                    \
        WITHIN(RACE_CALLER_PC(),                                                         \
               race__u128 old = goc_race_atomic128_##operation(object, value, order));   \
        return old;                                                                      \
    }
UPDATE_16(exchange)
UPDATE_16(fetch_add)
UPDATE_16(fetch_sub)
UPDATE_16(fetch_and)
UPDATE_16(fetch_or)
UPDATE_16(fetch_xor)
UPDATE_16(fetch_nand)
