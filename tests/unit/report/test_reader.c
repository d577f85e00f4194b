/* report/reader.c and decode.c: what is whole is read, what is not is one line of
 * complaint with the line's number. */
#include "report/reader.h"
#include "spill.h"
#include "unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ACCESS(op, strand, stack)                                                        \
    "{\"op\":\"" op                                                                      \
    "\",\"atomic\":false,\"addr\":\"0x10\",\"size\":4,\"strand\":" strand                \
    ",\"stack\":" stack ",\"locks\":[]}"
#define RACE(accesses, strands, memory)                                                  \
    "{\"goc_race\":1,\"type\":\"race\",\"pid\":7,\"detector\":\"goc\",\"accesses\":"     \
    "[" accesses "],\"strands\":[" strands "],\"memory\":" memory "}\n"
#define MAIN "{\"id\":1,\"kind\":\"main\",\"stack\":[]}"
#define GOROUTINE                                                                        \
    "{\"id\":2,\"kind\":\"goroutine\",\"goid\":5,\"parent\":1,\"stack\":[[0,\"0x9\"]]}"
#define UNKNOWN "{\"kind\":\"unknown\"}"
#define TWO_ACCESSES                                                                     \
    ACCESS("write", "2", "[[0,\"0x4010\"],[-1,\"0xffffffffffffffff\"]]")                 \
    "," ACCESS("read", "1", "[]")
#define GOOD RACE(TWO_ACCESSES, MAIN "," GOROUTINE, UNKNOWN)
#define END "{\"goc_race\":1,\"type\":\"end\",\"pid\":7,\"detector\":\"goc\"}\n"

static struct arena arena;
static struct processes processes;
static struct record last; // the last record read
static size_t read_count;
static size_t fault_count;
static char complaints[SPILL_SIZE];

/* Reads the SIZE bytes at LOG, called "log", and keeps what was said on stderr. */
static void read_bytes(const char *log, size_t size)
{
    FILE *in = spill_of(log, size);
    FILE *said = spill_of(NULL, 0);
    const int real_stderr = spill_stderr(said);

    struct reader reader;
    processes = (struct processes){.arena = &arena};
    reader_init(&reader, &arena, &processes, fileno(in), "log");
    read_count = 0;
    while (reader_next(&reader, &last))
        read_count++;
    fault_count = reader_fini(&reader);

    spill_stderr_back(real_stderr);
    strcpy(complaints, spill_text(said));
    fclose(said);
    fclose(in);
}

static void read_text(const char *log)
{
    read_bytes(log, strlen(log));
}

static int end(void **state)
{
    (void)state;
    processes_fini(&processes);
    arena_free(&arena);
    return 0;
}

/* LOG is one faulty line: one complaint, which says WHAT, and the next line is read. */
static void expect_fault(const char *log, const char *what)
{
    char both[4096];
    snprintf(both, sizeof both, "%s%s", log, END);
    read_text(both);
    assert_int_equal(read_count, 1);
    assert_int_equal(fault_count, 1);
    assert_non_null(strstr(complaints, "goc-race: log:1: "));
    if (strstr(complaints, what) == NULL)
        fail_msg("no \"%s\" in: %s", what, complaints);
    assert_ptr_equal(strchr(complaints, '\n'), complaints + strlen(complaints) - 1);
}

static void test_race(void **state)
{
    (void)state;
    read_text(GOOD);
    assert_int_equal(fault_count, 0);
    assert_int_equal(last.type, RECORD_RACE);
    const struct race *race = &last.race;
    assert_int_equal(race->process->pid, 7);
    assert_int_equal(race->detector, DETECTOR_GOC);
    assert_int_equal(race->accesses[0].op, ACCESS_WRITE);
    assert_int_equal(race->accesses[0].addr, 0x10);
    assert_int_equal(race->accesses[0].stack.pc_count, 2);
    assert_int_equal(race->accesses[0].stack.pcs[0].offset, 0x4010);
    assert_int_equal(race->accesses[0].stack.pcs[1].module, MODULE_NONE);
    assert_int_equal(race->accesses[1].stack.pc_count, 0);
    const struct strand *strand = cast_strand(&race->cast, 2);
    assert_int_equal(strand->kind, STRAND_GOROUTINE);
    assert_int_equal(strand->number, 5);
    assert_true(strand->has_parent);
    assert_null(cast_strand(&race->cast, 3));
}

