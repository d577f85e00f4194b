/* report/lines.c: lines of every length, and what is no line. */
#include "report/lines.h"
#include "spill.h"
#include "unit.h"

#include <errno.h>
#include <goc/race_record.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct lines lines;
static FILE *file;

static void begin(const void *bytes, size_t size)
{
    file = spill_of(bytes, size);
    lines_init(&lines, fileno(file));
}

static void end(void)
{
    lines_fini(&lines);
    fclose(file);
}

static void expect(enum line_kind kind, size_t length)
{
    const char *text = NULL;
    size_t found = 0;
    assert_int_equal(lines_next(&lines, &text, &found), kind);
    if (kind == LINE_WHOLE || kind == LINE_TRUNCATED) {
        assert_int_equal(found, length);
        assert_int_equal(text[found], '\0');
    }
}

static void test_whole_and_truncated(void **state)
{
    (void)state;
    begin("one\n\nthree\ncut", 14);
    expect(LINE_WHOLE, 3);
    expect(LINE_WHOLE, 0);
    expect(LINE_WHOLE, 5);
    assert_int_equal(lines.number, 3);
    expect(LINE_TRUNCATED, 3);
    expect(LINE_END, 0);
    expect(LINE_END, 0);
    end();
}

static void test_empty_file(void **state)
{
    (void)state;
    begin("", 0);
    expect(LINE_END, 0);
    end();
}

/* A line of LENGTH bytes between two short ones. */
static void with_line_of(size_t length, enum line_kind kind)
{
    char *bytes = malloc(length + 5);
    assert_non_null(bytes);
    memset(bytes, 'x', length + 5);
    bytes[1] = '\n';
    bytes[2 + length] = '\n';
    bytes[2 + length + 2] = '\n';
    begin(bytes, length + 5);
    expect(LINE_WHOLE, 1);
    expect(kind, length);
    expect(LINE_WHOLE, 1);
    assert_int_equal(lines.number, 3);
    expect(LINE_END, 0);
    end();
    free(bytes);
}

static void test_longest(void **state)
{
    (void)state;
    with_line_of(RACE_RECORD_LINE_MAX, LINE_WHOLE);
    with_line_of(RACE_RECORD_LINE_MAX + 1, LINE_TOO_LONG);
    with_line_of((size_t)3 * RACE_RECORD_LINE_MAX + 7, LINE_TOO_LONG);
}

static void test_unreadable(void **state)
{
    (void)state;
    begin("x\n", 2);
    lines.fd = -1;
    expect(LINE_ERROR, 0);
    assert_int_equal(lines.error, -EBADF);
    end();
}

/* A record that comes in pieces, as through a pipe. */
static void test_pieces(void **state)
{
    (void)state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    lines_init(&lines, ends[0]);
    assert_int_equal(write(ends[1], "ab", 2), 2);
    assert_int_equal(write(ends[1], "c\nd", 3), 3);
    expect(LINE_WHOLE, 3);
    assert_int_equal(write(ends[1], "ef\n", 3), 3);
    expect(LINE_WHOLE, 3);
    close(ends[1]);
    expect(LINE_END, 0);
    lines_fini(&lines);
    close(ends[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_and_truncated),
        cmocka_unit_test(test_empty_file),
        cmocka_unit_test(test_longest),
        cmocka_unit_test(test_unreadable),
        cmocka_unit_test(test_pieces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
