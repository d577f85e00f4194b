/* Message queues and semaphores of POSIX and System V: what was done before a message was
 * sent, or a semaphore raised, is before what its receiver does.
 *
 * A queue or set is found by its number, so its place is an address made of that number,
 * in an area of its own kind.
 */
#include "entry/access.h"
#include "entry/events.h"
#include "intercept/files.h"
#include "intercept/next.h"

#include <mqueue.h>
#include <stdarg.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>

RACE_NEXT(mq_send)
RACE_NEXT(mq_timedsend)
RACE_NEXT(mq_receive)
RACE_NEXT(mq_timedreceive)
RACE_NEXT(msgsnd)
RACE_NEXT(msgrcv)
RACE_NEXT(semop)
RACE_NEXT(semtimedop)
RACE_NEXT(semctl)

#define PLACES 1024u  // numbers that differ by a multiple of it share a place
#define PLACE_SIZE 8u // a word of shadow each
static char queue_places[PLACES * PLACE_SIZE];
static char raised_places[PLACES * PLACE_SIZE];
static char lowered_places[PLACES * PLACE_SIZE];

static const void *place(const char *area, int id)
{
    size_t number = (unsigned)id % PLACES;
    return area + number * PLACE_SIZE;
}

/* On Linux a mqd_t is a file descriptor. */
static ssize_t taken(mqd_t queue, char *to, unsigned *priority, ssize_t size,
                     const void *pc)
{
    if (size < 0)
        return size;
    race__file_read(queue);
    race__write(to, (size_t)size, pc);
    if (priority != NULL)
        race__write(priority, sizeof *priority, pc);
    return size;
}

RACE_INTERCEPT int mq_send(mqd_t queue, const char *from, size_t size, unsigned priority)
{
    race__read(from, size, RACE_CALLER_PC());
    race__file_write(queue);
    return next_mq_send()(queue, from, size, priority);
}

RACE_INTERCEPT int mq_timedsend(mqd_t queue, const char *from, size_t size,
                                unsigned priority, const struct timespec *deadline)
{
    race__read(from, size, RACE_CALLER_PC());
    race__file_write(queue);
    return next_mq_timedsend()(queue, from, size, priority, deadline);
}

RACE_INTERCEPT ssize_t mq_receive(mqd_t queue, char *to, size_t size, unsigned *priority)
{
    return taken(queue, to, priority, next_mq_receive()(queue, to, size, priority),
                 RACE_CALLER_PC());
}

RACE_INTERCEPT ssize_t mq_timedreceive(mqd_t queue, char *restrict to, size_t size,
                                       unsigned *restrict priority,
                                       const struct timespec *restrict deadline)
{
    ssize_t result = next_mq_timedreceive()(queue, to, size, priority, deadline);
    return taken(queue, to, priority, result, RACE_CALLER_PC());
}

RACE_INTERCEPT int msgsnd(int queue, const void *message, size_t size, int flags)
{
    race__read(message, sizeof(long) + size, RACE_CALLER_PC());
    race__on_release_merge(place(queue_places, queue));
    return next_msgsnd()(queue, message, size, flags);
}

RACE_INTERCEPT ssize_t msgrcv(int queue, void *message, size_t limit, long type,
                              int flags)
{
    ssize_t size = next_msgrcv()(queue, message, limit, type, flags);
    if (size >= 0) {
        race__on_acquire(place(queue_places, queue));
        race__write(message, sizeof(long) + (size_t)size, RACE_CALLER_PC());
    }
    return size;
}

/* A set has two places.  Raising is before whoever lowers; lowering is before whoever waits
 * for zero, and so is raising, which lowering has brought back.  Releases come before the
 * real call, acquires after it; one call may do all of it.
 */
enum { UP = 1, DOWN = 2, ZERO = 4 };

static int kinds_of(const struct sembuf *operations, size_t count)
{
    int kinds = 0;
    for (size_t i = 0; i < count; i++)
        kinds |= operations[i].sem_op > 0 ? UP : operations[i].sem_op < 0 ? DOWN : ZERO;
    return kinds;
}

static void operates(int set, int kinds)
{
    if (kinds & UP)
        race__on_release_merge(place(raised_places, set));
    if (kinds & DOWN)
        race__on_release_merge(place(lowered_places, set));
}

static int operated(int set, int kinds, int result)
{
    if (result == 0 && (kinds & (DOWN | ZERO)))
        race__on_acquire(place(raised_places, set));
    if (result == 0 && (kinds & ZERO))
        race__on_acquire(place(lowered_places, set));
    return result;
}

RACE_INTERCEPT int semop(int set, struct sembuf *operations, size_t count)
{
    race__read(operations, count * sizeof *operations, RACE_CALLER_PC());
    int kinds = kinds_of(operations, count);
    operates(set, kinds);
    return operated(set, kinds, next_semop()(set, operations, count));
}

RACE_INTERCEPT int semtimedop(int set, struct sembuf *operations, size_t count,
                              const struct timespec *timeout)
{
    race__read(operations, count * sizeof *operations, RACE_CALLER_PC());
    int kinds = kinds_of(operations, count);
    operates(set, kinds);
    return operated(set, kinds, next_semtimedop()(set, operations, count, timeout));
}

/* semctl's fourth argument, which the program declares itself. */
union argument {
    int value;
    void *pointer;
};

/* Setting a value may raise it or make it zero, and asking for one tells whoever has. */
RACE_INTERCEPT int semctl(int set, int number, int command, ...)
{
    va_list arguments;
    va_start(arguments, command);
    union argument argument = va_arg(arguments, union argument);
    va_end(arguments);
    if (command == SETVAL || command == SETALL)
        operates(set, UP | DOWN);
    int result = next_semctl()(set, number, command, argument);
    if (result >= 0 && (command == GETVAL || command == GETALL))
        operated(set, ZERO, 0);
    return result;
}
