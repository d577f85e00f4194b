/* The heap's blocks: which bytes a block's end marks, and whose cells come in huge pages. */
#include "base/pages.h"
#include "entry/boot.h"
#include "entry/heap.h"
#include "state/shadow.h"
#include "unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLACE ((const void *)&boot)
#define AREAS 5u
#define BLOCK 16u
#define STEP ((size_t)1 << 12) // from block to block

static _Alignas(RACE_HUGE_PAGE_SIZE) char memory[AREAS * RACE_HUGE_PAGE_SIZE];

static int boot(void **state)
{
    (void)state;
    race__boot();
    return 0;
}

/* Has the kernel been told that the cell of memory[AT] may lie in a huge page? */
static bool is_dense(size_t at)
{
    static char line[1024];
    uintptr_t cell = (uintptr_t)race__shadow_cell((uintptr_t)&memory[at]);
    bool is_here = false;
    bool found = false;
    FILE *maps = fopen("/proc/self/smaps", "r");
    if (maps == NULL)
        abort();
    while (fgets(line, sizeof line, maps) != NULL) {
        char *end;
        unsigned long low = strtoul(line, &end, 16);
        if (*end == '-')
            is_here = low <= cell && cell < strtoul(end + 1, NULL, 16);
        else if (is_here && strncmp(line, "VmFlags:", strlen("VmFlags:")) == 0)
            found = strstr(line, " hg") != NULL;
    }
    fclose(maps);
    return found;
}

/* The first area that a heap grows into from below is the first with huge pages of cells.
 * Where areas begin depends on where the kernel put the cells. */
static void cells_of_a_growing_heap_may_be_huge(void **state)
{
    (void)state;
    size_t into = (uintptr_t)race__shadow_cell((uintptr_t)memory) % RACE_HUGE_PAGE_SIZE;
    size_t area = RACE_HUGE_PAGE_SIZE - into;
    size_t first = area + RACE_HUGE_PAGE_SIZE / 2;
    if (access("/sys/kernel/mm/transparent_hugepage/enabled", F_OK) != 0)
        skip();
    for (size_t at = first; at < area + 3 * RACE_HUGE_PAGE_SIZE; at += STEP)
        race__heap_alloc(&memory[at], BLOCK, PLACE);
    assert_false(is_dense(area - 1));
    assert_false(is_dense(first));
    assert_true(is_dense(area + RACE_HUGE_PAGE_SIZE));
    assert_true(is_dense(area + 3 * RACE_HUGE_PAGE_SIZE - 1));
}

/* Of a strand that is alone: each byte of the block, and none beside it. */
static void a_lone_end_marks_the_blocks_bytes(void **state)
{
    (void)state;
    for (size_t size = 1; size <= 80; size++) {
        char *block = &memory[size * 256 + size % 3 * 8];
        race__heap_alloc(block, size, PLACE);
        race__heap_free(block, PLACE);
        for (size_t at = 0; at < size + 8; at++) {
            uint64_t cell = *race__shadow_cell((uintptr_t)&block[at]);
            bool marked = (cell & UINT64_C(1) << ((uintptr_t)&block[at] % 8)) != 0;
            assert_int_equal(marked, at < size);
        }
        assert_int_equal(*race__shadow_cell((uintptr_t)block - 1), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_of_a_growing_heap_may_be_huge),
        cmocka_unit_test(a_lone_end_marks_the_blocks_bytes),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
