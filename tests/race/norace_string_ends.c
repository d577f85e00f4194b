/* String functions read no further than they must: to the first difference, to the found
 * byte, to the end of the string. */
// FLAGS: -fno-builtin
#include "pair.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

char text[8][20] = {"abcdef", "abXdef", "abc\0ef", "x=yzzz",
                    "12345z", "ABXdef", "aabbcc",  "abcdef"};

static void first(void)
{
    CHECK(strcmp(text[0], text[1]) > 0);
    CHECK(strncmp(text[0], text[1], 2) == 0);
    CHECK(strcasecmp(text[0], text[5]) < 0);
    CHECK_EQ(strlen(text[2]), 3);
    CHECK(strchr(text[3], '=') == text[3] + 1);
    CHECK(memchr(text[3], '=', 20) == text[3] + 1);
    CHECK(strstr(text[7], "bc") == text[7] + 1);
    CHECK_EQ(strspn(text[6], "a"), 2);
    CHECK_EQ(strnlen(text[7], 3), 3);
    CHECK_EQ(strtol(text[4], NULL, 10), 12345);
}

static void second(void)
{
    text[0][3] = text[1][3] = text[5][3] = 'Q';
    text[2][4] = 'Q';
    text[3][2] = 'Q';
    text[7][3] = 'Q';
    text[6][3] = 'Q';
    text[4][6] = 'Q';
}

int main(void)
{
    pair_in_order();
}
