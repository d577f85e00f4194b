/* report/symbolize.c, code.c, data.c, image.c: this very program, looked up. */
#include "report/symbolize.h"
#include "unit.h"

#include <link.h>
#include <string.h>

#define NOINLINE __attribute__((__noinline__))
#define ALWAYS_INLINE inline __attribute__((__always_inline__))

struct config {
    int flags;
    struct {
        short low;
        short high;
    } limits[4];
    double matrix[2][3];
};

struct device {
    unsigned ready : 1;
    unsigned kind : 3;
    unsigned : 0;
    unsigned low : 12;
    unsigned high : 20;
    int whole;
    union {
        struct {
            unsigned char first : 4;
            unsigned char second : 4;
        };
        int all;
    } either;
    unsigned long serial : 40;
    union {
        unsigned narrow : 3;
        unsigned wide : 13;
    } over;
    unsigned many : 1, a : 1, b : 1, c : 1, d : 1, e : 1, f : 1, g : 1, h : 1, last : 1;
};

struct config config = {.flags = 1};
struct device devices[2] = {{.ready = 1}};
static int counter = 1;
static const int counter_line = __LINE__ - 1;
static const int config_line = __LINE__ - 4;

static int inlined_line; // of the call in inlined()
static int outer_line;   // of the call in outer()
static struct arena arena;
static struct symbolizer symbolizer;

/* The address inside the call that called, as a record has it. */
NOINLINE static const char *here(void)
{
    return (const char *)__builtin_return_address(0) - 1;
}

static ALWAYS_INLINE const char *inlined(void)
{
    inlined_line = __LINE__ + 1;
    return here();
}

NOINLINE static const char *outer(void)
{
    counter++;
    outer_line = __LINE__ + 1;
    return inlined();
}

static int visit_first(struct dl_phdr_info *info, size_t size, void *bias)
{
    (void)size;
    *(uintptr_t *)bias = info->dlpi_addr;
    return 1;
}

/* An address of this program as its file has it. */
static uint64_t in_file(const void *address)
{
    uintptr_t bias = 0;
    dl_iterate_phdr(visit_first, &bias);
    return (uintptr_t)address - bias;
}

static int begin(void **state)
{
    (void)state;
    symbolizer = (struct symbolizer){.arena = &arena};
    return 0;
}

static int end(void **state)
{
    (void)state;
    symbolizer_fini(&symbolizer);
    arena_free(&arena);
    return 0;
}

static const char *base_name(const char *path)
{
    return strrchr(path, '/') + 1;
}

static void test_inlined_frames(void **state)
{
    (void)state;
    const struct frame_list list =
        symbolize_code(&symbolizer, "/proc/self/exe", NULL, in_file(outer()));
    assert_int_equal(list.count, 2);
    assert_string_equal(list.frames[0].function, "inlined");
    assert_string_equal(base_name(list.frames[0].file), "test_symbolize.c");
    assert_int_equal(list.frames[0].line, inlined_line);
    assert_int_equal(list.frames[0].column, 12);
    assert_true(list.frames[0].inlined);
    assert_string_equal(list.frames[1].function, "outer");
    assert_int_equal(list.frames[1].line, outer_line);
    assert_int_equal(list.frames[1].column, 12);
    assert_false(list.frames[1].inlined);
}

/* The second question gives the first answer. */
static void test_asked_twice(void **state)
{
    (void)state;
    const uint64_t offset = in_file(outer());
    const struct frame *first =
        symbolize_code(&symbolizer, "/proc/self/exe", NULL, offset).frames;
    assert_ptr_equal(symbolize_code(&symbolizer, "/proc/self/exe", NULL, offset).frames,
                     first);
}

static struct variable variable_at(const void *address, uint64_t size)
{
    return symbolize_data(&symbolizer, "/proc/self/exe", NULL, in_file(address), size);
}

static void test_variables(void **state)
{
    (void)state;
    struct variable found = variable_at(&counter, sizeof counter);
    assert_string_equal(found.name, "counter");
    assert_null(found.path);
    assert_int_equal(found.size, sizeof counter);
    assert_int_equal(found.line, counter_line);
    assert_string_equal(base_name(found.file), "test_symbolize.c");
    found = variable_at(&config.limits[2].high, sizeof(short));
    assert_string_equal(found.name, "config");
    assert_string_equal(found.path, "config.limits[2].high");
    assert_int_equal(found.size, sizeof config);
    assert_int_equal(found.line, config_line);
    found = variable_at(&config.matrix[1][2], sizeof(double));
    assert_string_equal(found.path, "config.matrix[1][2]");
    found = variable_at(&config.limits[1], sizeof config.limits[1]); // both members
    assert_string_equal(found.path, "config.limits[1]");
    found = variable_at(&config, sizeof config);
    assert_null(found.path);
}

