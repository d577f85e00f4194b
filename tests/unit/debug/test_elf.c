/* Code addresses to module, offset and function, from symbol tables alone. */
#include "debug/elf.h"
#include "unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

__attribute__((__noinline__)) static int hidden(int x)
{
    __asm__ volatile("" : "+r"(x));
    return x + 1;
}

static void finds_static_functions(void **state)
{
    (void)state;
    char self[ELF_PATH_BYTES] = {0};
    struct elf_place place;
    assert_int_equal(hidden(1), 2);
    assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    const char *inside = (const char *)(uintptr_t)hidden + 1;
    assert_true(goc__elf_find(inside, &place));
    assert_string_equal(place.path, self);
    assert_string_equal(place.function, "hidden");
    assert_int_equal(place.skew, 1);
    assert_true(place.offset <
                (uintptr_t)inside); /* the program is position-independent */
}

static void finds_functions_of_libraries(void **state)
{
    (void)state;
    struct elf_place place;
    assert_true(goc__elf_find((const char *)(uintptr_t)a64l + 1, &place));
    assert_non_null(strstr(place.path, "libc"));
    assert_non_null(place.function);
}

static void says_when_there_is_none(void **state)
{
    (void)state;
    int local = 0;
    struct elf_place place;
    assert_false(goc__elf_find(NULL, &place));
    assert_false(goc__elf_find(&local, &place));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_static_functions),
        cmocka_unit_test(finds_functions_of_libraries),
        cmocka_unit_test(says_when_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
