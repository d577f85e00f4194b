/* One parser over the one table. */
#include "base/flags.h"

#include "base/bytes.h"
#include "base/out.h"

#include <goc/race_record.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct race__flags race__flags;

struct flag {
    const char *name;
    const char *help;
    const char *text; // the default of a text; NULL for a number
    int number;       // the default of a number
    void *value;      // in race__flags
};

static const struct flag table[] = {
#define RACE_FLAG_NUMBER(name, fallback, help)                                           \
    {#name, help, NULL, fallback, &race__flags.name},
#define RACE_FLAG_TEXT(name, fallback, help) {#name, help, fallback, 0, race__flags.name},
#include "base/flags.def"
#undef RACE_FLAG_NUMBER
#undef RACE_FLAG_TEXT
};

#define FLAG_COUNT (sizeof table / sizeof table[0])

static bool is_separator(char c)
{
    return c == ' ' || c == ':' || c == '\t' || c == '\n' || c == ',';
}

static bool is_named(const struct flag *flag, const char *name, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (flag->name[i] != name[i])
            return false;
    return flag->name[length] == '\0';
}

static const struct flag *find(const char *name, size_t length)
{
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (is_named(&table[i], name, length))
            return &table[i];
    return NULL;
}

static bool number(const char *text, size_t length, int *value)
{
    long result = 0;
    if (length == 0)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        result = result * 10 + (text[i] - '0');
        if (result > INT_MAX)
            return false;
    }
    *value = (int)result;
    return true;
}

static void set_text(const struct flag *flag, const char *text, size_t length)
{
    char *to = flag->value;
    if (length >= RACE_FLAG_TEXT_MAX) {
        race__warn("GOC_RACE: the value of %s is too long and ignored", flag->name);
        return;
    }
    race__copy(to, text, length);
    to[length] = '\0';
}

/* One "key=value" of LENGTH bytes. */
static void assign(const char *word, size_t length)
{
    char shown[80] = {0};
    size_t key = 0;
    while (key < length && word[key] != '=')
        key++;
    race__copy(shown, word, length < sizeof shown - 1 ? length : sizeof shown - 1);
    const struct flag *flag = find(word, key);
    if (flag == NULL) {
        race__warn("GOC_RACE: unknown key in \"%s\" (help=1 lists the keys)", shown);
        return;
    }
    if (key == length) {
        race__warn("GOC_RACE: \"%s\" has no value", shown);
        return;
    }
    const char *value = word + key + 1;
    length -= key + 1;
    if (flag->text != NULL)
        set_text(flag, value, length);
    else if (!number(value, length, flag->value))
        race__warn("GOC_RACE: not a number in \"%s\"", shown);
}

static void list(void)
{
    race__warn("keys of GOC_RACE:");
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (table[i].text != NULL)
            race__warn("  %s=%s  %s", table[i].name, table[i].text, table[i].help);
        else
            race__warn("  %s=%d  %s", table[i].name, table[i].number, table[i].help);
}

void race__flags_read(const char *setting)
{
    for (size_t i = 0; i < FLAG_COUNT; i++)
        if (table[i].text != NULL)
            set_text(&table[i], table[i].text, race__length(table[i].text));
        else
            *(int *)table[i].value = table[i].number;
    while (setting != NULL && *setting != '\0') {
        size_t length = 0;
        while (setting[length] != '\0' && !is_separator(setting[length]))
            length++;
        if (length != 0)
            assign(setting, length);
        setting += length + (setting[length] != '\0');
    }
    if (race__flags.help != 0)
        list();
}
