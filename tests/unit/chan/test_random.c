/* Random channel programs against a sequential model of channels.
 *
 * A driver makes up operations and gives each to an agent that has none, a goroutine or a thread.
 * The model says what must come of it: who completes, with which value, and who waits
 * where; where a select has several ready arms it accepts any and goes on from there.  After
 * each operation every channel must hold as many elements and waiters as the model's.
 *
 * Arguments of random_programs: GOC_TEST_SEED (1), GOC_TEST_SEEDS (how many, 40). */
#include "base/atomic.h"
#include "base/rand.h"
#include "chan/chan.h"
#include "isolated.h"
#include "party.h"

#include <goc/select.h>
#include <stdlib.h>

enum { CHANS = 4, AGENTS = 10, ARMS_MAX = 4, BUFFER_MAX = 3, STEPS = 120, THREADS = 2 };

enum kind { OP_SEND, OP_RECV, OP_SELECT, OP_CLOSE, OP_END };

struct arm {
    int chan; /* CHANS: NULL */
    bool send;
};

struct order {
    enum kind kind;
    struct arm arms[ARMS_MAX]; /* OP_SEND, OP_RECV and OP_CLOSE have one */
    int arm_count;
    bool has_default;
    int value; /* what it sends */
};

struct report {
    int agent;
    int fired; /* the arm; -1: the default */
    int value; /* received */
    bool ok;
};

/* ---- the agents ----------------------------------------------------------------------- */

static goc_chan *chans[CHANS + 1]; /* the last one is nil */
static goc_chan *orders[AGENTS];
static goc_chan *reports;

static struct report obey(const struct order *o)
{
    struct report r = {.value = -1};
    goc_chan *c = chans[o->arms[0].chan];
    int in = -1;
    int out = o->value;
    struct goc_select_case cases[ARMS_MAX];
    switch (o->kind) {
    case OP_SEND:
        goc_chan_send(c, &out);
        break;
    case OP_RECV:
        r.ok = goc_chan_recv(c, &r.value);
        break;
    case OP_SELECT:
        for (int i = 0; i < o->arm_count; i++) {
            bool send = o->arms[i].send;
            cases[i] =
                (struct goc_select_case){.chan = chans[o->arms[i].chan],
                                         .elem = send ? &out : &in,
                                         .op = send ? GOC_SELECT_SEND : GOC_SELECT_RECV};
        }
        r.fired = goc_select(cases, (size_t)o->arm_count, o->has_default);
        if (r.fired >= 0 && !o->arms[r.fired].send) {
            r.ok = cases[r.fired].ok;
            r.value = in;
        }
        break;
    case OP_CLOSE:
        goc_chan_close(c);
        break;
    case OP_END:
        break;
    }
    return r;
}

static void agent(void *argument)
{
    int number = (int)(uintptr_t)argument;
    struct order o;
    do {
        goc_chan_recv(orders[number], &o);
        struct report r = obey(&o);
        r.agent = number;
        goc_chan_send(reports, &r);
    } while (o.kind != OP_END);
}

/* ---- the model ------------------------------------------------------------------------ */

struct model_chan {
    int capacity;
    int buffer[BUFFER_MAX];
    int count;
    bool closed;
    int senders[AGENTS * ARMS_MAX]; /* agents, oldest first; one a waiting arm */
    int sender_count;
    int receivers[AGENTS * ARMS_MAX];
    int receiver_count;
};

static struct model_chan model[CHANS];
static struct order waiting[AGENTS]; /* what an agent that waits was told */
static bool busy[AGENTS];

struct expectation {
    int agent;
    bool send;
    int chan;
    int value;
    bool ok;
};

static struct expectation expected[AGENTS];
static int expected_count;

static bool is_ready(const struct arm *a)
{
    if (a->chan == CHANS)
        return false;
    const struct model_chan *m = &model[a->chan];
    if (a->send)
        return m->receiver_count > 0 || m->count < m->capacity;
    return m->closed || m->count > 0 || m->sender_count > 0;
}

static void drop(int *agents, int *count, int agent_number)
{
    int kept = 0;
    for (int i = 0; i < *count; i++)
        if (agents[i] != agent_number)
            agents[kept++] = agents[i];
    *count = kept;
}

/* A waiting agent's operation is complete: it waits nowhere any more, and has to say so. */
static void complete(int agent_number, bool send, int chan, int value, bool ok)
{
    for (int c = 0; c < CHANS; c++) {
        drop(model[c].senders, &model[c].sender_count, agent_number);
        drop(model[c].receivers, &model[c].receiver_count, agent_number);
    }
    expected[expected_count++] =
        (struct expectation){agent_number, send, chan, value, ok};
}

static void push(struct model_chan *m, int value)
{
    CHECK(m->count < m->capacity);
    m->buffer[m->count++] = value;
}

