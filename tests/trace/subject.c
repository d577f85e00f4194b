/* Strands are switched on one thread; places become frames on their stacks.
 *
 * race__record is defined here in place of the record room's: what would be written is
 * collected.
 */
#include "subject.h"

#include "entry/abi.h"
#include "entry/events.h"
#include "entry/threads.h"
#include "entry/touch.h"
#include "record/record.h"
#include "state/context.h"
#include "state/lockset.h"
#include "state/strand.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLACES_BASE 0x10000 // the return address that stands for place 0
#define OBJECT_SIZE 8

/* Unless a trace says otherwise, the variables lie across the border of two KiBs, whose notes
 * differ; the objects are neighbours in one line. */
#define VARIABLES_OFFSET (1024 - 96)
static _Alignas(4096) unsigned char memory[8192];
static size_t variables_offset;
static size_t whole; // as the trace has it
static _Alignas(64) unsigned char objects[TRACE_OBJECTS * OBJECT_SIZE];
static struct goc_race_slot slots[TRACE_OBJECTS];
/* Of who waits on a thread. */
static _Alignas(64) unsigned char waits[TRACE_STRANDS * OBJECT_SIZE];

static goc_strand *root;
static goc_strand *strands[TRACE_STRANDS]; // NULL: not born, or gone
static uint32_t births[TRACE_STRANDS];     // numbers of their records
static bool is_thread[TRACE_STRANDS];
static bool has_stopped[TRACE_STRANDS];
static struct subject_found *collected;

static unsigned char *variables(void)
{
    return memory + variables_offset;
}

static uint8_t strand_of(uint64_t epoch)
{
    uint32_t birth = race__birth_of((race__epoch){epoch});
    for (uint8_t i = 0; i < TRACE_STRANDS; i++)
        if (births[i] == birth && birth != 0)
            return i;
    fprintf(stderr, "a conflict names a strand that is not of this trace\n");
    abort();
}

/* Touches of one strand are made at one place, as in a loop: then the last one of a byte is
 * meant. */
#define TOUCH_PLACE TRACE_EVENTS_MAX
static uint16_t last_touch[TRACE_STRANDS][TRACE_BYTES];

/* Is EVENT, a read, made as a touch? */
static bool is_touch(const struct trace_event *event)
{
    return event->kind == TRACE_READ && event->size == 1 && event->addr % 3 == 1;
}

/* The leaf is a call in this file; its parent is the place.  Of STRAND's mark on byte ADDR. */
static uint16_t where_of(uint64_t tag, uint8_t strand, size_t addr)
{
    uint32_t context = race__context_parent(race__tag_leaf(tag));
    uintptr_t place = (uintptr_t)race__context_pc(context) - PLACES_BASE;
    return place == TOUCH_PLACE ? last_touch[strand][addr] : (uint16_t)place;
}

static void collect(const struct race__access *access,
                    const struct race__conflict *conflict)
{
    uintptr_t base = (uintptr_t)variables();
    for (unsigned i = 0; i < RACE_WORD_SIZE; i++) {
        uintptr_t addr = conflict->word + i;
        bool common = (conflict->prior.tag & race__tag_bytes(addr, 1)) != 0;
        if (!common || addr < access->addr || addr >= access->addr + access->size)
            continue;
        if (addr < base || addr - base >= (size_t)TRACE_BYTES) {
            fprintf(stderr, "a conflict is about bytes that only reads touched\n");
            abort();
        }
        if (collected->count == SUBJECT_CONFLICTS_MAX) {
            collected->full = true;
            return;
        }
        uint8_t strand = strand_of(conflict->prior.epoch);
        collected->conflict[collected->count++] = (struct subject_conflict){
            .addr = (uint16_t)(addr - base),
            .size = 1,
            .strand = strand,
            .where = where_of(conflict->prior.tag, strand, addr - base),
            .write = (conflict->prior.tag & RACE_TAG_WRITE) != 0,
            .atomic = (conflict->prior.tag & RACE_TAG_ATOMIC) != 0,
        };
    }
}

void race__record(const struct race__access *access)
{
    if (access->conflicts.count == RACE_CONFLICTS_MAX)
        collected->full = true;
    for (uint32_t i = 0; i < access->conflicts.count; i++)
        collect(access, &access->conflicts.conflict[i]);
}

uint32_t race__record_count(void)
{
    return 0;
}

static void born(uint8_t number, goc_strand *strand, bool thread)
{
    strands[number] = strand;
    births[number] = strand->birth;
    is_thread[number] = thread;
    has_stopped[number] = false;
}

