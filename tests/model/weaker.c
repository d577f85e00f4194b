/* One operation of the runtime's with a weaker order than its source says, or one barrier left out:
 * what mutate.py asks for by GOC_MODEL_WEAKER=PATH,FIRST,LAST,OPERATION<tab>ORDER.  It is the
 * operation in the lines FIRST to LAST of the file whose name ends in PATH that is spelled
 * OPERATION up to the end of its first argument, as "load_acquire(&m->claim"; ORDER is its
 * new one, "none" for a barrier.
 *
 * An order is what an operation is called with: so this is what another source would do, without
 * compiling it. */
#include "inside.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MEMO = 1024, TEXT_MAX = 256, NO_ORDER = -1 };

static struct {
    bool known;
    bool wanted;
    char path[TEXT_MAX];
    char operation[TEXT_MAX];
    long first;
    long last;
    int order; /* enum model_order, or NO_ORDER */
    uint64_t times;
} weaker MODEL_KEPT;

/* What was found of a site, by its address. */
static struct {
    const char *site;
    bool is_it;
} memo[MEMO] MODEL_KEPT;

static int order_of(const char *word)
{
    static const char *const words[] = {"relaxed", "acquire", "release", "acq_rel",
                                        "seq_cst"};
    for (int i = 0; i < (int)(sizeof words / sizeof *words); i++)
        if (strcmp(words[i], word) == 0)
            return i;
    return NO_ORDER;
}

static void report(void)
{
    printf("the weaker operation ran %llu times\n", (unsigned long long)weaker.times);
}

/* What TEXT has up to END goes to WORD; returns what follows END. */
static const char *split(const char *text, char end, char *word)
{
    const char *at = strchr(text, end);
    if (at == NULL || at - text >= TEXT_MAX)
        model_fail("GOC_MODEL_WEAKER names no operation: %s", text);
    memcpy(word, text, (size_t)(at - text));
    word[at - text] = '\0';
    return at + 1;
}

static void read_wish(void)
{
    weaker.known = true;
    const char *text = getenv("GOC_MODEL_WEAKER"); /* NOLINT(concurrency-mt-unsafe) */
    char number[TEXT_MAX];
    if (text == NULL)
        return;
    text = split(text, ',', weaker.path);
    text = split(text, ',', number);
    weaker.first = strtol(number, NULL, 10);
    text = split(text, ',', number);
    weaker.last = strtol(number, NULL, 10);
    text = split(text, '\t', weaker.operation);
    weaker.order = order_of(text);
    weaker.wanted = true;
    atexit(report);
}

/* SITE is FILE:LINE, a tab and OPERATION. */
static bool is_it(const char *site)
{
    const char *colon = strchr(site, ':');
    const char *tab = strchr(site, '\t');
    size_t length = strlen(weaker.path);
    if (colon == NULL || tab == NULL || (size_t)(colon - site) < length ||
        strncmp(colon - length, weaker.path, length) != 0)
        return false;
    long line = strtol(colon + 1, NULL, 10);
    return line >= weaker.first && line <= weaker.last &&
           strcmp(tab + 1, weaker.operation) == 0;
}

static bool looked_up(const char *site)
{
    if (!weaker.known)
        read_wish();
    if (!weaker.wanted || site == NULL)
        return false;
    size_t place = ((uintptr_t)site * UINT64_C(0x9E3779B97F4A7C15)) >> 54;
    if (memo[place % MEMO].site != site) {
        memo[place % MEMO].site = site;
        memo[place % MEMO].is_it = is_it(site);
    }
    if (memo[place % MEMO].is_it)
        weaker.times++;
    return memo[place % MEMO].is_it;
}

enum model_order model_order_at(enum model_order order, const char *site)
{
    return looked_up(site) ? (enum model_order)weaker.order : order;
}

bool model_barrier_at(const char *site)
{
    return !looked_up(site);
}
