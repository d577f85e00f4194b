/* The functions that instrumented code calls, declared from the one list. */
#ifndef GOC_DETECTOR_ENTRY_ABI_H
#define GOC_DETECTOR_ENTRY_ABI_H

#include "base/compiler.h"
#include "entry/perform.h"

#include <stdint.h>

#define RV void
#define RP void *
#define R32 uint32_t
#define R64 uint64_t
#define RACE_ABI(name, result, parameters) RACE_EXPORT result goc_race_##name parameters;
#define RACE_ABI_CHECK(name, parameters)                                                 \
    RACE_EXPORT RACE_PRESERVE void goc_race_##name parameters;
#define RACE_ABI_RMW(bits, operation)                                                    \
    RACE_EXPORT race__u##bits goc_race_atomic##bits##_##operation(                       \
        race__u##bits *addr, race__u##bits value, int order);
#define RACE_ABI_ATOMIC(bits)                                                            \
    RACE_EXPORT race__u##bits goc_race_atomic##bits##_load(race__u##bits *addr,          \
                                                           int order);                   \
    RACE_EXPORT void goc_race_atomic##bits##_store(race__u##bits *addr,                  \
                                                   race__u##bits value, int order);      \
    RACE_ABI_RMW(bits, exchange)                                                         \
    RACE_ABI_RMW(bits, fetch_add)                                                        \
    RACE_ABI_RMW(bits, fetch_sub)                                                        \
    RACE_ABI_RMW(bits, fetch_and)                                                        \
    RACE_ABI_RMW(bits, fetch_or)                                                         \
    RACE_ABI_RMW(bits, fetch_xor)                                                        \
    RACE_ABI_RMW(bits, fetch_nand)                                                       \
    RACE_EXPORT race__u##bits goc_race_atomic##bits##_cas(                               \
        race__u##bits *addr, race__u##bits expected, race__u##bits desired, int success, \
        int failure);
#include <goc/race_abi.def>
#undef RACE_ABI_RMW
#undef RV
#undef RP
#undef R32
#undef R64

#endif
