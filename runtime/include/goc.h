/* goc's words: Go's concurrency in C's own spelling.
 *
 *   go f(x);                              a goroutine; also  go ^(int i){ … }(i);
 *   chan(T)  chan_send_only(T)  chan_recv_only(T)          channel types
 *   chan_make chan_send chan_recv chan_recv_ok chan_close chan_len chan_cap chan_free
 *   chan_send_until chan_recv_until       with a deadline
 *   chan_range(v, c) { … }                until c is closed and empty
 *   chan_select { chan_case_recv(c, v, ok) { … }  chan_case_send(c, x) { … }
 *                 chan_default { … } }
 *   goc_defer f(x);                       when the function ends; goc_panic goc_recover
 *   GOC_INIT { … }                        before main
 *   goc_after(d)                          a channel that receives after d
 *   goc_context_done(x)                   the channel that is closed when x ends
 *
 * Everything here parses as plain C11, with any compiler and without goc's plugin; channel
 * types are checked there, too.  Only `go`, `goc_defer` and `chan_select` need the plugin: without
 * it they compile and the program does not link, with a symbol that says why.
 *
 * Channel types.  A chan(T) is a pointer to a pointer to a function that returns T and
 * takes a pointer to a struct that nobody defines.  It is never followed.  What that buys:
 *
 *   element types never mix, because function types never convert;
 *   const on the middle pointer makes it send-only, volatile receive-only, so chan(T)
 *   converts to both as C converts int * to const int *, and nothing converts back;
 *   the element type is what calling the function would return, which __typeof__ tells.
 *
 * <goc/chan.h> and its neighbours give the same without any word, by goc_-prefixed names;
 * names that begin with goc__ or GOC__ are this file's own.
 */
#ifndef GOC_H
#define GOC_H

#include <goc/chan.h>
#include <goc/context.h>
#include <goc/debug.h>
#include <goc/defer.h>
#include <goc/go.h>
#include <goc/io.h>
#include <goc/select.h>
#include <goc/sync.h>
#include <goc/time.h>

/* C++ has the functions, not the words: those are anybody's names there, and need C's types. */
#ifndef __cplusplus

/* Keeps pedantic builds quiet about what the words expand to. */
#if defined(__GNUC__)
#pragma GCC system_header
#endif

/* The plugin lets clang parse blocks; this gives them their words, as -fblocks does. */
#if defined(__GOC__) && !defined(__BLOCKS__)
#define __BLOCKS__ 1
#define __block __attribute__((__blocks__(byref)))
#endif

/* The three channel types for elements of type T: any type that a function can return,
 * named as in a cast.  const and the like of T itself are dropped, as of what a function returns:
 * gcc does that, clang has to be told, which before clang 19 only C23 can.  An older clang in an
 * older C, which never has the plugin, takes chan(const T) for another type than chan(T). */
#define chan(T) __typeof__(GOC__ELEM(T)(**)(struct goc_elem *))
#define chan_send_only(T) __typeof__(GOC__ELEM(T)(*const *)(struct goc_elem *))
#define chan_recv_only(T) __typeof__(GOC__ELEM(T)(*volatile *)(struct goc_elem *))
#if defined(__clang__) && __clang_major__ >= 19
#define GOC__ELEM(T) __typeof_unqual__(T)
#elif defined(__clang__) && __clang_major__ >= 16 && __STDC_VERSION__ > 201710L
#define GOC__ELEM(T) typeof_unqual(T)
#else
#define GOC__ELEM(T) __typeof__(T)
#endif
struct goc_elem;

/* The type of the elements of channel C, which is not evaluated. */
#define chan_elem(c) __typeof__((*(c))((struct goc_elem *)0))

/* C as the runtime takes it, once it has converted to the type that allows the operation:
 * a value in a compound literal converts as in an initialisation, with a diagnostic. */
#define GOC__SENDER(c) goc__bare((chan_send_only(chan_elem(c))){c})
#define GOC__RECEIVER(c) goc__bare((chan_recv_only(chan_elem(c))){c})
#define GOC__EITHER(c)                                                                   \
    goc__bare((__typeof__(chan_elem(c)(*const volatile *)(struct goc_elem *))){c})

/* No frame, no line of its own: a user who steps or reads a stack never meets these. */
#define GOC__INSIDE static inline __attribute__((__always_inline__, __artificial__))

GOC__INSIDE goc_chan *goc__bare(const volatile void *c)
{
    return (goc_chan *)c;
}

/* What the words hand to the runtime is new memory that only they know, as long as no variable of
 * the program's is meant. */
