/* Writes race logs of which everything is known: fixture SCENARIO > LOG.
 *
 * The places in the records are places in this file, so the report about them can be
 * compared word by word (golden.py).  A place is where place() is called: moving lines
 * here changes the golden files.
 */
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((__noinline__))
#define ALWAYS_INLINE inline __attribute__((__always_inline__))

static int hits;
static struct {
    const char *name;
    struct {
        short low, high;
    } limits[4];
} config;

static uintptr_t bias; // address in memory minus address in the file

NOINLINE static uint64_t place(void)
{
    return (uintptr_t)__builtin_return_address(0) - 1 - bias;
}

NOINLINE static uint64_t in_main(void)
{
    return place();
}

NOINLINE static uint64_t in_spawn(void)
{
    return place();
}

static ALWAYS_INLINE uint64_t in_increment(void)
{
    hits++;
    return place();
}

NOINLINE static uint64_t in_worker(void)
{
    const uint64_t inlined = in_increment();
    return inlined;
}

NOINLINE static uint64_t in_reader(void)
{
    return place();
}

NOINLINE static uint64_t in_lock(void)
{
    return place();
}

static const char *stack_of(uint64_t a, uint64_t b)
{
    static char texts[16][64];
    static int next;
    char *text = texts[next++ % 16];
    if (a == 0)
        strcpy(text, "[]");
    else if (b == 0)
        snprintf(text, sizeof texts[0], "[[0,\"0x%llx\"]]", (unsigned long long)a);
    else
        snprintf(text, sizeof texts[0], "[[0,\"0x%llx\"],[0,\"0x%llx\"]]",
                 (unsigned long long)a, (unsigned long long)b);
    return text;
}

static void start(const char *detector)
{
    printf("{\"goc_race\":1,\"type\":\"start\",\"pid\":7,\"detector\":\"%s\","
           "\"exe\":\"/x/fixture\",\"argv\":[\"fixture\"],\"cwd\":\"/x\"}\n",
           detector);
}

static void module(void)
{
    char path[4096] = "";
    if (realpath("/proc/self/exe", path) == NULL)
        _Exit(1);
    printf("{\"goc_race\":1,\"type\":\"module\",\"pid\":7,\"id\":0,\"path\":\"%s\"}\n",
           path);
}

struct access {
    const char *op;
    int strand;
    const char *stack;
    const char *locks;
};

static void print_access(struct access access, uint64_t addr, int size)
{
    const int atomic = strncmp(access.op, "atomic ", 7) == 0;
    printf("{\"op\":\"%s\",\"atomic\":%s,\"addr\":\"0x%llx\",\"size\":%d,\"strand\":%d,"
           "\"stack\":%s,\"locks\":[%s]}",
           access.op + (atomic ? 7 : 0), atomic ? "true" : "false",
           (unsigned long long)addr, size, access.strand, access.stack,
           access.locks ? access.locks : "");
}

/* Strand 1 is main, 2 a goroutine of its, 3 a goroutine of 2's, 4 a thread. */
static void race(const char *detector, struct access later, struct access earlier,
                 uint64_t addr, int size, const char *memory)
{
    printf("{\"goc_race\":1,\"type\":\"race\",\"pid\":7,\"detector\":\"%s\","
           "\"accesses\":[",
           detector);
    print_access(later, addr, size);
    putchar(',');
    print_access(earlier, addr, size);
    printf("],\"strands\":[{\"id\":1,\"kind\":\"main\",\"goid\":1,\"stack\":[]},"
           "{\"id\":2,\"kind\":\"goroutine\",\"goid\":6,\"parent\":1,\"stack\":%s},"
           "{\"id\":3,\"kind\":\"goroutine\",\"goid\":7,\"parent\":2,\"stack\":%s},"
           "{\"id\":4,\"kind\":\"thread\",\"tid\":4711,\"parent\":1,\"stack\":%s}],"
           "\"memory\":%s}\n",
           stack_of(in_main(), 0), stack_of(in_spawn(), in_worker()),
           stack_of(in_main(), 0), memory);
}

