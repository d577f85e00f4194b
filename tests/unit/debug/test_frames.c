/* debug/frames.c: the stack of a thread of the program's own, whose bounds nobody knows, along the
 * frame pointers. */
#include "debug/frames.h"
#include "os/pages.h"
#include "unit.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <ucontext.h>

#define NEVER_INLINE __attribute__((__noinline__))
#define NO_TAIL_CALL() __asm__ volatile("")

static struct frames frames;
static uintptr_t
    broken; /* the innermost frame pointer, as the handler is to find it; 0: as it is */
static const void *returns[2]; /* where stop and middle return to */

static void handle(int signal, siginfo_t *info, void *context)
{
    ucontext_t machine = *(const ucontext_t *)context;
    (void)signal;
    (void)info;
    if (broken != 0)
        machine.uc_mcontext.gregs[REG_RBP] = (greg_t)broken;
    goc__frames_pointed(NULL, &machine, &frames);
}

NEVER_INLINE static void stop(void)
{
    returns[0] = __builtin_return_address(0);
    __asm__ volatile("int3" ::: "memory");
}

NEVER_INLINE static void middle(void)
{
    returns[1] = __builtin_return_address(0);
    stop();
    NO_TAIL_CALL();
}

NEVER_INLINE static void *outer(void *unused)
{
    middle();
    NO_TAIL_CALL();
    return unused;
}

static void on_a_thread(uintptr_t frame_pointer)
{
    struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO};
    struct sigaction before;
    pthread_t thread;
    broken = frame_pointer;
    assert_int_equal(sigaction(SIGTRAP, &action, &before), 0);
    assert_int_equal(pthread_create(&thread, NULL, outer, NULL), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(sigaction(SIGTRAP, &before, NULL), 0);
    assert_true(frames.interrupted);
}

static void a_thread_of_the_programs_own_has_all_its_frames(void **state)
{
    (void)state;
    on_a_thread(0);
    assert_true(frames.count >= 4);
    assert_ptr_equal(frames.addresses[1], returns[0]);
    assert_ptr_equal(frames.addresses[2], returns[1]);
}

static void a_frame_pointer_that_leads_nowhere_ends_the_walk(void **state)
{
    char *block = malloc(100);
    (void)state;
    assert_non_null(block);
    on_a_thread(8); /* no memory */
    assert_int_equal(frames.count, 1);
    on_a_thread((uintptr_t)&frames | 1); /* no place for a pointer */
    assert_int_equal(frames.count, 1);
    on_a_thread((uintptr_t)block); /* memory, but no stack of this thread's */
    assert_int_equal(frames.count, 1);
    free(block);
}

static void what_is_not_there_cannot_be_read(void **state)
{
    (void)state;
    long from[2] = {1, 2};
    long to[2] = {0};
    assert_true(goc__pages_read(from, to, sizeof to));
    assert_int_equal(to[1], 2);
    assert_false(goc__pages_read((const void *)8, to, sizeof to));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_thread_of_the_programs_own_has_all_its_frames),
        cmocka_unit_test(a_frame_pointer_that_leads_nowhere_ends_the_walk),
        cmocka_unit_test(what_is_not_there_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