#ifdef __GOC_RACE__
#define GOC__SEND goc_chan_send_private
#define GOC__RECV goc_chan_recv_private
#else
#define GOC__SEND goc_chan_send
#define GOC__RECV goc_chan_recv
#endif

GOC__INSIDE void *goc__recv(goc_chan *c, void *elem)
{
    GOC__RECV(c, elem);
    return elem;
}

/* The address of a new T that holds V, which may have commas, as in (struct p){1, 2}.  The
 * conditional keeps a V of another type from initialising only the first member of a T
 * that is a struct. */
#define GOC__HOLDING(T, ...) ((T[1]){1 ? (__VA_ARGS__) : *(volatile T *)0})

/* A channel of T that buffers N elements; 0 is unbuffered. */
#define chan_make(T, n) ((chan(T))goc_chan_make(sizeof(T), (n)))

/* chan_send(c, v): send V on C, waiting until it is received or buffered. */
#define chan_send(c, ...)                                                                \
    GOC__SEND(GOC__SENDER(c), GOC__HOLDING(chan_elem(c), __VA_ARGS__))

/* A new T of zeros; {0} would not fit a T without members. */
#define GOC__ZERO(T) (__extension__(T[1]){})

/* The next element of C; a zero T once C is closed and empty. */
#define chan_recv(c)                                                                     \
    (*(chan_elem(c) *)goc__recv(GOC__RECEIVER(c), GOC__ZERO(chan_elem(c))))

/* Receive into the T at P (NULL drops it).  False, and a zero T, once C is closed and empty. */
#define chan_recv_ok(c, p) goc_chan_recv(GOC__RECEIVER(c), (chan_elem(c) *){p})

/* Until the time DEADLINE at most; what they return stands at goc_chan_send_until. */
#define chan_send_until(c, deadline, ...)                                                \
    goc_chan_send_until(GOC__SENDER(c), GOC__HOLDING(chan_elem(c), __VA_ARGS__),         \
                        (deadline))
#define chan_recv_until(c, deadline, p)                                                  \
    goc_chan_recv_until(GOC__RECEIVER(c), (chan_elem(c) *){p}, (deadline))

#define chan_close(c) goc_chan_close(GOC__SENDER(c))
#define chan_len(c) goc_chan_len(GOC__EITHER(c))
#define chan_cap(c) goc_chan_cap(GOC__EITHER(c))
#define chan_free(c) goc_chan_free(GOC__EITHER(c))

/* Run what follows once for each element of C, in V, which it declares; C is evaluated once. */
#define chan_range(v, c)                                                                 \
    for (struct goc__range goc__range = {GOC__RECEIVER(c), 1}; goc__range.more;          \
         goc__range.more = 0)                                                            \
        for (GOC__RANGE_VARIABLE(v, c); GOC__RANGE_NEXT(v);)

/* A body may hand on the address of V: where races are looked for, V is assigned to by code that
 * is checked, unless it is seen not to do so. */
#ifdef __GOC_RACE__
#define GOC__RANGE_VARIABLE(v, c) chan_elem(c) v, goc__next[1]
#define GOC__RANGE_NEXT(v)                                                               \
    goc_chan_recv_private(goc__range.chan, goc__next) &&                                 \
        (__builtin_memcpy(&v, goc__next, sizeof v), 1)
#else
#define GOC__RANGE_VARIABLE(v, c) chan_elem(c) v
#define GOC__RANGE_NEXT(v) goc_chan_recv(goc__range.chan, &v)
#endif

struct goc__range {
    goc_chan *chan;
    int more;
};

/* The plugin's marks.  It replaces every call of one; what is left without it asks the
 * linker for a symbol that says what is missing. */
#define GOC__MARK(sentence) __asm__(sentence)
void goc__go(void) GOC__MARK("go_needs_the_goc_plugin__compile_this_file_with_goc_cc");
void goc__defer(void)
    GOC__MARK("goc_defer_needs_the_goc_plugin__compile_this_file_with_goc_cc");
int goc__select(void)
    GOC__MARK("chan_select_needs_the_goc_plugin__compile_this_file_with_goc_cc");
void *goc__case_recv(goc_chan *c)
    GOC__MARK("chan_case_recv_needs_the_goc_plugin__compile_this_file_with_goc_cc");
_Bool goc__case_ok(void)
    GOC__MARK("chan_case_recv_ok_needs_the_goc_plugin__compile_this_file_with_goc_cc");
void goc__case_send(goc_chan *c, const void *elem)
    GOC__MARK("chan_case_send_needs_the_goc_plugin__compile_this_file_with_goc_cc");
void goc__case_default(void)
    GOC__MARK("chan_default_needs_the_goc_plugin__compile_this_file_with_goc_cc");

