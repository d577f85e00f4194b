#include "debug/symbols.h"

#include "debug/elf.h"
#include "os/pages.h"
#include "os/process.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SYMBOLS_MAX = 8192, /* a power of two: the size of the hash table */
    SYMBOLS_FULL = SYMBOLS_MAX * 3 / 4,
    TEXT_BYTES = 8 * 1024 * 1024, /* of the questions, and of the answers */
    HELPER_MS = 10000,
};

static struct symbol table[SYMBOLS_MAX];
static struct symbol *order[SYMBOLS_FULL]; /* as they were added */
static size_t count;

static struct symbol *slot(const void *address)
{
    /* Fibonacci hashing; linear probing. */
    size_t at = (size_t)((uintptr_t)address * UINT64_C(0x9E3779B97F4A7C15) >> 32);
    for (;; at++) {
        struct symbol *symbol = &table[at % SYMBOLS_MAX];
        if (symbol->address == address || symbol->address == NULL)
            return symbol;
    }
}

void goc__symbols_add(const void *address)
{
    struct symbol *symbol = slot(address);
    if (symbol->address != NULL || count == SYMBOLS_FULL)
        return;
    symbol->address = address;
    order[count++] = symbol;
    struct elf_place place;
    if (!goc__elf_find(address, &place))
        return;
    symbol->path = place.path;
    symbol->offset = place.offset;
    symbol->function = place.function;
    symbol->skew = place.skew;
}

const struct symbol *goc__symbols_find(const void *address)
{
    const struct symbol *symbol = slot(address);
    return symbol->address != NULL ? symbol : NULL;
}

/* One line for each symbol with a module; returns the length. */
static size_t write_questions(char *text, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < count; i++) {
        if (order[i]->path == NULL)
            continue;
        size_t left = size - used;
        int length = snprintf(text + used, left, "%s 0x%" PRIx64 "\n", order[i]->path,
                              order[i]->offset);
        if (length < 0 || (size_t)length >= left)
            break;
        used += (size_t)length;
    }
    return used;
}

/* The answers come in the order of the questions, an empty line after each. */
static void read_answers(char *text)
{
    for (size_t i = 0; i < count && *text != '\0'; i++) {
        if (order[i]->path == NULL)
            continue;
        char *end = *text == '\n' ? text : strstr(text, "\n\n");
        if (end == NULL)
            return;
        if (end != text) {
            order[i]->answer = text;
            end[1] = '\0';
            end++;
        }
        text = end + 1;
    }
}

static long run_helper(const char *questions, size_t size, char *answers)
{
    static char name[] = "goc-race";
    static char command[] = "symbolize";
    char *const arguments[] = {name, command, NULL};
    /* NOLINTNEXTLINE(concurrency-mt-unsafe): the others are frozen */
    const char *chosen = getenv("GOC_SYMBOLIZER");
    const char *const candidates[] = {chosen != NULL ? chosen : GOC_SYMBOLIZER_PATH,
                                      chosen != NULL ? NULL : name};
    for (size_t i = 0; i < 2 && candidates[i] != NULL; i++) {
        long got = goc__process_run(candidates[i], arguments, questions, size, answers,
                                    TEXT_BYTES - 1, HELPER_MS);
        if (got > 0)
            return got;
    }
    return 0;
}

void goc__symbols_resolve(void)
{
    static char *text; /* the questions, then the answers */
    if (count == 0 ||
        (text == NULL && goc__pages_map((size_t)2 * TEXT_BYTES, &text) != 0))
        return;
    size_t size = write_questions(text, TEXT_BYTES);
    char *answers = text + TEXT_BYTES;
    long got = run_helper(text, size, answers);
    answers[got] = '\0';
    if (got > 0)
        read_answers(answers);
}

void goc__symbols_forget(void)
{
    memset(table, 0, sizeof table);
    count = 0;
}

/* Take "function file:line:column" of LENGTH bytes apart.  False: it does not look so. */
static bool parse(const char *answer, size_t length, struct symbol_line *line, char *text,
                  size_t size)
{
    if (length >= size)
        return false;
    memcpy(text, answer, length);
    text[length] = '\0';
    char *space = strstr(text, " /"); /* a path that starts at the root may hold spaces */
    if (space == NULL)
        space = strchr(text, ' ');
    char *column = strrchr(text, ':');
    if (space == NULL || column == NULL || column < space)
        return false;
    *column = '\0';
    char *number = strrchr(space, ':');
    if (number == NULL)
        return false;
    *number = '\0';
    *space = '\0';
    *line = (struct symbol_line){
        .function = text,
        .file = space + 1,
        .line = (uint32_t)strtoul(number + 1, NULL, 10),
    };
    return true;
}

bool goc__symbols_next(const struct symbol *symbol, const char **cursor,
                       struct symbol_line *line, char *text, size_t size)
{
    static const char end[] = "";
    const char *at = *cursor != NULL ? *cursor : symbol->answer;
    if (at == end || (*cursor != NULL && *at == '\0'))
        return false;
    if (at != NULL) {
        size_t length = strcspn(at, "\n");
        *cursor = at + length + (at[length] == '\n');
        if (parse(at, length, line, text, size))
            return true;
    }
    /* No answer of use: the symbol table's word, once. */
    *cursor = end;
    *line = (struct symbol_line){.function =
                                     symbol->function != NULL ? symbol->function : "??"};
    return true;
}