static void test_memory(void **state)
{
    (void)state;
    read_text(RACE(TWO_ACCESSES, MAIN "," GOROUTINE,
                   "{\"kind\":\"heap\",\"addr\":\"0x8\",\"size\":40,\"strand\":1,"
                   "\"stack\":[[0,\"0x1\"]],\"freed\":{\"strand\":2,\"stack\":[]}}"));
    assert_int_equal(fault_count, 0);
    assert_int_equal(last.race.memory.kind, MEMORY_HEAP);
    assert_int_equal(last.race.memory.size, 40);
    assert_true(last.race.memory.freed);
    read_text(RACE(TWO_ACCESSES, MAIN "," GOROUTINE,
                   "{\"kind\":\"global\",\"module\":0,\"offset\":\"0x4010\"}"));
    assert_int_equal(fault_count, 0);
    assert_int_equal(last.race.memory.place.offset, 0x4010);
    read_text(RACE(TWO_ACCESSES, MAIN "," GOROUTINE,
                   "{\"kind\":\"tls\",\"tid\":71,\"module\":2,\"offset\":\"0x8\"}"));
    assert_int_equal(fault_count, 0);
    assert_int_equal(last.race.memory.tid, 71);
    assert_int_equal(last.race.memory.place.module, 2);
    read_text(RACE(TWO_ACCESSES, MAIN "," GOROUTINE, "{\"kind\":\"tls\",\"strand\":1}"));
    assert_int_equal(fault_count, 0);
    assert_false(last.race.memory.has_place);
}

static void test_later_fields_are_welcome(void **state)
{
    (void)state;
    read_text("{\"goc_race\":1,\"type\":\"end\",\"pid\":7,\"detector\":\"goc\","
              "\"mood\":[1,{}]}\n");
    assert_int_equal(fault_count, 0);
    assert_int_equal(last.type, RECORD_END);
}

static void test_start_and_modules(void **state)
{
    (void)state;
    read_text(
        "{\"goc_race\":1,\"type\":\"start\",\"pid\":7,\"detector\":\"tsan\",\"exe\":"
        "\"/x/p\",\"argv\":[\"p\",\"-v\"],\"cwd\":\"/x\"}\n"
        "{\"goc_race\":1,\"type\":\"module\",\"pid\":7,\"id\":0,\"path\":\"/x/p\","
        "\"build_id\":\"\"}\n");
    assert_int_equal(fault_count, 0);
    const struct process *process = process_get(&processes, 7);
    assert_string_equal(process->command, "p -v");
    assert_string_equal(process_module(process, 0)->path, "/x/p");
    assert_null(process_module(process, 0)->build_id);
}

static void test_no_records(void **state)
{
    (void)state;
    expect_fault("hello\n", "not JSON");
    expect_fault("[1]\n", "not an object");
    expect_fault("{}\n", "\"goc_race\" is missing");
    expect_fault("{\"goc_race\":1}\n", "\"type\" of the record is missing");
    expect_fault("{\"goc_race\":1,\"type\":\"tea\",\"pid\":7}\n", "\"tea\"");
    expect_fault("{\"goc_race\":1,\"type\":\"end\",\"pid\":-7}\n", "negative");
    expect_fault("{\"goc_race\":1,\"type\":\"end\",\"pid\":7,\"detector\":\"cat\"}\n",
                 "\"cat\"");
    expect_fault("{\"goc_race\":1,\"a\":\"\xff\"}\n", "not UTF-8 at byte");
    expect_fault("{\"goc_race\":1,\"goc_race\":1}\n", "not JSON: duplicate");
}

