/* Pages: zeroes, guards that fault, memory given back, permanent memory apart. */
#include "os/pages.h"
#include "unit.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BYTES = 16 * GOC_PAGE_BYTES };

/* How a child ends that writes to ADDRESS. */
static int status_of_write(char *address)
{
    pid_t child = fork();
    if (child == 0) {
        signal(SIGSEGV, SIG_DFL); /* CMocka catches it */
        *address = 1;
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

/* Linux from 5.14 on. */
static bool kernel_populates(void)
{
    char *page;
    assert_int_equal(goc__pages_map(GOC_PAGE_BYTES, &page), 0);
    bool does = madvise(page, GOC_PAGE_BYTES, 23 /* MADV_POPULATE_WRITE */) == 0;
    goc__pages_unmap(page, GOC_PAGE_BYTES);
    return does;
}

static void guards_fault(void **state)
{
    (void)state;
    char *base;
    assert_int_equal(goc__pages_reserve(BYTES, &base), 0);
    assert_int_equal(goc__pages_guard(base, GOC_PAGE_BYTES), 0);
    int status = status_of_write(base + GOC_PAGE_BYTES - 1);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSEGV);
    status = status_of_write(base + GOC_PAGE_BYTES);
    assert_true(WIFEXITED(status));
    /* What is released next to it leaves the guard in place. */
    goc__pages_release(base + GOC_PAGE_BYTES, BYTES - GOC_PAGE_BYTES);
    assert_true(WIFSIGNALED(status_of_write(base)));
    goc__pages_unmap(base, BYTES);
}

static void released_pages_are_zero(void **state)
{
    (void)state;
    char *base;
    assert_int_equal(goc__pages_map(BYTES, &base), 0);
    memset(base, 1, BYTES);
    goc__pages_release(base, BYTES);
    for (int i = 0; i < BYTES; i++)
        assert_int_equal(base[i], 0);
    base[0] = 1;
    goc__pages_unmap(base, BYTES);
}

static void brought_pages_have_memory(void **state)
{
    (void)state;
    char *base;
    assert_int_equal(goc__pages_reserve(BYTES, &base), 0);
    base[GOC_PAGE_BYTES] = 1;
    goc__pages_bring(base, BYTES - GOC_PAGE_BYTES);
    unsigned char there[BYTES / GOC_PAGE_BYTES];
    assert_int_equal(mincore(base, BYTES, there), 0);
    enum { LAST = BYTES / GOC_PAGE_BYTES - 1 };
    int count = 0;
    for (int i = 0; i < LAST; i++)
        count += there[i] & 1;
    assert_int_equal(count, kernel_populates() ? LAST : 1);
    assert_int_equal(there[LAST] & 1, 0);
    for (int i = 0; i < BYTES; i++)
        assert_int_equal(base[i], i == GOC_PAGE_BYTES);
    goc__pages_unmap(base, BYTES);
}

static void reserves_more_than_there_is(void **state)
{
    (void)state;
    char *base;
    size_t huge = (size_t)1 << 38;
    assert_int_equal(goc__pages_reserve(huge, &base), 0);
    base[0] = 1;
    base[huge - 1] = 1;
    goc__pages_unmap(base, huge);
}

static void permanent_pieces_are_apart(void **state)
{
    (void)state;
    char *last = goc__pages_permanent(1);
    for (int i = 0; i < 5000; i++) {
        char *piece = goc__pages_permanent(100);
        assert_non_null(piece);
        assert_int_equal((uintptr_t)piece % 128, 0);
        assert_true(piece >= last + 128 || piece < last);
        assert_int_equal(piece[99], 0);
        memset(piece, 1, 100);
        last = piece;
    }
    assert_non_null(goc__pages_permanent((size_t)1 << 20));
}

/* Whatever call makes the child; Linux from 4.14 on. */
static void wiped_pages_are_zero_in_children(void **state)
{
    (void)state;
    char *base;
    int status;
    assert_int_equal(goc__pages_map(BYTES, &base), 0);
    memset(base, 1, BYTES);
    if (goc__pages_wipe_in_child(base, BYTES - GOC_PAGE_BYTES) != 0)
        skip();
    pid_t child = (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
    if (child == 0)
        _exit(base[0] + base[BYTES - GOC_PAGE_BYTES - 1] * 2 + base[BYTES - 1] * 4);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 4);
    assert_int_equal(base[0], 1);
    goc__pages_unmap(base, BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(guards_fault),
        cmocka_unit_test(released_pages_are_zero),
        cmocka_unit_test(brought_pages_have_memory),
        cmocka_unit_test(wiped_pages_are_zero_in_children),
        cmocka_unit_test(reserves_more_than_there_is),
        cmocka_unit_test(permanent_pieces_are_apart),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