static const char *global(const void *address)
{
    static char text[128];
    snprintf(text, sizeof text,
             "{\"kind\":\"global\",\"module\":0,\"offset\":\"0x%llx\"}",
             (unsigned long long)((uintptr_t)address - bias));
    return text;
}

static const char *lock(const char *addr, const char *exclusive)
{
    static char texts[2][256];
    static int next;
    char *text = texts[next++ % 2];
    snprintf(text, sizeof texts[0],
             "{\"addr\":\"%s\",\"kind\":\"goc_mutex\",\"exclusive\":%s,\"stack\":%s}",
             addr, exclusive, stack_of(in_lock(), 0));
    return text;
}

/* Both detectors; TSan's stacks have other machine addresses, and one is lost. */
static void scenario_counter(void)
{
    const char *worker = stack_of(in_worker(), in_main());
    const char *reader = stack_of(in_reader(), in_main());
    start("goc");
    start("tsan");
    module();
    race("goc", (struct access){"write", 2, worker, NULL},
         (struct access){"write", 3, worker, NULL}, 0x4010, 4, global(&hits));
    race("tsan", (struct access){"read", 3, worker, NULL},
         (struct access){"write", 2, worker, NULL}, 0x4010, 4, "{\"kind\":\"unknown\"}");
    race("tsan", (struct access){"read", 1, reader, NULL},
         (struct access){"write", 2, "[]", NULL}, 0x4010, 4, "{\"kind\":\"unknown\"}");
}

static void scenario_locks(void)
{
    start("goc");
    module();
    race("goc",
         (struct access){"write", 2, stack_of(in_worker(), 0), lock("0xa0", "true")},
         (struct access){"read", 1, stack_of(in_reader(), 0), lock("0xb0", "false")},
         0x4020, 2, global(&config.limits[2].high));
}

static void scenario_heap(void)
{
    char memory[512];
    snprintf(
        memory, sizeof memory,
        "{\"kind\":\"heap\",\"addr\":\"0x5000\",\"size\":40,\"strand\":1,\"stack\":%s,"
        "\"freed\":{\"strand\":4,\"stack\":%s}}",
        stack_of(in_main(), 0), stack_of(in_reader(), 0));
    start("goc");
    module();
    race("goc", (struct access){"free", 4, stack_of(in_reader(), in_main()), NULL},
         (struct access){"read", 1, stack_of(in_worker(), in_main()), NULL}, 0x5008, 8,
         memory);
}

/* What nobody knows is said so. */
static void scenario_unknown(void)
{
    start("tsan");
    module();
    race("tsan", (struct access){"atomic write", 2, "[[-1,\"0x7fff1234\"]]", NULL},
         (struct access){"write", 1, "[]", NULL}, 0x4010, 4,
         "{\"kind\":\"stack\",\"strand\":1}");
    printf("{\"goc_race\":1,\"type\":\"error\",\"pid\":7,\"detector\":\"tsan\","
           "\"kind\":\"mutex-destroy-locked\",\"message\":\"a mutex was destroyed while "
           "it was locked\"}\n");
}

static void scenario_clean(void)
{
    start("goc");
    module();
    printf("{\"goc_race\":1,\"type\":\"end\",\"pid\":7,\"detector\":\"goc\",\"races\":0,"
           "\"status\":0}\n");
}

static int visit_first(struct dl_phdr_info *info, size_t size, void *unused)
{
    (void)size, (void)unused;
    bias = info->dlpi_addr;
    return 1;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*write)(void);
    } scenarios[] = {
        {"counter", scenario_counter}, {"locks", scenario_locks}, {"heap", scenario_heap},
        {"unknown", scenario_unknown}, {"clean", scenario_clean},
    };
    dl_iterate_phdr(visit_first, NULL);
    config.name = "fixture";
    for (size_t i = 0; argc > 1 && i < sizeof scenarios / sizeof *scenarios; i++) {
        if (strcmp(argv[1], scenarios[i].name) == 0) {
            scenarios[i].write();
            return 0;
        }
    }
    return 2;
}
