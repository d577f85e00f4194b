/* A file appears whole or not at all. */
#include "os/whole_file.h"
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
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
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &little), 0);
    assert_int_equal(goc__whole_file_begin(&file, path), 0);
    for (int i = 0; i < 1000; i++)
        goc__whole_file_print(&file, "%06d\n", i);
    assert_int_equal(goc__whole_file_end(&file), -EFBIG);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    assert_int_equal(size_of_file(), before);
}

/* What stands there is not a file's to replace: it is written to. */
static void a_pipe_is_written_to(void **state)
{
    (void)state;
    char pipe_path[sizeof path];
    char got[8] = "";
    struct stat status;
    snprintf(pipe_path, sizeof pipe_path, "%s/pipe", directory);
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    assert_int_equal(goc__whole_file_begin(&file, pipe_path), -ENXIO); /* nobody reads */
    int reader = open(pipe_path, O_RDONLY | O_NONBLOCK);
    assert_int_equal(goc__whole_file_begin(&file, pipe_path), 0);
    goc__whole_file_print(&file, "whole\n");
    assert_int_equal(goc__whole_file_end(&file), 0);
    assert_int_equal(read(reader, got, sizeof got - 1), 6);
    assert_string_equal(got, "whole\n");
    assert_int_equal(goc__whole_file_begin(&file, pipe_path), 0);
    close(reader);
    goc__whole_file_print(&file, "nobody\n");
    assert_int_equal(goc__whole_file_end(&file), -EPIPE);
    assert_int_equal(lstat(pipe_path, &status), 0);
    assert_true(S_ISFIFO(status.st_mode));
    unlink(pipe_path);
}

static void a_link_stays_one(void **state)
{
    (void)state;
    char link_path[sizeof path];
    struct stat status;
    snprintf(link_path, sizeof link_path, "%s/link", directory);
    assert_int_equal(symlink("file", link_path), 0);
    assert_int_equal(goc__whole_file_begin(&file, link_path), 0);
    goc__whole_file_print(&file, "through it\n");
    assert_int_equal(goc__whole_file_end(&file), 0);
    assert_int_equal(size_of_file(), 11);
    assert_int_equal(lstat(link_path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    unlink(link_path);
}

static void a_link_to_nothing_leads_to_the_file(void **state)
{
    (void)state;
    char link_path[sizeof path];
    struct stat status;
    unlink(path);
    snprintf(link_path, sizeof link_path, "%s/link", directory);
    assert_int_equal(symlink("file", link_path), 0);
    assert_int_equal(goc__whole_file_begin(&file, link_path), 0);
    goc__whole_file_print(&file, "through it\n");
    assert_int_equal(goc__whole_file_end(&file), 0);
    assert_int_equal(size_of_file(), 11);
    assert_int_equal(lstat(link_path, &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    unlink(link_path);
}

static void another_file_keeps_its_name(void **state)
{
    (void)state;
    char other[sizeof path + 32];
    snprintf(other, sizeof other, "%s.%d.0", path, (int)getpid());
    int opened = open(other, O_WRONLY | O_CREAT, 0600);
    assert_int_equal(write(opened, "the program's own\n", 18), 18);
    close(opened);
    assert_int_equal(goc__whole_file_begin(&file, path), 0);
    assert_int_equal(goc__whole_file_end(&file), 0);
    struct stat status;
    assert_int_equal(stat(other, &status), 0);
    assert_int_equal(status.st_size, 18);
    unlink(other);
}

static void says_why_it_cannot_begin(void **state)
{
    (void)state;
    assert_int_equal(goc__whole_file_begin(&file, "/no/such/directory/file"), -ENOENT);
    assert_int_equal(goc__whole_file_begin(&file, directory), -EISDIR);
    static char longer[WHOLE_FILE_PATH_BYTES + 1];
    memset(longer, 'a', sizeof longer - 1);
    assert_int_equal(goc__whole_file_begin(&file, longer), -ENAMETOOLONG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(appears_at_the_end),
        cmocka_unit_test(a_failure_leaves_the_former_file),
        cmocka_unit_test(a_pipe_is_written_to),
        cmocka_unit_test(a_link_stays_one),
        cmocka_unit_test(a_link_to_nothing_leads_to_the_file),
        cmocka_unit_test(another_file_keeps_its_name),
        cmocka_unit_test(says_why_it_cannot_begin),
    };
    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
