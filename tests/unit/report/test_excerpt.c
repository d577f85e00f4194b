/* report/excerpt.c: the caret stands under the column, whatever is before it. */
#include "report/excerpt.h"
#include "spill.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char path[] = "/tmp/goc-excerpt.XXXXXX";

static const char source[] = "int a;\n"
                             "\tx = y;\n"
                             "s = \"\xc3\xa4\"; z;\n"
                             "\n"
                             "form\x0c"
                             "feed\n"
                             "crlf\r\n"
                             "last";

static int begin(void **state)
{
    (void)state;
    const int fd = mkstemp(path);
    if (fd < 0)
        return -1;
    const bool written = write(fd, source, sizeof source - 1) == sizeof source - 1;
    close(fd);
    return written ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    return unlink(path);
}

static void expect(uint32_t line, uint32_t column, const char *text)
{
    FILE *out = tmpfile();
    assert_non_null(out);
    excerpt_print(out, path, line, column, "<", ">");
    assert_string_equal(spill_text(out), text);
    fclose(out);
}

static void test_plain(void **state)
{
    (void)state;
    expect(1, 5,
           "         1 | int a;\n"
           "           |     <^>\n");
    expect(7, 1,
           "         7 | last\n"
           "           | <^>\n");
    expect(6, 4,
           "         6 | crlf\n"
           "           |    <^>\n");
}

static void test_no_column(void **state)
{
    (void)state;
    expect(1, 0, "         1 | int a;\n");
    expect(1, 70, "         1 | int a;\n"); // the file has changed since
}

/* Columns are bytes in debug information, on the screen they are not. */
static void test_wide(void **state)
{
    (void)state;
    expect(2, 6,
           "         2 |     x = y;\n"
           "           |         <^>\n");
    expect(3, 11,
           "         3 | s = \"\xc3\xa4\"; z;\n"
           "           |          <^>\n");
}

static void test_nothing_to_show(void **state)
{
    (void)state;
    expect(0, 1, "");
    expect(4, 1, "");
    expect(5, 1, "");
    expect(8, 1, "");
    FILE *out = tmpfile();
    excerpt_print(out, "/nowhere/a.c", 1, 1, "", "");
    excerpt_print(out, "/", 1, 1, "", "");
    assert_string_equal(spill_text(out), "");
    fclose(out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_no_column),
        cmocka_unit_test(test_wide),
        cmocka_unit_test(test_nothing_to_show),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