static void test_faulty_races(void **state)
{
    (void)state;
    expect_fault(RACE("", MAIN, UNKNOWN), "\"accesses\" has 0 elements, not 2");
    expect_fault(RACE("1,2", MAIN, UNKNOWN), "accesses[0] is not an object");
    expect_fault(RACE(TWO_ACCESSES, MAIN, UNKNOWN), "accesses[0] names strand 2");
    expect_fault(RACE(TWO_ACCESSES, MAIN "," MAIN "," GOROUTINE, UNKNOWN), "twice");
    expect_fault(RACE(TWO_ACCESSES, MAIN "," GOROUTINE, "{\"kind\":\"cheese\"}"),
                 "\"kind\" of memory has the unknown value \"cheese\"");
    expect_fault(
        RACE(ACCESS("lick", "1", "[]") "," ACCESS("read", "1", "[]"), MAIN, UNKNOWN),
        "\"op\" of accesses[0]");
    expect_fault(
        RACE(ACCESS("read", "1", "[[0,7]]") "," ACCESS("read", "1", "[]"), MAIN, UNKNOWN),
        "a frame of the stack of accesses[0] is not [MODULE,\"0x");
    expect_fault(RACE(ACCESS("read", "1", "[[-2,\"0x1\"]]") "," ACCESS("read", "1", "[]"),
                      MAIN, UNKNOWN),
                 "no possible module");
    expect_fault(RACE(ACCESS("read", "1", "[[0,\"12\"]]") "," ACCESS("read", "1", "[]"),
                      MAIN, UNKNOWN),
                 "no \"0x");
}

/* A terminal would act on it. */
static void test_control_characters(void **state)
{
    (void)state;
    expect_fault("{\"goc_race\":1,\"type\":\"module\",\"pid\":7,\"id\":0,"
                 "\"path\":\"/x\\u001b[31m\"}\n",
                 "\"path\" of the record holds a control character");
    expect_fault("\033[31m\n", "not JSON");
    assert_null(strchr(complaints, '\033'));
}

static void test_cut_off(void **state)
{
    (void)state;
    read_bytes(GOOD, strlen(GOOD) - 20);
    assert_int_equal(read_count, 0);
    assert_string_equal(complaints, "goc-race: log:1: the record is cut off\n");
    read_bytes(GOOD, strlen(GOOD) - 1); // whole but for its newline
    assert_int_equal(read_count, 1);
    assert_int_equal(fault_count, 0);
}

/* A newer log is said once, however long it is. */
static void test_newer(void **state)
{
    (void)state;
    read_text("{\"goc_race\":2}\n{\"goc_race\":2,\"type\":\"race\"}\n");
    assert_int_equal(read_count, 0);
    assert_int_equal(fault_count, 1);
    assert_string_equal(complaints, "goc-race: log:1: record version 2; this goc-race "
                                    "reads version 1\n");
}

static void test_many_faults(void **state)
{
    (void)state;
    char log[64 * 3 + 1] = "";
    for (int i = 0; i < 64; i++)
        strcat(log, "x\n");
    read_text(log);
    assert_int_equal(fault_count, 64);
    assert_non_null(strstr(complaints, "log: 54 more faulty lines"));
    assert_null(strstr(complaints, "log:11:"));
}

static void test_open(void **state)
{
    (void)state;
    FILE *said = spill_of(NULL, 0);
    const int real_stderr = spill_stderr(said);
    const int missing = reader_open("/nowhere/race.log");
    const int directory = reader_open("/");
    spill_stderr_back(real_stderr);
    fclose(said);
    assert_int_equal(missing, -ENOENT);
    assert_int_equal(directory, -EISDIR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_race, end),
        cmocka_unit_test_teardown(test_memory, end),
        cmocka_unit_test_teardown(test_later_fields_are_welcome, end),
        cmocka_unit_test_teardown(test_start_and_modules, end),
        cmocka_unit_test_teardown(test_no_records, end),
        cmocka_unit_test_teardown(test_faulty_races, end),
        cmocka_unit_test_teardown(test_control_characters, end),
        cmocka_unit_test_teardown(test_cut_off, end),
        cmocka_unit_test_teardown(test_newer, end),
        cmocka_unit_test_teardown(test_many_faults, end),
        cmocka_unit_test_teardown(test_open, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