static int pop(struct model_chan *m)
{
    int value = m->buffer[0];
    memmove(&m->buffer[0], &m->buffer[1], sizeof m->buffer - sizeof m->buffer[0]);
    m->count--;
    return value;
}

static void model_send(int c, int value)
{
    struct model_chan *m = &model[c];
    if (m->receiver_count > 0)
        complete(m->receivers[0], false, c, value, true);
    else
        push(m, value);
}

/* Returns whether an element came, and that in *VALUE. */
static bool model_recv(int c, int *value)
{
    struct model_chan *m = &model[c];
    int sender = m->sender_count > 0 ? m->senders[0] : -1;
    *value = 0;
    if (m->count == 0 && sender < 0)
        return false;
    *value = m->count > 0 ? pop(m) : waiting[sender].value;
    if (sender >= 0) {
        if (m->capacity > 0)
            push(m, waiting[sender].value);
        complete(sender, true, c, 0, false);
    }
    return true;
}

static void model_close(int c)
{
    struct model_chan *m = &model[c];
    m->closed = true;
    while (m->receiver_count > 0)
        complete(m->receivers[0], false, c, 0, false);
}

static void model_wait(int agent_number, const struct order *o)
{
    waiting[agent_number] = *o;
    busy[agent_number] = true;
    for (int i = 0; i < o->arm_count; i++) {
        if (o->arms[i].chan == CHANS)
            continue;
        struct model_chan *m = &model[o->arms[i].chan];
        if (o->arms[i].send)
            m->senders[m->sender_count++] = agent_number;
        else
            m->receivers[m->receiver_count++] = agent_number;
    }
}

/* ---- the driver ----------------------------------------------------------------------- */

static struct rand dice;
static int next_value;

static bool roll(uint32_t in)
{
    return rand_below(&dice, in) == 0;
}

/* An arm that cannot panic, now or later: nobody sends on a closed channel, and what has
 * waiting senders is not closed. */
static struct arm make_arm(bool nil_too)
{
    struct arm a = {.chan = (int)rand_below(&dice, CHANS + (nil_too ? 1 : 0)),
                    .send = roll(2)};
    if (a.chan < CHANS && model[a.chan].closed)
        a.send = false;
    return a;
}

static bool make_order(struct order *o)
{
    *o = (struct order){.kind = OP_SELECT, .arm_count = 1, .value = next_value++};
    if (roll(25)) {
        o->kind = OP_CLOSE;
        o->arms[0] = make_arm(false);
        const struct model_chan *m = &model[o->arms[0].chan];
        return !m->closed && m->sender_count == 0;
    }
    if (roll(2)) {
        o->arms[0] = make_arm(false);
        o->kind = o->arms[0].send ? OP_SEND : OP_RECV;
        return true;
    }
    o->arm_count = (int)rand_below(&dice, ARMS_MAX) + 1;
    o->has_default = roll(2);
    for (int i = 0; i < o->arm_count; i++)
        o->arms[i] = make_arm(true);
    return true;
}

static int free_agent(void)
{
    int start = (int)rand_below(&dice, AGENTS);
    for (int i = 0; i < AGENTS; i++)
        if (!busy[(start + i) % AGENTS])
            return (start + i) % AGENTS;
    return -1;
}

/* What the agent that was told O fired, as it reports; the model follows. */
static void follow(const struct order *o, const struct report *r)
{
    const struct arm *a = &o->arms[o->kind == OP_SELECT ? r->fired : 0];
    CHECK(is_ready(a));
    if (a->send) {
        model_send(a->chan, o->value);
    } else {
        int value;
        bool ok = model_recv(a->chan, &value);
        CHECK_EQ(r->ok, ok);
        CHECK_EQ(r->value, value);
    }
}

/* A report of an agent that had waited, as the model foresaw. */
static void match(const struct report *r)
{
    for (int i = 0; i < expected_count; i++) {
        const struct expectation *e = &expected[i];
        if (e->agent != r->agent)
            continue;
        const struct order *o = &waiting[r->agent];
        const struct arm *a = &o->arms[o->kind == OP_SELECT ? r->fired : 0];
        CHECK_EQ(a->chan, e->chan);
        CHECK_EQ(a->send, e->send);
        if (!e->send) {
            CHECK_EQ(r->ok, e->ok);
            CHECK_EQ(r->value, e->value);
        }
        busy[r->agent] = false;
        expected[i] = expected[--expected_count];
        return;
    }
    check_fail(__FILE__, __LINE__, "agent %d went on, and should wait", r->agent);
}

static int open_waiters(const struct waitq *q)
{
    int count = 0;
    for (const struct chan_waiter *w = q->first; w != NULL; w = w->next)
        count += w->selected == NULL || load_relaxed(w->selected) == 0;
    return count;
}

