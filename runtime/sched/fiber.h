/* Stacks as AddressSanitizer and Valgrind have to know them.
 *
 * AddressSanitizer wants to hear of each switch, with the bounds of the stack that comes.  Where
 * the program has it, the start writes a jump over the first bytes of goc__context_switch;
 * where it has not, a switch is what it was.  Valgrind only wants to know where stacks lie: it sees
 * the stack pointer go from one to the other by itself.
 */
#ifndef GOC_SCHED_FIBER_H
#define GOC_SCHED_FIBER_H

#include <stdbool.h>
#include <stddef.h>

/* At the boot: find out who listens. */
void goc__fiber_start(void);

/* SIZE bytes at LOW are a stack from now on. */
void goc__fiber_stack(char *low, size_t size);

/* Does the program have AddressSanitizer, which wants to hear of switches? */
bool goc__fiber_announces(void);

/* Does the program run under Valgrind, which takes its time for large mappings? */
bool goc__fiber_accounts(void);

/* The same for the one that the first M's scheduler runs on. */
void goc__fiber_bare(char *low, size_t size);

#endif
