/* One pass over the records in the order of their times.  A strand is in one state at a time; each
 * record ends the span of the state before and begins another.
 *
 *   process 1   a track a goroutine: running, runnable, blocked (with the reason), syscall
 *   process 2   a track a P: which goroutine runs on it
 *   process 3   a track a plain thread
 *   flows       from the strand that spawned or readied a goroutine to where that one runs, and
 *               from a send that waits to the receive that takes its element
 *
 * Runs once, at the end, perhaps in a signal's handler: memory comes from the kernel. */
#include "debug/chrome.h"

#include "base/knobs.h"
#include "base/print.h"
#include "base/start.h"
#include "debug/entry.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/pages.h"
#include "os/whole_file.h"
#include "sched/gmp.h"
#include "sched/history.h"
#include "sched/sched.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    GOROUTINES = 1, /* the three processes that the viewer shows */
    PROCS = 2,
    THREADS = 3,
    TRACKS_FIRST = 1024, /* a power of two */
    NS_PER_US = 1000,
    NAME_BYTES = 256,
    SCALE = 2, /* the table is at most half full */
};

enum state { UNKNOWN, RUNNABLE, RUNNING, WAITING, OUTSIDE, HOG, ENDED };

struct track {
    uint64_t strand; /* 0: a free place */
    int64_t since;
    const void *entry;
    const void *object;
    const char *flow_name; /* of the arrow that ends where it next runs, or NULL */
    uint64_t flow;
    uint32_t p;
    uint8_t state;
    uint8_t reason;
};

static struct {
    char path[WHOLE_FILE_PATH_BYTES];
    bool done;
    struct whole_file file;
    struct track *tracks; /* a hash table with linear probing */
    size_t capacity;
    size_t count;
    int64_t first;
    uint64_t flows;
    bool comma;
} chrome;

/* Whose history it is: no child's.  0: nothing is asked for. */
AT_START static pid_t traced;

static size_t bytes_of(size_t capacity)
{
    size_t bytes = capacity * sizeof(struct track);
    return (bytes + GOC_PAGE_BYTES - 1) / GOC_PAGE_BYTES * GOC_PAGE_BYTES;
}

static struct track *place_of(struct track *tracks, size_t capacity, uint64_t strand)
{
    size_t at = (size_t)(strand * UINT64_C(0x9E3779B97F4A7C15) >> 16);
    while (tracks[at & (capacity - 1)].strand != 0 &&
           tracks[at & (capacity - 1)].strand != strand)
        at++;
    return &tracks[at & (capacity - 1)];
}

/* Room for one more.  False: memory is out. */
static bool grow(void)
{
    if (chrome.count * SCALE < chrome.capacity)
        return true;
    size_t capacity = chrome.capacity > 0 ? chrome.capacity * SCALE : TRACKS_FIRST;
    char *memory;
    if (goc__pages_map(bytes_of(capacity), &memory) != 0)
        return false;
    struct track *tracks = (struct track *)(void *)memory;
    for (size_t i = 0; i < chrome.capacity; i++)
        if (chrome.tracks[i].strand != 0)
            *place_of(tracks, capacity, chrome.tracks[i].strand) = chrome.tracks[i];
    if (chrome.tracks != NULL)
        goc__pages_unmap((char *)chrome.tracks, bytes_of(chrome.capacity));
    chrome.tracks = tracks;
    chrome.capacity = capacity;
    return true;
}

#define PRINT(...) goc__whole_file_print(&chrome.file, __VA_ARGS__)

static void begin_event(const char *phase, int process, uint64_t track)
{
    PRINT("%s{\"ph\":\"%s\",\"pid\":%d,\"tid\":%" PRIu64, chrome.comma ? ",\n" : "",
          phase, process, track);
    chrome.comma = true;
}

static void print_time(const char *key, int64_t time)
{
    PRINT(",\"%s\":%" PRId64 ".%03d", key, time / NS_PER_US, (int)(time % NS_PER_US));
}

static int process_of(uint64_t strand)
{
    return strand & HISTORY_THREAD ? THREADS : GOROUTINES;
}

static uint64_t number_of(uint64_t strand)
{
    return strand & ~HISTORY_THREAD;
}

static const char *name_of(const struct track *track, char *text, size_t size)
{
    if (track->strand & HISTORY_THREAD)
        snprintf(text, size, "thread %" PRIu64, number_of(track->strand));
    else
        goc__entry_name(track->strand, track->entry, text, size);
    return text;
}

