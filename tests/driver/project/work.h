/* A library of two functions, for the builds of builds.py. */
#ifndef WORK_H
#define WORK_H

/* What THREADS threads count to, a thousand each, under a lock or without. */
long work_count(int threads, int locked);

/* What the build found out about this machine, in one line. */
const char *work_platform(void);

#endif
