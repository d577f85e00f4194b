/* A file appears whole or not at all. */
#include "os/whole_file.h"
#include "unit.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static char directory[] = "/tmp/goc-test-whole-file-XXXXXX";
static char path[sizeof directory + 8];
static struct whole_file file;

static int make_directory(void **state)
{
    (void)state;
    if (mkdtemp(directory) == NULL)
        return -1;
    snprintf(path, sizeof path, "%s/file", directory);
    return 0;
}

static int remove_directory(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(directory); /* fails where anything else is left in it */
}

static size_t size_of_file(void)
{
    FILE *opened = fopen(path, "r");
    if (opened == NULL)
        return 0;
    fseek(opened, 0, SEEK_END);
    long size = ftell(opened);
    fclose(opened);
    return (size_t)size;
}

static void appears_at_the_end(void **state)
{
    (void)state;
    assert_int_equal(goc__whole_file_begin(&file, path), 0);
    for (int i = 0; i < 100000; i++) /* many buffers */
        goc__whole_file_print(&file, "%06d\n", i);
    assert_int_equal(access(path, F_OK), -1);
    assert_int_equal(goc__whole_file_end(&file), 0);
    assert_int_equal(size_of_file(), 700000);
}

static void a_failure_leaves_the_former_file(void **state)
{
    (void)state;
    size_t before = size_of_file();
    struct rlimit limit;
    struct rlimit little = {.rlim_cur = 1000};
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &limit), 0);
    little.rlim_max = limit.rlim_max;
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    assert_int_equal(goc__whole_file_begin(&file, path), 0);
    for (int i = 0; i < 1000; i++)
        goc__whole_file_print(&file, "%06d\n", i);
    assert_int_equal(goc__whole_file_end(&file), -EFBIG);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(size_of_file(), before);
}

static void says_why_it_cannot_begin(void **state)
{
    (void)state;
    assert_int_equal(goc__whole_file_begin(&file, "/no/such/directory/file"), -ENOENT);
    static char longer[WHOLE_FILE_PATH_BYTES + 1];
    memset(longer, 'a', sizeof longer - 1);
    assert_int_equal(goc__whole_file_begin(&file, longer), -ENAMETOOLONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appears_at_the_end),
        cmocka_unit_test(a_failure_leaves_the_former_file),
        cmocka_unit_test(says_why_it_cannot_begin),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