static void name_track(int process, uint64_t number, const char *name)
{
    begin_event("M", process, number);
    PRINT(",\"name\":\"thread_name\",\"args\":{\"name\":\"%s\"}}", name);
}

static void name_process(int process, const char *name)
{
    begin_event("M", process, 0);
    PRINT(",\"name\":\"process_name\",\"args\":{\"name\":\"%s\"}}", name);
}

/* STRAND's track, a new one if need be; NULL: memory is out. */
static struct track *track_of(uint64_t strand)
{
    if (!grow())
        return NULL;
    struct track *track = place_of(chrome.tracks, chrome.capacity, strand);
    if (track->strand == 0) {
        chrome.count++;
        track->strand = strand;
    }
    return track;
}

static const char *state_words(const struct track *track)
{
    switch ((enum state)track->state) {
    case RUNNABLE:
        return "runnable";
    case RUNNING:
        return "running";
    case WAITING:
        return goc__wait_words((enum wait_reason)track->reason);
    case OUTSIDE:
        return "syscall";
    case HOG:
        return "running without P";
    default:
        return NULL;
    }
}

static void begin_span(const char *name, int process, uint64_t number, int64_t since,
                       int64_t end)
{
    begin_event("X", process, number);
    PRINT(",\"name\":\"%s\"", name);
    print_time("ts", since - chrome.first);
    print_time("dur", end - since);
}

/* TRACK's state lasted until END. */
static void print_span(const struct track *track, int64_t end)
{
    const char *name = state_words(track);
    if (name == NULL)
        return;
    begin_span(name, process_of(track->strand), number_of(track->strand), track->since,
               end);
    if (track->state == WAITING) {
        PRINT(",\"cat\":\"blocked\",\"args\":{\"object\":\"%p\"}}", track->object);
    } else if (track->state == RUNNING && track->p != HISTORY_NO_P) {
        PRINT(",\"cat\":\"running\",\"args\":{\"P\":%" PRIu32 "}}", track->p);
        char text[NAME_BYTES];
        begin_span(name_of(track, text, sizeof text), PROCS, track->p, track->since, end);
        PRINT(",\"args\":{\"goroutine\":%" PRIu64 "}}", track->strand);
    } else {
        PRINT("}");
    }
}

static void go_over(struct track *track, enum state state, int64_t time)
{
    print_span(track, time);
    track->state = (uint8_t)state;
    track->since = time;
}

/* An arrow's end: PHASE is "s" for its start, "f" for its point. */
static void print_flow(const char *phase, uint64_t strand, const struct track *target,
                       int64_t time)
{
    begin_event(phase, process_of(strand), number_of(strand));
    PRINT(",\"cat\":\"wake\",\"name\":\"%s\",\"id\":%" PRIu64, target->flow_name,
          target->flow);
    PRINT("%s", phase[0] == 'f' ? ",\"bp\":\"e\"" : "");
    print_time("ts", time - chrome.first);
    PRINT("}");
}

/* OTHER makes TARGET run, which NAME calls so. */
static void begin_flow(uint64_t other, struct track *target, const char *name,
                       int64_t time)
{
    target->flow_name = NULL;
    if (other == 0)
        return;
    uint64_t strand = target->strand;
    struct track *source = track_of(other);
    if (source == NULL)
        return;
    /* A thread is seen for the first time when it makes somebody run. */
    if (source->state == UNKNOWN) {
        go_over(source, RUNNING, time);
        source->p = HISTORY_NO_P;
    }
    target = track_of(strand); /* the table may have moved */
    target->flow_name = name;
    target->flow = ++chrome.flows;
    print_flow("s", other, target, time);
}

/* SENDER waits, and RECEIVER takes its element now: an arrow the way that the element goes, from
 * where the wait began.  Where the receiver waits, the arrow that wakes it goes that way. */
static void print_message(uint64_t receiver, const struct track *sender, int64_t time)
{
    if (receiver == 0)
        return;
    struct track message = {.flow_name = "message", .flow = ++chrome.flows};
    print_flow("s", sender->strand, &message, sender->since);
    print_flow("f", receiver, &message, time);
}

