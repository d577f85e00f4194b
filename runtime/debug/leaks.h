/* Goroutines that are left over: GOC_DEBUG=leak=1 at exit, goc_verify_no_leaks at any time. */
#ifndef GOC_DEBUG_LEAKS_H
#define GOC_DEBUG_LEAKS_H

/* GOC_DEBUG is read: note whether a list is wanted at exit. */
void goc__leaks_start(void);

#endif