static void expect_part(const void *address, uint64_t size, const char *path, bool bits)
{
    const struct variable found = variable_at(address, size);
    assert_string_equal(found.name, "devices");
    assert_string_equal(found.path, path);
    assert_int_equal(found.bits, bits);
}

/* All that have bits in the bytes accessed. */
static void test_bit_fields(void **state)
{
    (void)state;
    const char *device = (const char *)&devices[1];
    expect_part(device, 1, "devices[1].{ready:1, kind:3}", true);
    expect_part(device + 1, 1, "devices[1]", false); // nobody's bits
    expect_part(device + 4, 1, "devices[1].low:12", true);
    expect_part(device + 5, 1, "devices[1].{low:12, high:20}", true);
    expect_part(device + 6, 2, "devices[1].high:20", true);
    expect_part(device, 8, "devices[1].{ready:1, kind:3, low:12, high:20}", true);
    expect_part(device, 12, "devices[1]", false); // not bit-fields alone
    expect_part(&devices[1].whole, 4, "devices[1].whole", false);
    expect_part(&devices[1].either, 1, "devices[1].either.{first:4, second:4}", true);
    expect_part(&devices[1].either, 4, "devices[1].either.all", false);
    expect_part(&devices[1].over, 1, "devices[1].over.{narrow:3, wide:13}", true);
    expect_part((const char *)&devices[1].over + 1, 1, "devices[1].over.wide:13", true);
    expect_part((const char *)&devices[1].over - 4, 1, "devices[1].serial:40", true);
    expect_part((const char *)(&devices[1].over + 1), 2,
                "devices[1].{many:1, a:1, b:1, c:1, d:1, e:1, f:1, g:1, ...}", true);
}

/* A static variable of a function. */
static void test_static_local(void **state)
{
    (void)state;
    static long hidden[3] = {1, 2, 3};
    const struct variable found = variable_at(&hidden[1], sizeof hidden[1]);
    assert_string_equal(found.name, "hidden");
    assert_string_equal(found.path, "hidden[1]");
}

static _Thread_local char ahead[3] = {1};
static _Thread_local struct config own = {.flags = 1};

static int visit_storage(struct dl_phdr_info *info, size_t size, void *storage)
{
    (void)size;
    *(uintptr_t *)storage = (uintptr_t)info->dlpi_tls_data;
    return 1;
}

static struct variable thread_local_at(const void *address, uint64_t size)
{
    uintptr_t storage = 0;
    dl_iterate_phdr(visit_storage, &storage);
    return symbolize_thread_local(&symbolizer, "/proc/self/exe", NULL,
                                  (uintptr_t)address - storage, size);
}

/* They have addresses of their own, which are others' too. */
static void test_thread_local(void **state)
{
    (void)state;
    struct variable found = thread_local_at(&own.limits[3].low, sizeof(short));
    assert_string_equal(found.name, "own");
    assert_string_equal(found.path, "own.limits[3].low");
    assert_int_equal(found.size, sizeof own);
    assert_string_equal(base_name(found.file), "test_symbolize.c");
    found = thread_local_at(&ahead[2], 1);
    assert_string_equal(found.path, "ahead[2]");
    assert_null(thread_local_at(&in_file, 1).name);
}

static void expect_unknown(const char *path, const char *build_id, uint64_t offset)
{
    const struct frame_list list = symbolize_code(&symbolizer, path, build_id, offset);
    assert_int_equal(list.count, 1);
    assert_null(list.frames[0].function);
    assert_null(list.frames[0].file);
    assert_int_equal(list.frames[0].offset, offset);
}

static void test_unknown(void **state)
{
    (void)state;
    expect_unknown(NULL, NULL, 0x7fff0000);
    expect_unknown("/nowhere/program", NULL, 0x1000);
    expect_unknown("/proc/self/exe", "feedc0de", in_file(outer()));
    expect_unknown("/etc/passwd", NULL, 0x1000);
    expect_unknown("[vdso]", NULL, 0x1000);
    expect_unknown("/proc/self/exe", NULL, 0x7fffffff0000);
    assert_null(variable_at((const void *)&expect_unknown, 1).path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_inlined_frames, begin, end),
        cmocka_unit_test_setup_teardown(test_asked_twice, begin, end),
        cmocka_unit_test_setup_teardown(test_variables, begin, end),
        cmocka_unit_test_setup_teardown(test_bit_fields, begin, end),
        cmocka_unit_test_setup_teardown(test_static_local, begin, end),
        cmocka_unit_test_setup_teardown(test_thread_local, begin, end),
        cmocka_unit_test_setup_teardown(test_unknown, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
