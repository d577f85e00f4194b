/* How the operations that the detector models are performed.
 *
 * Alone, by the machine.  Beside ThreadSanitizer (GOC_RACE_BOTH) through its interface, so
 * that it models them too: our pass has turned the program's atomics and calls of libc
 * into calls of ours before TSan's pass saw them.
 *
 *   RACE_PERFORM(BITS, OPERATION)   a function of that width, with the parameters of
 *                                   goc_race_atomicBITS_OPERATION in goc/race_abi.def
 *   RACE_PERFORM_FENCE(order)
 *   RACE_PERFORM_LIBC(NAME)         libc's function, or TSan's interceptor of it, which
 *                                   carries the same name
 */
#ifndef GOC_DETECTOR_ENTRY_PERFORM_H
#define GOC_DETECTOR_ENTRY_PERFORM_H

#include "base/atomic.h"
#include "base/compiler.h"

#include <stdint.h>
#include <string.h>

typedef uint8_t race__u8;
typedef uint16_t race__u16;
typedef uint32_t race__u32;
typedef uint64_t race__u64;
typedef unsigned __int128 race__u128;

#ifdef GOC_RACE_BOTH

/* TSan shows who called its interceptor, which would be us: our own caller goes onto its
 * stack. */
void __tsan_func_entry(void *pc);
void __tsan_func_exit(void);
#define RACE_PERFORM_LIBC(name) race__perform_##name
#define RACE_PERFORM_BESIDE_TSAN(name, argument)                                         \
    static RACE_INLINE void *race__perform_##name(void *to, argument, size_t size)       \
    {                                                                                    \
        __tsan_func_entry(__builtin_return_address(0));                                  \
        void *result = name(to, from, size);                                             \
        __tsan_func_exit();                                                              \
        return result;                                                                   \
    }
RACE_PERFORM_BESIDE_TSAN(memcpy, const void *from)
RACE_PERFORM_BESIDE_TSAN(memmove, const void *from)
RACE_PERFORM_BESIDE_TSAN(memset, int from)
#undef RACE_PERFORM_BESIDE_TSAN

#define RACE_PERFORM(bits, operation) RACE_TSAN_##operation(bits)
#define RACE_TSAN_load(bits) __tsan_atomic##bits##_load
#define RACE_TSAN_store(bits) __tsan_atomic##bits##_store
#define RACE_TSAN_exchange(bits) __tsan_atomic##bits##_exchange
#define RACE_TSAN_fetch_add(bits) __tsan_atomic##bits##_fetch_add
#define RACE_TSAN_fetch_sub(bits) __tsan_atomic##bits##_fetch_sub
#define RACE_TSAN_fetch_and(bits) __tsan_atomic##bits##_fetch_and
#define RACE_TSAN_fetch_or(bits) __tsan_atomic##bits##_fetch_or
#define RACE_TSAN_fetch_xor(bits) __tsan_atomic##bits##_fetch_xor
#define RACE_TSAN_fetch_nand(bits) __tsan_atomic##bits##_fetch_nand
#define RACE_TSAN_cas(bits) __tsan_atomic##bits##_compare_exchange_val
#define RACE_PERFORM_FENCE(order) __tsan_atomic_thread_fence(order)

/* TSan's public interface (sanitizer/tsan_interface_atomic.h), whose memory orders are
 * C's numbers. */
#define RACE_TSAN_FAMILY(bits)                                                           \
    race__u##bits __tsan_atomic##bits##_load(const race__u##bits *, int);                \
    void __tsan_atomic##bits##_store(race__u##bits *, race__u##bits, int);               \
    RACE_TSAN_RMW(bits, exchange)                                                        \
    RACE_TSAN_RMW(bits, fetch_add)                                                       \
    RACE_TSAN_RMW(bits, fetch_sub)                                                       \
    RACE_TSAN_RMW(bits, fetch_and)                                                       \
    RACE_TSAN_RMW(bits, fetch_or)                                                        \
    RACE_TSAN_RMW(bits, fetch_xor)                                                       \
    RACE_TSAN_RMW(bits, fetch_nand)                                                      \
    race__u##bits __tsan_atomic##bits##_compare_exchange_val(                            \
        race__u##bits *, race__u##bits, race__u##bits, int, int);
#define RACE_TSAN_RMW(bits, operation)                                                   \
    race__u##bits __tsan_atomic##bits##_##operation(race__u##bits *, race__u##bits, int);
