/* Calling contexts: a tree whose nodes are call sites under call sites.
 *
 * A node is a return address under a parent node, found by a number; the stack of an
 * access is its leaf and the leaf's ancestors, so four bytes keep a whole stack for ever.
 * A leaf is a node too: the return address of the access under the calling context.
 *
 * Nodes are made when an access, a spawn or a lock first needs them, not when functions
 * are called: a strand keeps its open calls as plain return addresses (struct race__frame)
 * and turns those into nodes that something must remember.
 *
 * Deep recursion over data makes as many contexts as the data has paths.  From
 * race__context_fold nodes on, a call site that already stands among its own ancestors
 * leads back to that ancestor: stacks then lack repetitions, and the tree stops growing.
 *
 * Thread-safe without locks: a node is constant once it is linked.
 */
#ifndef GOC_STATE_CONTEXT_H
#define GOC_STATE_CONTEXT_H

#include <stddef.h>
#include <stdint.h>

#define RACE_CONTEXT_ROOT 0u

extern uint32_t race__context_fold; // const but for tests

void race__context_init(void);

/* The node of PC under PARENT.  Where no more nodes can be had, PARENT. */
uint32_t race__context_child(uint32_t parent, const void *pc);

uint32_t race__context_parent(uint32_t node);
const void *race__context_pc(uint32_t node);
/* Up to MAX return addresses of NODE's stack, innermost first; answers how many. */
size_t race__context_stack(uint32_t node, const void **pcs, size_t max);
/* Nodes made so far. */
uint32_t race__context_count(void);

#endif
