/* Records: what stands in the log after a race, read back as text. */
#include "base/flags.h"
#include "entry/access.h"
#include "entry/boot.h"
#include "entry/events.h"
#include "entry/heap.h"
#include "entry/threads.h"
#include "record/record.h"
#include "state/strand.h"
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char directory[] = "/tmp/goc_test_record_XXXXXX";
static char path[256];
static char log_text[1 << 16];
static int global;

static int boot(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(directory));
    race__boot();
    snprintf(race__flags.log_path, sizeof race__flags.log_path, "%s/log", directory);
    snprintf(path, sizeof path, "%s/log.%d", directory, (int)getpid());
    return 0;
}

static int clean(void **state)
{
    (void)state;
    return unlink(path) != 0 || rmdir(directory) != 0;
}

static const char *read_log(void)
{
    FILE *file = fopen(path, "r");
    if (file == NULL)
        abort();
    size_t size = fread(log_text, 1, sizeof log_text - 1, file);
    log_text[size] = '\0';
    fclose(file);
    return log_text;
}

static bool has(const char *text)
{
    return strstr(log_text, text) != NULL;
}

static goc_strand *make_thread(void)
{
    goc_strand *creator = race__on_strand_current();
    goc_strand *thread = race__thread_spawn((const void *)&make_thread);
    race__thread_start(thread, NULL, 0);
    race__on_strand_switch(creator);
    return thread;
}

static void nothing_is_written_without_a_race(void **state)
{
    (void)state;
    race__write(&global, sizeof global, (const void *)&boot);
    assert_int_equal(race__record_count(), 0);
    assert_int_not_equal(access(path, F_OK), 0);
}

static void a_race_is_a_record(void **state)
{
    (void)state;
    goc_strand *creator = race__on_strand_current();
    goc_strand *thread = make_thread();
    race__on_strand_switch(thread);
    race__on_lock(&path, true, "test_lock", (const void *)&has);
    race__write(&global, sizeof global, (const void *)&read_log);
    race__on_strand_switch(creator);
    race__read((char *)&global + 1, 2, (const void *)&clean);
    assert_int_equal(race__record_count(), 1);
    race__read((char *)&global + 1, 2, (const void *)&clean);
    assert_int_equal(race__record_count(), 1);
    (void)read_log();
    assert_true(has("\"type\":\"start\""));
    assert_true(has("\"type\":\"module\""));
    assert_true(has("\"accesses\":[{\"op\":\"read\",\"atomic\":false"));
    assert_true(has("{\"op\":\"write\",\"atomic\":false"));
    assert_true(has("\"kind\":\"test_lock\",\"exclusive\":true"));
    assert_true(has("\"memory\":{\"kind\":\"global\""));
    assert_true(has("\"kind\":\"main\""));
    assert_true(has("\"kind\":\"thread\""));
    assert_false(has("use-after-free"));
}

static void a_freed_block_tells_its_life(void **state)
{
    (void)state;
    static char memory[64];
    goc_strand *creator = race__on_strand_current();
    goc_strand *thread = make_thread();
    race__heap_alloc(memory, sizeof memory, (const void *)&has);
    assert_int_equal(race__heap_size(memory), sizeof memory);
    race__heap_free(memory, (const void *)&boot);
    assert_int_equal(race__heap_size(memory), 0);
    race__read(&memory[10], 1, (const void *)&clean);
    race__on_strand_switch(thread);
    race__write(&memory[20], 4, (const void *)&clean);
    race__on_strand_switch(creator);
    assert_int_equal(race__record_count(), 2);
    (void)read_log();
    assert_true(has("\"kind\":\"use-after-free\""));
    assert_true(has("{\"op\":\"free\""));
    assert_true(has("\"kind\":\"heap\""));
    assert_true(has("\"size\":64"));
    assert_true(has("\"freed\":{\"strand\":"));
}

static void the_end_counts(void **state)
{
    (void)state;
    assert_int_equal(race__on_exit(3), 66);
    (void)read_log();
    assert_true(has("\"type\":\"end\""));
    assert_true(has("\"races\":2,\"status\":66"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_written_without_a_race),
        cmocka_unit_test(a_race_is_a_record),
        cmocka_unit_test(a_freed_block_tells_its_life),
        cmocka_unit_test(the_end_counts),
    };
    return cmocka_run_group_tests(tests, boot, clean);
}