RACE_TSAN_FAMILY(8)
RACE_TSAN_FAMILY(16)
RACE_TSAN_FAMILY(32)
RACE_TSAN_FAMILY(64)
RACE_TSAN_FAMILY(128)
void __tsan_atomic_thread_fence(int order);
#undef RACE_TSAN_FAMILY
#undef RACE_TSAN_RMW

#else

#define RACE_PERFORM_LIBC(name) name

/* Sequentially consistent whatever was asked: stronger is always allowed, and the
 * verdicts come from the model, never from what the machine happened to order. */
#define RACE_PERFORM(bits, operation) race__perform##bits##_##operation
#define RACE_PERFORM_FENCE(order) ((void)(order), fence_seq_cst())

#define RACE_PERFORM_RMW(bits, operation, performed)                                     \
    static inline race__u##bits race__perform##bits##_##operation(                       \
        race__u##bits *addr, race__u##bits value, int order)                             \
    {                                                                                    \
        (void)order;                                                                     \
        return performed(addr, value);                                                   \
    }
#define RACE_PERFORM_FAMILY(bits)                                                        \
    static inline race__u##bits race__perform##bits##_load(const race__u##bits *addr,    \
                                                           int order)                    \
    {                                                                                    \
        (void)order;                                                                     \
        return load_seq_cst(addr);                                                       \
    }                                                                                    \
    static inline void race__perform##bits##_store(race__u##bits *addr,                  \
                                                   race__u##bits value, int order)       \
    {                                                                                    \
        (void)order;                                                                     \
        store_seq_cst(addr, value);                                                      \
    }                                                                                    \
    static inline race__u##bits race__perform##bits##_cas(                               \
        race__u##bits *addr, race__u##bits expected, race__u##bits desired, int success, \
        int failure)                                                                     \
    {                                                                                    \
        (void)success, (void)failure;                                                    \
        (void)cas_seq_cst(addr, &expected, desired);                                     \
        return expected;                                                                 \
    }                                                                                    \
    RACE_PERFORM_RMW(bits, exchange, exchange_seq_cst)                                   \
    RACE_PERFORM_RMW(bits, fetch_add, fetch_add_seq_cst)                                 \
    RACE_PERFORM_RMW(bits, fetch_sub, fetch_sub_seq_cst)                                 \
    RACE_PERFORM_RMW(bits, fetch_and, fetch_and_seq_cst)                                 \
    RACE_PERFORM_RMW(bits, fetch_or, fetch_or_seq_cst)                                   \
    RACE_PERFORM_RMW(bits, fetch_xor, fetch_xor_seq_cst)                                 \
    RACE_PERFORM_RMW(bits, fetch_nand, fetch_nand_seq_cst)
RACE_PERFORM_FAMILY(8)
RACE_PERFORM_FAMILY(16)
RACE_PERFORM_FAMILY(32)
RACE_PERFORM_FAMILY(64)
#undef RACE_PERFORM_FAMILY
#undef RACE_PERFORM_RMW

/* 128 bits by compare-and-swap; compilers would call libatomic for anything else.  A load
 * writes back what it read, so the object must be writable, as libatomic's own loads
 * demand on such machines. */
static inline race__u128 race__perform128_cas(race__u128 *addr, race__u128 expected,
                                              race__u128 desired, int success,
                                              int failure)
{
    (void)success, (void)failure;
    return cas_wide(addr, expected, desired);
}

static inline race__u128 race__perform128_load(const race__u128 *addr, int order)
{
    return race__perform128_cas((race__u128 *)addr, 0, 0, order, order);
}

#define RACE_PERFORM_128(operation, next)                                                \
    static inline race__u128 race__perform128_##operation(race__u128 *addr,              \
                                                          race__u128 value, int order)   \
    {                                                                                    \
        race__u128 old = 0;                                                              \
        race__u128 seen;                                                                 \
        while ((seen = race__perform128_cas(addr, old, (next), order, order)) != old)    \
            old = seen;                                                                  \
        return old;                                                                      \
    }
RACE_PERFORM_128(exchange, value)
RACE_PERFORM_128(fetch_add, old + value)
RACE_PERFORM_128(fetch_sub, old - value)
RACE_PERFORM_128(fetch_and, old &value)
RACE_PERFORM_128(fetch_or, old | value)
RACE_PERFORM_128(fetch_xor, old ^ value)
RACE_PERFORM_128(fetch_nand, ~(old &value))
#undef RACE_PERFORM_128

static inline void race__perform128_store(race__u128 *addr, race__u128 value, int order)
{
    (void)race__perform128_exchange(addr, value, order);
}

#endif
#endif
