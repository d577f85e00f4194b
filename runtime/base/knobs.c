#include "knobs.h"

#include "print.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct knobs goc__knobs = {
#define KNOB(name, initial, least, most, text) .name = (initial),
#include "knobs.def"
};

struct knob {
    const char *name;
    const char *text;
    int64_t *value;
    int64_t least;
    int64_t most;
};

static const struct knob table[] = {
#define KNOB(knob_name, initial, knob_least, knob_most, knob_text)                       \
    {.name = #knob_name,                                                                 \
     .text = (knob_text),                                                                \
     .value = &goc__knobs.knob_name,                                                     \
     .least = (knob_least),                                                              \
     .most = (knob_most)},
#include "knobs.def"
};

enum { KNOB_COUNT = sizeof table / sizeof table[0] };

static int unit_shift(char letter)
{
    switch (letter) {
    case 'k':
    case 'K':
        return 10;
    case 'm':
    case 'M':
        return 20;
    case 'g':
    case 'G':
        return 30;
    default:
        return 0;
    }
}

int goc__knobs_number(const char *text, int64_t *value)
{
    int64_t number = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9'; at++)
        if (__builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, *at - '0', &number))
            return -1;
    if (at == text)
        return -1;
    int shift = unit_shift(*at);
    if (shift != 0) {
        if (number > INT64_MAX >> shift)
            return -1;
        number <<= shift;
        at++;
    }
    if (*at != '\0' && *at != ',')
        return -1;
    *value = number;
    return 0;
}

static const struct knob *find(const char *name, size_t length)
{
    for (size_t i = 0; i < KNOB_COUNT; i++)
        if (strlen(table[i].name) == length && memcmp(table[i].name, name, length) == 0)
            return &table[i];
    return NULL;
}

/* One "key=value" of LENGTH bytes. */
static void read_item(const char *item, size_t length)
{
    const char *equals = memchr(item, '=', length);
    size_t name_length = equals != NULL ? (size_t)(equals - item) : length;
    const struct knob *knob = find(item, name_length);
    if (knob == NULL) {
        goc__print("goc: GOC_DEBUG has no key \"%.*s\"; help=1 lists them\n",
                   (int)name_length, item);
        return;
    }
    int64_t value = 0;
    if (equals == NULL || goc__knobs_number(equals + 1, &value) != 0 ||
        value < knob->least || value > knob->most) {
        goc__print("goc: GOC_DEBUG: \"%.*s\" ignored; %s is a number from %" PRId64
                   " to %" PRId64 "\n",
                   (int)length, item, knob->name, knob->least, knob->most);
        return;
    }
    *knob->value = value;
}

static void print_help(void)
{
    goc__print("GOC_DEBUG=key=value,… takes:\n");
    for (size_t i = 0; i < KNOB_COUNT; i++)
        goc__print("  %-12s %s (now %" PRId64 ")\n", table[i].name, table[i].text,
                   *table[i].value);
}

void goc__knobs_read(const char *text)
{
    while (text != NULL && *text != '\0') {
        size_t length = strcspn(text, ",");
        if (length > 0)
            read_item(text, length);
        text += length;
        text += *text == ',';
    }
    if (goc__knobs.help != 0)
        print_help();
}
