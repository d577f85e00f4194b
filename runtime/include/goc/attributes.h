/* What the public declarations say to compilers beyond C11. */
#ifndef GOC_ATTRIBUTES_H
#define GOC_ATTRIBUTES_H

/* A call of such a function is never a jump: the caller's frame is still there when the
 * function panics or waits for ever, so the stacks that the runtime prints name the line
 * that called it.  clang only; gcc keeps the frame at -O0 and -O1. */
#ifdef __has_attribute
#if __has_attribute(not_tail_called)
#define GOC_KEEPS_FRAME __attribute__((__not_tail_called__))
#endif
#endif
#ifndef GOC_KEEPS_FRAME
#define GOC_KEEPS_FRAME
#endif

/* Of a parameter: once the call has returned, nobody has the address from it.  So a variable of
 * the caller's is still its own, which optimizers and race checks may know. */
#ifdef __has_attribute
#if __has_attribute(noescape)
#define GOC_LENT __attribute__((__noescape__))
#endif
#endif
#ifndef GOC_LENT
#define GOC_LENT
#endif

#endif