static void fork_strand(uint8_t number)
{
    goc_strand *creator = race__on_strand_current();
    born(number, race__thread_spawn(NULL), true);
    race__thread_start(strands[number], NULL, 0);
    race__on_strand_switch(creator);
}

static void end_strand(uint8_t number)
{
    if (is_thread[number]) {
        race__on_strand_switch(strands[number]);
        race__thread_stop();
        has_stopped[number] = true;
    } else {
        race__on_strand_end(strands[number]);
        strands[number] = NULL;
    }
}

void subject_begin(const struct trace *trace)
{
    variables_offset = trace->offset == 0 ? VARIABLES_OFFSET : trace->offset;
    whole = trace->whole;
    if (root == NULL)
        root = race__on_strand_current();
    race__on_strand_switch(root);
    memset(births, 0, sizeof births);
    if (trace->alone)
        born(0, root, true);
    else
        fork_strand(0);
}

/* T0, which is the root, goes on with the next trace, without locks and fences. */
static void renew_root(void)
{
    root->lockset = RACE_LOCKSET_NONE;
    root->locks_held = 0;
    if (root->more != NULL) {
        race__view_drop(&root->more->left);
        race__view_drop(&root->more->pending);
    }
    strands[0] = NULL;
}

void subject_end(void)
{
    if (strands[0] == root)
        renew_root();
    for (uint8_t i = 0; i < TRACE_STRANDS; i++) {
        if (strands[i] != NULL && !has_stopped[i])
            end_strand(i);
        race__on_strand_switch(root);
        race__thread_join(strands[i]);
        strands[i] = NULL;
    }
    race__on_memory_new(memory, sizeof memory, NULL, NULL);
    race__on_memory_new(objects, sizeof objects, NULL, NULL);
    race__on_memory_new(waits, sizeof waits, NULL, NULL);
    for (size_t i = 0; i < TRACE_OBJECTS; i++)
        race__on_slots_end(&slots[i], 1);
}

/* All KiBs that [AT, AT + SIZE) lies in: nobody writes to the rest of them. */
static void read_whole(unsigned char *at, size_t size)
{
    unsigned char *first = at - (uintptr_t)at % RACE_NOTE_SIZE;
    size_t length = (size_t)(at + size - first);
    goc_race_read_range(first,
                        (length + RACE_NOTE_SIZE - 1) & ~(size_t)(RACE_NOTE_SIZE - 1));
}

static void read_plain(unsigned char *at, size_t size)
{
    bool natural = (uintptr_t)at % size == 0;
    if (at == variables() && size == whole)
        read_whole(at, size);
    else if (natural && size == 1)
        goc_race_read1(at);
    else if (natural && size == 2)
        goc_race_read2(at);
    else if (natural && size == 4)
        goc_race_read4(at);
    else if (natural && size == 8)
        goc_race_read8(at);
    else if (natural && size == 16)
        goc_race_read16(at);
    else
        goc_race_read_range(at, size);
}

/* A byte that the strand reads in each of its rounds, from a call whose context is known. */
static void touch(const struct trace_event *event, unsigned char *at)
{
    goc_strand *strand = race__on_strand_current();
    (void)race__strand_context(strand);
    race__touch(strand, (uintptr_t)at, slots);
    last_touch[event->strand][event->addr] = event->where;
}

static void write_plain(unsigned char *at, size_t size)
{
    bool natural = (uintptr_t)at % size == 0;
    if (natural && size == 1)
        goc_race_write1(at);
    else if (natural && size == 2)
        goc_race_write2(at);
    else if (natural && size == 4)
        goc_race_write4(at);
    else if (natural && size == 8)
        goc_race_write8(at);
    else if (natural && size == 16)
        goc_race_write16(at);
    else
        goc_race_write_range(at, size);
}

/* A failing compare-and-swap is a load, and an exchange is as good a modification as an
 * addition: which of them it is, the place decides. */
#define ATOMIC(bits)                                                                     \
    static void atomic##bits(const struct trace_event *event, unsigned char *at)         \
    {                                                                                    \
        race__u##bits *p = (race__u##bits *)at;                                          \
        race__u##bits now = *p;                                                          \
        int order = event->order;                                                        \
        bool other = event->where % 3 == 0;                                              \
        if (event->kind == TRACE_STORE)                                                  \
            goc_race_atomic##bits##_store(p, (race__u##bits)(now + 1), order);           \
        else if (event->kind == TRACE_LOAD && other)                                     \
            goc_race_atomic##bits##_cas(p, (race__u##bits)(now + 1), 0, TRACE_SEQ_CST,   \
                                        order);                                          \
        else if (event->kind == TRACE_LOAD)                                              \
            goc_race_atomic##bits##_load(p, order);                                      \
        else if (other)                                                                  \
            goc_race_atomic##bits##_cas(p, now, (race__u##bits)(now + 1), order,         \
                                        TRACE_RELAXED);                                  \
        else                                                                             \
            goc_race_atomic##bits##_fetch_add(p, 1, order);                              \
    }
