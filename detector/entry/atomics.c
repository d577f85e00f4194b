/* C11 atomics and fences of instrumented code: performed and modelled as one.
 *
 * The lock of the location's line is held from before the machine's operation until what
 * it means is entered, so that the model follows the modification order that really was.
 * The operation's own mark stands between its reading and its writing half: what it
 * acquires is before it, and it is before whatever acquires from it.
 */
#include "state/atomics.h"

#include "entry/abi.h"
#include "entry/access.h"
#include "entry/handlers.h"
#include "record/record.h"
#include "state/phase.h"

/* One operation on its way through the detector. */
struct operation {
    goc_strand *strand;
    uintptr_t addr;
    uint32_t size;
    const void *pc;
    struct race__access access;
};

/* False where nobody watches: then the operation is only performed. */
static bool begin(struct operation *op, const void *addr, uint32_t size, const void *pc)
{
    op->strand = race__watched();
    if (op->strand == NULL || !race__enter())
        return false;
    op->addr = (uintptr_t)addr;
    op->size = size;
    op->pc = pc;
    race__access_reach(op->strand, op->addr);
    race__line_lock(op->addr);
    return true;
}

static void mark(struct operation *op, uint64_t kind)
{
    race__access_check(&op->access, op->strand, op->addr, op->size,
                       kind | RACE_TAG_ATOMIC, op->pc);
}

static void end(struct operation *op)
{
    race__line_unlock(op->addr);
    if (unlikely(op->access.conflicts.count != 0))
        race__record(&op->access);
    race__leave();
}

static void end_read(struct operation *op, int order)
{
    race__atomics_read(op->strand, op->addr, op->size, race__atomics_acquires(order));
    mark(op, 0);
    end(op);
}

static void end_load(struct operation *op, int order)
{
    if (race__phases_on() && race__atomics_acquires(order))
        race__atomics_load_phase(op->strand, op->addr);
    end_read(op, order);
}

static void end_store(struct operation *op, int order)
{
    mark(op, RACE_TAG_WRITE);
    race__atomics_store(op->strand, op->addr, op->size, race__atomics_releases(order));
    end(op);
}

static void end_modify(struct operation *op, int order)
{
    race__atomics_read(op->strand, op->addr, op->size, race__atomics_acquires(order));
    mark(op, RACE_TAG_WRITE);
    race__atomics_modify(op->strand, op->addr, op->size, race__atomics_releases(order));
    end(op);
}

#define MODIFY(bits, name)                                                               \
    race__u##bits goc_race_atomic##bits##_##name(race__u##bits *addr,                    \
                                                 race__u##bits value, int order)         \
    {                                                                                    \
        struct operation op;                                                             \
        if (!begin(&op, addr, (bits) / 8, RACE_CALLER_PC()))                             \
            return RACE_PERFORM(bits, name)(addr, value, order);                         \
        race__u##bits old = RACE_PERFORM(bits, name)(addr, value, order);                \
        end_modify(&op, order);                                                          \
        return old;                                                                      \
    }

#define FAMILY(bits)                                                                     \
    race__u##bits goc_race_atomic##bits##_load(race__u##bits *addr, int order)           \
    {                                                                                    \
        struct operation op;                                                             \
        if (!begin(&op, addr, (bits) / 8, RACE_CALLER_PC()))                             \
            return RACE_PERFORM(bits, load)(addr, order);                                \
        race__u##bits value = RACE_PERFORM(bits, load)(addr, order);                     \
        end_load(&op, order);                                                            \
        return value;                                                                    \
    }                                                                                    \
    void goc_race_atomic##bits##_store(race__u##bits *addr, race__u##bits value,         \
                                       int order)                                        \
    {                                                                                    \
        struct operation op;                                                             \
        if (!begin(&op, addr, (bits) / 8, RACE_CALLER_PC())) {                           \
            RACE_PERFORM(bits, store)(addr, value, order);                               \
            return;                                                                      \
        }                                                                                \
        RACE_PERFORM(bits, store)(addr, value, order);                                   \
        end_store(&op, order);                                                           \
    }                                                                                    \
    race__u##bits goc_race_atomic##bits##_cas(                                           \
        race__u##bits *addr, race__u##bits expected, race__u##bits desired, int success, \
        int failure)                                                                     \
    {                                                                                    \
        struct operation op;                                                             \
        if (!begin(&op, addr, (bits) / 8, RACE_CALLER_PC()))                             \
            return RACE_PERFORM(bits, cas)(addr, expected, desired, success, failure);   \
        race__u##bits old =                                                              \
            RACE_PERFORM(bits, cas)(addr, expected, desired, success, failure);          \
        if (old == expected)                                                             \
            end_modify(&op, success);                                                    \
        else                                                                             \
            end_read(&op, failure);                                                      \
        return old;                                                                      \
    }                                                                                    \
    MODIFY(bits, exchange)                                                               \
    MODIFY(bits, fetch_add)                                                              \
    MODIFY(bits, fetch_sub)                                                              \
    MODIFY(bits, fetch_and)                                                              \
    MODIFY(bits, fetch_or)                                                               \
    MODIFY(bits, fetch_xor)                                                              \
    MODIFY(bits, fetch_nand)

FAMILY(8)
FAMILY(16)
FAMILY(32)
FAMILY(64)
FAMILY(128)

void goc_race_atomic_thread_fence(uint32_t order)
{
    goc_strand *strand = race__watched();
    RACE_PERFORM_FENCE((int)order);
    if (strand == NULL || !race__enter())
        return;
    race__atomics_fence(strand, race__atomics_acquires((int)order),
                        race__atomics_releases((int)order));
    race__leave();
}

/* Orders a strand with its own signal handlers, and nobody with another strand. */
void goc_race_atomic_signal_fence(uint32_t order)
{
    race__signal_fence(order);
    compiler_barrier();
}
