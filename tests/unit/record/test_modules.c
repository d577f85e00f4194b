/* Modules: where code and globals come from, as their files have them. */
#include "record/modules.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int global = 1;

static int boot(void **state)
{
    (void)state;
    race__modules_refresh();
    return 0;
}

static void ours_is_the_executable(void **state)
{
    uintptr_t code;
    uintptr_t data;
    char path[4096];
    (void)state;
    int module = race__module_of((uintptr_t)&boot, &code);
    assert_true(module >= 0);
    assert_int_equal(race__module_of((uintptr_t)&global, &data), module);
    assert_int_equal((uintptr_t)&boot - code, race__module_at(module)->bias);
    assert_int_equal((uintptr_t)&global - data, race__module_at(module)->bias);
    assert_non_null(realpath("/proc/self/exe", path));
    assert_string_equal(race__module_at(module)->path, path);
}

static void libraries_are_others(void **state)
{
    uintptr_t offset;
    (void)state;
    int ours = race__module_of((uintptr_t)&boot, &offset);
    int libc = race__module_of((uintptr_t)stdout, &offset); // an object of libc's
    assert_true(libc >= 0);
    assert_int_not_equal(libc, ours);
    assert_true(strstr(race__module_at(libc)->path, "libc") != NULL);
    assert_true(race__module_at(libc)->build_id_size > 0);
}

static void numbers_stay(void **state)
{
    uintptr_t offset;
    (void)state;
    int before = race__module_of((uintptr_t)&boot, &offset);
    race__modules_refresh();
    assert_int_equal(race__module_of((uintptr_t)&boot, &offset), before);
    assert_int_equal(race__module_of(0x10, &offset), RACE_MODULE_NONE);
    assert_int_equal(offset, 0x10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ours_is_the_executable),
        cmocka_unit_test(libraries_are_others),
        cmocka_unit_test(numbers_stay),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
