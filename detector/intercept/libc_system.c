/* Functions that fill an object of the caller's and answer whether they could: of the file system,
 * of processes, of sockets, of <math.h>. */
#include "intercept/libc.h"
#include "intercept/parts.h"

/* NAME, whose ANSWER is OK, has written what WRITTEN says. */
#define FILLS(type, name, parameters, arguments, ok, written)                            \
    RACE_EXPORT type goc_race_libc_##name parameters                                     \
    {                                                                                    \
        const void *pc = RACE_CALLER_PC();                                               \
        WITHIN(pc, type answer = name arguments);                                        \
        if (ok)                                                                          \
            written;                                                                     \
        return answer;                                                                   \
    }

/* The object at TO, which may be none. */
static void fills(const void *to, size_t size, const void *pc)
{
    if (to != NULL)
        race__write(to, size, pc);
}

#define OBJECT(to) fills(to, sizeof *(to), pc)
#define TEXT(to) race__write(to, strlen(to) + 1, pc)

/* Files.  Their paths are read as well. */
#define STAT(name, type)                                                                 \
    RACE_EXPORT int goc_race_libc_##name(const char *path, struct type *about)           \
    {                                                                                    \
        const void *pc = RACE_CALLER_PC();                                               \
        reads_string(path, pc);                                                          \
        int answer = name(path, about);                                                  \
        if (answer == 0)                                                                 \
            OBJECT(about);                                                               \
        return answer;                                                                   \
    }
STAT(stat, stat)
STAT(stat64, stat64)
STAT(lstat, stat)
STAT(lstat64, stat64)
FILLS(int, fstat, (int fd, struct stat *about), (fd, about), answer == 0, OBJECT(about))
FILLS(int, fstat64, (int fd, struct stat64 *about), (fd, about), answer == 0,
      OBJECT(about))
FILLS(int, fstatat, (int folder, const char *path, struct stat *about, int flags),
      (folder, path, about, flags), answer == 0, OBJECT(about))
FILLS(int, fstatat64, (int folder, const char *path, struct stat64 *about, int flags),
      (folder, path, about, flags), answer == 0, OBJECT(about))
FILLS(char *, getcwd, (char *to, size_t size), (to, size), answer != NULL && to != NULL,
      TEXT(to))
FILLS(ssize_t, readlink, (const char *path, char *to, size_t size), (path, to, size),
      answer > 0, race__write(to, (size_t)answer, pc))
FILLS(char *, realpath, (const char *path, char *to), (path, to),
      answer != NULL && to != NULL, TEXT(to))

/* Processes and the machine. */
FILLS(int, uname, (struct utsname * to), (to), answer == 0, OBJECT(to))
FILLS(int, getrusage, (__rusage_who_t who, struct rusage *to), (who, to), answer == 0,
      OBJECT(to))
FILLS(int, getrlimit, (__rlimit_resource_t which, struct rlimit *to), (which, to),
      answer == 0, OBJECT(to))
FILLS(ssize_t, getrandom, (void *to, size_t size, unsigned flags), (to, size, flags),
      answer > 0, race__write(to, (size_t)answer, pc))
FILLS(int, getentropy, (void *to, size_t size), (to, size), answer == 0,
      race__write(to, size, pc))
FILLS(int, gethostname, (char *to, size_t size), (to, size), answer == 0, TEXT(to))
FILLS(char *, strerror_r, (int number, char *to, size_t size), (number, to, size),
      answer == to, TEXT(to))
FILLS(pid_t, wait, (int *status), (status), answer > 0, OBJECT(status))
FILLS(pid_t, waitpid, (pid_t process, int *status, int options),
      (process, status, options), answer > 0, OBJECT(status))
FILLS(clock_t, times, (struct tms * to), (to), answer != (clock_t)-1, OBJECT(to))

/* Addresses and sockets. */
FILLS(int, inet_pton, (int family, const char *text, void *to), (family, text, to),
      answer == 1,
      race__write(to,
                  family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr),
                  pc))
FILLS(const char *, inet_ntop, (int family, const void *from, char *to, socklen_t size),
      (family, from, to, size), answer != NULL, TEXT(to))
FILLS(int, getsockopt, (int fd, int level, int name, void *to, socklen_t *size),
      (fd, level, name, to, size), answer == 0,
      (race__write(to, *size, pc), OBJECT(size)))

#define NAME_OF(name)                                                                    \
    RACE_EXPORT int goc_race_libc_##name(int fd, __SOCKADDR_ARG to, socklen_t *size)     \
    {                                                                                    \
        socklen_t room = *size;                                                          \
        int answer = name(fd, to, size);                                                 \
        if (answer == 0)                                                                 \
            race__address_written(to.__sockaddr__, size, room, RACE_CALLER_PC());        \
        return answer;                                                                   \
    }
NAME_OF(getsockname)
NAME_OF(getpeername)

/* What of <math.h> is in libc itself, for libm need not be linked, and random numbers whose
 * state is the caller's. */
#define SPLIT(name, type, part)                                                          \
    FILLS(type, name, (type x, part * to), (x, to), true, OBJECT(to))
SPLIT(frexp, double, int)
SPLIT(frexpf, float, int)
SPLIT(frexpl, long double, int)
SPLIT(modf, double, double)
SPLIT(modff, float, float)
SPLIT(modfl, long double, long double)
FILLS(int, rand_r, (unsigned *state), (state), true, OBJECT(state))
FILLS(int, drand48_r, (struct drand48_data * state, double *to), (state, to), true,
      (OBJECT(state), OBJECT(to)))

/* Sets of signals. */
FILLS(int, sigemptyset, (sigset_t * set), (set), true, OBJECT(set))
FILLS(int, sigfillset, (sigset_t * set), (set), true, OBJECT(set))
FILLS(int, sigaddset, (sigset_t * set, int number), (set, number), true, OBJECT(set))
FILLS(int, sigdelset, (sigset_t * set, int number), (set, number), true, OBJECT(set))
FILLS(int, sigismember, (const sigset_t *set, int number), (set, number), true,
      race__read(set, sizeof *set, pc))
