/* The cases of one file of Go's race detector suite, each a function with the Go case's name.
 *
 * `program` lists its cases, `program CASE` runs one.  The verdict of a case comes from
 * happens-before alone: whichever side runs first, the other is not ordered with it.  Where an
 * order of events decides what is executed, the barrier makes it, which orders nothing in
 * a detector's eyes.  Each case waits for its goroutines, so both sides have always run.
 */
#ifndef TESTS_RACE_GO_CASES_H
#define TESTS_RACE_GO_CASES_H

#include <barrier.h>
#include <check.h>
#include <goc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct go_case {
    const char *name;
    void (*run)(void);
    struct go_case *next;
};

static struct go_case *cases;

/* CASE(Name) { … } */
#define CASE(name)                                                                       \
    static void name(void);                                                              \
    __attribute__((__constructor__)) static void list_##name(void)                       \
    {                                                                                    \
        static struct go_case listed = {#name, name, NULL};                              \
        listed.next = cases;                                                             \
        cases = &listed;                                                                 \
    }                                                                                    \
    static void name(void)

struct nothing {
};

/* Keeps the read that made VALUE. */
static inline void use(long value)
{
    __asm__ volatile("" : : "r"(value));
}

static inline void use_pointer(const void *value)
{
    __asm__ volatile("" : : "r"(value) : "memory");
}

/* Run BODY on a goroutine; the channel receives when it is done. */
__attribute__((__unused__)) static chan(bool) beside(void (^body)(void))
{
    chan(bool) done = chan_make(bool, 1);
    go ^{
        body();
        chan_send(done, true);
    }();
    return done;
}

/* Run both at once, and wait for both. */
__attribute__((__unused__)) static void both(void (^one)(void), void (^other)(void))
{
    chan(bool) done = beside(one);
    chan(bool) other_done = beside(other);
    chan_recv(done);
    chan_recv(other_done);
}

/* Wait until COUNT have arrived at B, in no detector's eyes. */
static inline void see(const struct barrier *b, unsigned count)
{
    while (!barrier_reached(b, count))
        goc_yield();
}

int main(int argc, char **argv)
{
    for (const struct go_case *c = cases; c; c = c->next) {
        if (argc == 1) {
            puts(c->name);
        } else if (strcmp(argv[1], c->name) == 0) {
            c->run();
            return 0;
        }
    }
    return argc > 1;
}

#endif
