/* What is wrong beside races: locks in opposite orders, deadlocks, misused locks, threads
 * that nobody waits for.  goc/race_record.h has the words. */
#ifndef GOC_RECORD_ERROR_H
#define GOC_RECORD_ERROR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Something that somebody does or did. */
struct race__step {
    const char *what; // a literal: "take", "hold", …
    uintptr_t lock;   // 0: none
    const char *kind; // of the lock
    bool exclusive;
    uint32_t strand; // its birth record, 0 for nobody known
    uint32_t leaf;   // where
    uint32_t count;  // how many times, where that matters, else 0
};

struct race__error {
    const char *kind;    // a literal: RACE_ERROR_… of goc/race_record.h
    const char *message; // a sentence
    size_t step_count;
    const struct race__step *steps;
};

/* Distinct errors that one run reports. */
#define RACE_ERRORS_MAX 1024

/* Write a record of ERROR, unless one of the same kind and places has been written.  No
 * lock is held.  With halt_on_error it does not return. */
void race__record_error(const struct race__error *error);
/* End the process, whose threads will not do so themselves. */
__attribute__((__noreturn__)) void race__record_halt(void);
/* Distinct errors recorded so far. */
uint32_t race__error_count(void);
/* None has been, in the child of a fork: it has a log and an exit status of its own. */
void race__errors_forked(void);

#endif