ATOMIC(8)
ATOMIC(16)
ATOMIC(32)
ATOMIC(64)
ATOMIC(128)

static void atomic(const struct trace_event *event, unsigned char *at)
{
    switch (event->size) {
    case 1:
        atomic8(event, at);
        break;
    case 2:
        atomic16(event, at);
        break;
    case 4:
        atomic32(event, at);
        break;
    case 8:
        atomic64(event, at);
        break;
    default:
        atomic128(event, at);
        break;
    }
}

static void step_object(const struct trace_event *event)
{
    const void *object = &objects[(size_t)event->object * OBJECT_SIZE];
    switch (event->kind) {
    case TRACE_ACQUIRE:
        race__on_acquire(object);
        break;
    case TRACE_RELEASE:
        race__on_release(object);
        break;
    case TRACE_MERGE:
        race__on_release_merge(object);
        break;
    case TRACE_TRADE:
        race__on_release_acquire(object);
        break;
    case TRACE_EXCHANGE:
        race__on_exchange(object, &objects[(size_t)event->second * OBJECT_SIZE]);
        break;
    case TRACE_SLOT:
        race__on_trade(&slots[event->object]);
        break;
    case TRACE_LOCK:
    case TRACE_SHARE:
        race__on_lock(object, event->kind == TRACE_LOCK, "lock", NULL);
        break;
    default:
        race__on_unlock(object, event->kind == TRACE_UNLOCK, NULL);
        break;
    }
}

static void complete_for(const struct trace_event *event, goc_strand *waiter,
                         const void *own)
{
    if (event->kind == TRACE_SLOT_FOR)
        race__on_trade_for(&slots[event->object], waiter, own);
    else if (event->kind == TRACE_MEET)
        race__on_meet(waiter, own);
    else
        race__on_hand(waiter, own);
}

/* A goroutine waits in its strand alone; a thread has it meanwhile, and an object for others. */
static void complete(const struct trace_event *event)
{
    goc_strand *waiter = strands[event->second];
    const void *own = &waits[(size_t)event->second * OBJECT_SIZE];
    if (!is_thread[event->second]) {
        complete_for(event, waiter, own);
        return;
    }
    race__on_strand_switch(waiter);
    race__on_wait(NULL, own);
    race__on_strand_switch(strands[event->strand]);
    complete_for(event, NULL, own);
    race__on_strand_switch(waiter);
    race__on_waited(NULL, own);
    race__on_strand_switch(strands[event->strand]);
}

static void step(const struct trace_event *event, unsigned char *at)
{
    switch (event->kind) {
    case TRACE_READ:
        if (is_touch(event))
            touch(event, at);
        else
            read_plain(at, event->size);
        break;
    case TRACE_WRITE:
        write_plain(at, event->size);
        break;
    case TRACE_LOAD:
    case TRACE_STORE:
    case TRACE_MODIFY:
        atomic(event, at);
        break;
    case TRACE_FENCE:
        goc_race_atomic_thread_fence(event->order);
        break;
    case TRACE_SPAWN:
        born(event->second, race__on_strand_spawn(event->second, NULL), false);
        break;
    case TRACE_FORK:
        fork_strand(event->second);
        break;
    case TRACE_JOIN:
        race__thread_join(strands[event->second]);
        strands[event->second] = NULL;
        break;
    case TRACE_SLOT_FOR:
    case TRACE_MEET:
    case TRACE_HAND:
        complete(event);
        break;
    case TRACE_NEW:
        race__on_memory_new(at, event->size, NULL, NULL);
        break;
    case TRACE_FREE:
        race__on_memory_free(at, event->size, NULL);
        break;
    default:
        step_object(event);
        break;
    }
}

void subject_step(const struct trace_event *event, struct subject_found *found)
{
    collected = found;
    found->count = 0;
    found->full = false;
    race__on_strand_switch(strands[event->strand]);
    if (event->kind == TRACE_END) {
        end_strand(event->strand);
        return;
    }
    uint32_t place = is_touch(event) ? TOUCH_PLACE : event->where;
    uint32_t token = goc_race_func_enter((void *)(uintptr_t)(PLACES_BASE + place));
    step(event, variables() + event->addr);
    goc_race_func_exit(token);
}
