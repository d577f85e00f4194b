/* Which goroutines need little stack.
 *
 * Where the compiler sees all that a go statement's function can reach, the plugin writes a table
 * of it (plugin/instrument/Reach.h) and has goc_go_reaching called in place of goc_go.  When that
 * has been called REACH_WHOLE times the frames' sizes, which only the compiled code has
 * (os/frame_sizes.h), are added up along the longest chain, and the table remembers what came out.
 */
#ifndef GOC_SCHED_REACH_H
#define GOC_SCHED_REACH_H

#include <stddef.h>
#include <stdint.h>

/* A verdict.  Below REACH_WHOLE: none yet, and how often the statement was run; to find out takes
 * some 50 us, which pay where there are many goroutines. */
enum { REACH_WHOLE = 64, REACH_SMALL };

struct m;

/* A go statement's table.  In WORDS, for each function, those that it calls before itself:
 *   its address; bytes beside its frame: return address, arguments on the stack, alignment;
 *   how many it calls, and their places in this order, 0 for the first.
 * The last is the one that the goroutine begins with. */
struct goc_reach {
    uint64_t verdict; // atomic, relaxed
    /* const: goc__reach_decide; so that a program without tables is linked without that */
    uint64_t (*decide)(struct goc_reach *reach, struct m *m);
    void (*entry)(void *); /* const */
    uint64_t functions;    /* const */
    uint64_t words[];      /* const */
};

enum { REACH_FUNCTIONS_MAX = 64 };

struct frame_sizes;

/* Find REACH's verdict, which it keeps, unless it is too early to tell: then it is REACH_WHOLE for
 * once.  M is the caller's. */
uint64_t goc__reach_decide(struct goc_reach *reach, struct m *m);

/* The most that the functions of REACH take, one below the other; -1 where that is not known. */
int64_t goc__reach_need(const struct goc_reach *reach, const struct frame_sizes *sizes);

/* What goc_go does, for a function of which all is known that it reaches. */
void goc_go_reaching(struct goc_reach *reach, const void *args, size_t size);

#endif
