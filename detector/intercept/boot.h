/* The interceptors' start and their part in fork: each file's half, called by boot.c and fork.c. */
#ifndef GOC_INTERCEPT_BOOT_H
#define GOC_INTERCEPT_BOOT_H

#include <stdbool.h>

/* Before any constructor of the program or its libraries, on the main thread. */
void race__boot_threads(void);
void race__boot_fork(void);
void race__boot_exit(void);
void race__boot_files(void);

/* Around a fork, on the thread that forks: hold what other threads might hold. */
void race__fork_begin_threads(void);
void race__fork_end_threads(void);
void race__fork_begin_barriers(void);
void race__fork_end_barriers(void);
void race__fork_begin_openmp(void);
void race__fork_end_openmp(void);
void race__fork_begin_watches(void);
void race__fork_end_watches(void);
/* In the child: a process of its own now. */
void race__fork_child_exit(void);
void race__fork_child_files(void);
/* Not so a child of vfork, which runs in its parent's memory until it calls exec. */
bool race__is_own_process(void);

#endif