static void take(const struct record *record)
{
    struct track *track = track_of(record->strand);
    if (track == NULL)
        return;
    switch ((enum happening)record->happening) {
    case HAPPENS_SPAWN:
        track->entry = record->object;
        go_over(track, RUNNABLE, record->time);
        begin_flow(record->other, track, "go", record->time);
        break;
    case HAPPENS_READY:
        if (track->state == WAITING && track->reason == WAIT_CHAN_SEND)
            print_message(record->other, track, record->time);
        go_over(track, RUNNABLE, record->time);
        begin_flow(record->other, track, goc__wait_words((enum wait_reason)track->reason),
                   record->time);
        break;
    case HAPPENS_RUN:
        go_over(track, RUNNING, record->time);
        track->p = record->p;
        if (track->flow_name != NULL)
            print_flow("f", track->strand, track, record->time);
        track->flow_name = NULL;
        break;
    case HAPPENS_WAIT:
        go_over(track, WAITING, record->time);
        track->object = record->object;
        track->reason = record->reason;
        break;
    case HAPPENS_YIELD:
        go_over(track, RUNNABLE, record->time);
        break;
    case HAPPENS_END:
        go_over(track, ENDED, record->time);
        break;
    case HAPPENS_OUTSIDE:
        go_over(track, OUTSIDE, record->time);
        break;
    case HAPPENS_HOG:
        go_over(track, HOG, record->time);
        break;
    }
}

static void finish(int64_t now)
{
    char text[NAME_BYTES];
    for (size_t i = 0; i < chrome.capacity; i++) {
        const struct track *track = &chrome.tracks[i];
        if (track->strand == 0)
            continue;
        print_span(track, now);
        name_track(process_of(track->strand), number_of(track->strand),
                   name_of(track, text, sizeof text));
    }
    for (uint32_t i = 0; i < load_relaxed(&goc__sched.proc_count); i++) {
        snprintf(text, sizeof text, "P %" PRIu32, i);
        name_track(PROCS, i, text);
    }
    name_process(GOROUTINES, "goroutines");
    name_process(PROCS, "processors");
    name_process(THREADS, "threads");
}

static int write_all(void)
{
    int result = goc__whole_file_begin(&chrome.file, chrome.path);
    if (result != 0)
        return result;
    goc__history_stop();
    int64_t now = goc__clock_now();
    PRINT("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n");
    struct record record;
    bool any = goc__history_next(&record);
    chrome.first = any ? record.time : now;
    for (; any; any = goc__history_next(&record))
        take(&record);
    finish(now);
    PRINT("\n],\"otherData\":{\"lost_records\":%" PRIu64 "}}\n", goc__history_lost());
    return goc__whole_file_end(&chrome.file);
}

void goc__chrome_write(void)
{
    if (traced == 0 || chrome.done || getpid() != traced)
        return;
    chrome.done = true;
    event_internal_begin();
    int result = write_all();
    event_internal_end();
    if (result != 0)
        goc__print("goc: GOC_TRACE: cannot write %s (errno %d: %s)\n", chrome.path,
                   -result, goc__error_text(-result));
}

/* After every other of the program's destructors. */
__attribute__((__destructor__(101))) static void write_at_exit(void)
{
    goc__chrome_write();
}

/* PATH from the root on, for the program may change its directory; "%p" becomes the process's
 * id.  False: it is too long. */
static bool resolve(const char *path)
{
    size_t used = 0;
    if (path[0] != '/' && getcwd(chrome.path, sizeof chrome.path - 1) != NULL) {
        used = strlen(chrome.path);
        chrome.path[used++] = '/';
    }
    size_t room = sizeof chrome.path - used;
    const char *mark = strstr(path, "%p");
    int length = mark == NULL
                     ? snprintf(chrome.path + used, room, "%s", path)
                     : snprintf(chrome.path + used, room, "%.*s%d%s", (int)(mark - path),
                                path, (int)getpid(), mark + strlen("%p"));
    return length >= 0 && (size_t)length < room;
}

void goc__chrome_start(const char *path)
{
    if (path == NULL || *path == '\0')
        return;
    if (!resolve(path)) {
        goc__print("goc: GOC_TRACE: the path is too long\n");
        return;
    }
    int result = goc__history_start((uint32_t)goc__knobs.tracebuf);
    if (result == 0) {
        traced = getpid();
        return;
    }
    goc__print("goc: GOC_TRACE: this system lets no code be changed (errno %d); nothing "
               "is traced\n",
               -result);
}
