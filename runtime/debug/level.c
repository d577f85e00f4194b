#include "debug/level.h"

#include "base/print.h"

#include <stddef.h>
#include <string.h>

struct word {
    const char *text;
    enum level level;
};

static const struct word words[] = {
    {"none", LEVEL_NONE},
    {"single", LEVEL_SINGLE},
    {"all", LEVEL_ALL},
    {"system", LEVEL_SYSTEM},
    {"crash", LEVEL_CRASH},
    /* Go's older names. */
    {"0", LEVEL_NONE},
    {"1", LEVEL_ALL},
    {"2", LEVEL_SYSTEM},
};

static enum level level = LEVEL_SINGLE; /* const after the start */

enum level goc__level(void)
{
    return level;
}

void goc__level_read(const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i].text, text) == 0) {
            level = words[i].level;
            return;
        }
    }
    goc__print("goc: GOC_TRACEBACK=\"%s\" ignored; it is none, single, all, system or "
               "crash\n",
               text);
}