static bool is_as_modelled(int c)
{
    goc__lock(&chans[c]->lock);
    bool same = open_waiters(&chans[c]->senders) == model[c].sender_count &&
                open_waiters(&chans[c]->receivers) == model[c].receiver_count &&
                chans[c]->count == (size_t)model[c].count;
    goc__unlock(&chans[c]->lock);
    return same;
}

/* The report of AGENT itself, while others that had waited may report before it. */
static struct report report_of(int agent_number, struct report *others, int *other_count)
{
    struct report r;
    for (;;) {
        CHECK(goc_chan_recv(reports, &r));
        if (r.agent == agent_number)
            return r;
        others[(*other_count)++] = r;
    }
}

static void step(int agent_number, const struct order *o)
{
    bool ready = o->kind == OP_CLOSE;
    for (int i = 0; i < o->arm_count; i++)
        ready = ready || is_ready(&o->arms[i]);
    struct report others[AGENTS];
    int other_count = 0;
    goc_chan_send(orders[agent_number], o);
    if (ready || o->has_default) {
        struct report r = report_of(agent_number, others, &other_count);
        CHECK_EQ(o->kind == OP_SELECT && r.fired < 0, !ready);
        if (o->kind == OP_CLOSE)
            model_close(o->arms[0].chan);
        else if (ready)
            follow(o, &r);
    } else {
        model_wait(agent_number, o);
    }
    for (int i = 0; i < other_count; i++)
        match(&others[i]);
    while (expected_count > 0) {
        struct report r;
        CHECK(goc_chan_recv(reports, &r));
        match(&r);
    }
    for (int c = 0; c < CHANS; c++)
        PARTY_UNTIL(is_as_modelled(c));
}

/* Empty each channel of those who wait to send, then close it: nobody waits any more. */
static void wind_up(void)
{
    for (int c = 0; c < CHANS; c++) {
        struct order recv = {
            .kind = OP_SELECT, .arms = {{c, false}}, .arm_count = 1, .has_default = true};
        struct order close = {.kind = OP_CLOSE, .arms = {{c, true}}, .arm_count = 1};
        while (model[c].sender_count > 0)
            step(free_agent(), &recv);
        if (!model[c].closed)
            step(free_agent(), &close);
    }
    for (int i = 0; i < AGENTS; i++)
        CHECK(!busy[i]);
    for (int c = 0; c < CHANS; c++)
        goc_chan_free(chans[c]);
}

static void begin(uint64_t seed)
{
    memset(model, 0, sizeof model);
    memset(busy, 0, sizeof busy);
    rand_seed(&dice, seed);
    next_value = 1;
    for (int c = 0; c < CHANS; c++) {
        model[c].capacity = (int)rand_below(&dice, BUFFER_MAX + 1);
        chans[c] = goc_chan_make(sizeof(int), (size_t)model[c].capacity);
    }
}

static int free_count(void)
{
    int count = 0;
    for (int i = 0; i < AGENTS; i++)
        count += !busy[i];
    return count;
}

static bool only_nil(const struct order *o)
{
    for (int i = 0; i < o->arm_count; i++)
        if (o->arms[i].chan != CHANS)
            return false;
    return true;
}

static void run_program(uint64_t seed)
{
    begin(seed);
    for (int i = 0; i < STEPS; i++) {
        struct order o;
        if (!make_order(&o))
            continue;
        /* Somebody must be left to wind up. */
        if (free_count() < 2 || only_nil(&o)) {
            o.kind = o.kind == OP_CLOSE ? OP_CLOSE : OP_SELECT;
            o.has_default = true;
        }
        step(free_agent(), &o);
    }
    wind_up();
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *text = getenv(name); /* NOLINT(concurrency-mt-unsafe) */
    return text ? strtoull(text, NULL, 10) : otherwise;
}

static void random_programs(void)
{
    uint64_t seed = number_of("GOC_TEST_SEED", 1);
    uint64_t seeds = number_of("GOC_TEST_SEEDS", 40);
    reports = goc_chan_make(sizeof(struct report), AGENTS);
    pthread_t threads[THREADS];
    for (int i = 0; i < AGENTS; i++) {
        orders[i] = goc_chan_make(sizeof(struct order), 0);
        if (i < THREADS)
            threads[i] = party_thread(agent, (void *)(uintptr_t)i);
        else
            party_go(agent, (void *)(uintptr_t)i);
    }
    for (uint64_t i = 0; i < seeds; i++) {
        uint64_t this = seed + i;
        fprintf(stderr, "\rseed %llu", (unsigned long long)this);
        run_program(this);
    }
    struct order end = {.kind = OP_END};
    for (int i = 0; i < AGENTS; i++) {
        struct report r;
        goc_chan_send(orders[i], &end);
        goc_chan_recv(reports, &r);
    }
    for (int i = 0; i < THREADS; i++)
        CHECK_EQ(pthread_join(threads[i], NULL), 0);
}

static const struct isolated_case cases[] = {
    ISOLATED(random_programs),
};

ISOLATED_MAIN(cases)
