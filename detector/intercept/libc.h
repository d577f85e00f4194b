/* goc_race_libc_NAME: what a call of libc's NAME becomes in instrumented code.
 *
 * Each checks what libc reads and writes of the caller's memory and calls libc; beside
 * ThreadSanitizer that is TSan's interceptor of the same name, which then checks too.  What is
 * read is checked before the call, what is written before it where the size is known, else
 * right after it.  How far a function reads is what C says of it: strcmp stops at the first
 * difference, memcmp compares all of both objects.
 *
 * The list is race_abi.def's.
 */
#ifndef GOC_INTERCEPT_LIBC_H
#define GOC_INTERCEPT_LIBC_H

#include "base/compiler.h"
#include "entry/abi.h"
#include "entry/access.h"

#include <arpa/inet.h>
#include <math.h>
#include <search.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

/* Functions of libc that no header declares under these names: a header's macro or an
 * assembler name leads to them.  Some are there only in later versions of glibc, and weak. */
#define LIBC_LIKE(model, name) extern __typeof__(model) name;
#define LIBC_LIKE_WEAK(model, name)                                                      \
    extern __typeof__(model) name __attribute__((__weak__));
void *__memcpy_chk(void *to, const void *from, size_t size, size_t space);
void *__memset_chk(void *to, int byte, size_t size, size_t space);
LIBC_LIKE(__memcpy_chk, __memmove_chk)
LIBC_LIKE(__memcpy_chk, __mempcpy_chk)
char *__strcpy_chk(char *to, const char *from, size_t space);
char *__strncpy_chk(char *to, const char *from, size_t size, size_t space);
LIBC_LIKE(__strcpy_chk, __stpcpy_chk)
LIBC_LIKE(__strcpy_chk, __strcat_chk)
LIBC_LIKE(__strncpy_chk, __stpncpy_chk)
LIBC_LIKE(__strncpy_chk, __strncat_chk)
int __printf_chk(int flag, const char *format, ...);
int __fprintf_chk(FILE *stream, int flag, const char *format, ...);
int __sprintf_chk(char *to, int flag, size_t space, const char *format, ...);
int __snprintf_chk(char *to, size_t size, int flag, size_t space, const char *format,
                   ...);
int __vsprintf_chk(char *to, int flag, size_t space, const char *format,
                   va_list arguments);
int __vsnprintf_chk(char *to, size_t size, int flag, size_t space, const char *format,
                    va_list arguments);
LIBC_LIKE_WEAK(strtol, __isoc23_strtol)
LIBC_LIKE_WEAK(strtoul, __isoc23_strtoul)
LIBC_LIKE_WEAK(strtoll, __isoc23_strtoll)
LIBC_LIKE_WEAK(strtoull, __isoc23_strtoull)
LIBC_LIKE(scanf, __isoc99_scanf)
LIBC_LIKE(fscanf, __isoc99_fscanf)
LIBC_LIKE(sscanf, __isoc99_sscanf)
LIBC_LIKE(vscanf, __isoc99_vscanf)
LIBC_LIKE(vfscanf, __isoc99_vfscanf)
LIBC_LIKE(vsscanf, __isoc99_vsscanf)
LIBC_LIKE_WEAK(scanf, __isoc23_scanf)
LIBC_LIKE_WEAK(fscanf, __isoc23_fscanf)
LIBC_LIKE_WEAK(sscanf, __isoc23_sscanf)
LIBC_LIKE_WEAK(vscanf, __isoc23_vscanf)
LIBC_LIKE_WEAK(vfscanf, __isoc23_vfscanf)
LIBC_LIKE_WEAK(vsscanf, __isoc23_vsscanf)

/* libatomic's, whose names are builtins of the compilers: the types stand for them. */
typedef void race__atomic_load(size_t size, const void *object, void *value, int order);
typedef void race__atomic_store(size_t size, void *object, void *value, int order);
typedef void race__atomic_exchange(size_t size, void *object, void *value, void *old,
                                   int order);
typedef _Bool race__atomic_cas(size_t size, void *object, void *expected, void *desired,
                               int success, int failure);
typedef race__u128 race__atomic_load_16(const race__u128 *object, int order);
typedef void race__atomic_store_16(race__u128 *object, race__u128 value, int order);
typedef race__u128 race__atomic_update_16(race__u128 *object, race__u128 value,
                                          int order);
typedef _Bool race__atomic_cas_16(race__u128 *object, race__u128 *expected,
                                  race__u128 desired, int success, int failure);
RACE_EXPORT race__atomic_load goc_race_libc___atomic_load;
RACE_EXPORT race__atomic_store goc_race_libc___atomic_store;
RACE_EXPORT race__atomic_exchange goc_race_libc___atomic_exchange;
RACE_EXPORT race__atomic_cas goc_race_libc___atomic_compare_exchange;
RACE_EXPORT race__atomic_load_16 goc_race_libc___atomic_load_16;
RACE_EXPORT race__atomic_store_16 goc_race_libc___atomic_store_16;
RACE_EXPORT race__atomic_cas_16 goc_race_libc___atomic_compare_exchange_16;
RACE_EXPORT race__atomic_update_16 goc_race_libc___atomic_exchange_16;
RACE_EXPORT race__atomic_update_16 goc_race_libc___atomic_fetch_add_16;
RACE_EXPORT race__atomic_update_16 goc_race_libc___atomic_fetch_sub_16;
RACE_EXPORT race__atomic_update_16 goc_race_libc___atomic_fetch_and_16;
RACE_EXPORT race__atomic_update_16 goc_race_libc___atomic_fetch_or_16;
RACE_EXPORT race__atomic_update_16 goc_race_libc___atomic_fetch_xor_16;
RACE_EXPORT race__atomic_update_16 goc_race_libc___atomic_fetch_nand_16;

#define RACE_ABI_LIBC(name) RACE_EXPORT __typeof__(name) goc_race_libc_##name;
#define RACE_ABI_LIBATOMIC(name)
#include <goc/race_abi.def>

/* The string at S, its end included, is read. */
static inline void reads_string(const char *s, const void *pc)
{
    race__read(s, strlen(s) + 1, pc);
}

/* As above, but no more than LIMIT bytes of it. */
static inline void reads_string_up_to(const char *s, size_t limit, const void *pc)
{
    size_t length = strnlen(s, limit);
    race__read(s, length < limit ? length + 1 : limit, pc);
}

/* libc allocates or writes on its own behalf during CALL; what it does is shown below the
 * program's call. */
#define WITHIN(pc, call)                                                                 \
    uint32_t within_token = goc_race_func_enter((void *)(uintptr_t)(pc));                \
    call;                                                                                \
    goc_race_func_exit(within_token)

#endif