/* goc-rewrite looks for the words as they stand in macros of the user's own, and for that
 * reads a file once without their meaning. */
#ifndef GOC__BARE_WORDS

/* Start a goroutine that makes the call that follows: `go f(x);`.  The function and its
 * arguments are evaluated now, the result is dropped. */
#define go goc__go(), (void)

/* Make the call that follows when the function ends: `goc_defer f(x);` (goc/defer.h). */
#define goc_defer goc__defer(), (void)

/* Wait until one of the arms can go on, and run it; among several, a random one.  Every
 * channel and every value to send is evaluated once, in order, on entering.  break leaves.
 *
 * A switch that has no way around its arms: so flow analysis knows that one of them ran. */
#define chan_select                                                                      \
    switch (goc__select())                                                               \
        if (0) {                                                                         \
        default:                                                                         \
            __builtin_unreachable();                                                     \
        } else

/* The arms: receive, and assign to v and ok where they are given; send; neither. */
#define chan_case_recv(...)                                                              \
    GOC__PICK(__VA_ARGS__, GOC__CASE_RECV_OK, GOC__CASE_RECV_VALUE, GOC__CASE_RECV, )    \
    (__VA_ARGS__)
#define chan_case_send(c, ...)                                                           \
    GOC__ARM goc__case_send(GOC__SENDER(c), GOC__HOLDING(chan_elem(c), __VA_ARGS__));
#define chan_default GOC__ARM goc__case_default();

#endif

#define GOC__PICK(a, b, c, picked, ...) picked
#define GOC__CASE_RECV(c) GOC__ARM(void) goc__case_recv(GOC__RECEIVER(c));
#define GOC__CASE_RECV_VALUE(c, v) GOC__ARM GOC__RECEIVE(c, v);
#define GOC__CASE_RECV_OK(c, v, ok) GOC__ARM GOC__RECEIVE(c, v), (ok) = goc__case_ok();
#define GOC__RECEIVE(c, v) (v) = *(chan_elem(c) *)goc__case_recv(GOC__RECEIVER(c))

/* An arm ends the one before it and begins a case of its own. */
#define GOC__ARM                                                                         \
    break;                                                                               \
    GOC__QUIET case __COUNTER__ GOC__UNQUIET:

/* GOC_INIT { … } runs before main, on goroutine 1; those of a file in their order. */
#define GOC_INIT GOC__QUIET GOC__INIT(__COUNTER__) GOC__UNQUIET
#define GOC__INIT(n) GOC__INIT_NAMED(n)
#define GOC__INIT_NAMED(n)                                                               \
    __attribute__((__constructor__)) static void goc__init_##n(void);                    \
    static void goc__init_##n(void)

/* Around __COUNTER__: clang 22 warns of it below C2y, even in a system header. */
#if defined(__clang__) && __clang_major__ >= 22
#define GOC__QUIET                                                                       \
    _Pragma("clang diagnostic push")                                                     \
        _Pragma("clang diagnostic ignored \"-Wc2y-extensions\"")
#define GOC__UNQUIET _Pragma("clang diagnostic pop")
#else
#define GOC__QUIET
#define GOC__UNQUIET
#endif

/* A channel that receives the time once D has passed (time.After). */
static inline chan_recv_only(goc_time) goc_after(goc_duration d)
{
    return (chan_recv_only(goc_time))goc_after_chan(d);
}

/* The channels of a timer and a ticker (their field C in Go). */
static inline chan_recv_only(goc_time) goc_timer_c(const goc_timer *t)
{
    return (chan_recv_only(goc_time))goc_timer_chan(t);
}

static inline chan_recv_only(goc_time) goc_ticker_c(const goc_ticker *t)
{
    return (chan_recv_only(goc_time))goc_ticker_chan(t);
}

/* The channel that is closed when CONTEXT ends: chan_case_recv(goc_context_done(context)).  No
 * value ever comes; the type is only one that a channel needs. */
static inline chan_recv_only(char) goc_context_done(const goc_context *context)
{
    return (chan_recv_only(char))goc_context_done_chan(context);
}

#endif /* __cplusplus */
/* In that first reading the other words stay as well, so that what a macro of the user's
 * becomes is written in them. */
#ifdef GOC__BARE_WORDS
#undef chan
#undef chan_send_only
#undef chan_recv_only
#undef chan_elem
#undef chan_make
#undef chan_send
#undef chan_recv
#undef chan_recv_ok
#undef chan_close
#undef chan_len
#undef chan_cap
#undef chan_free
#undef chan_range
#undef GOC_INIT
#endif

#endif
