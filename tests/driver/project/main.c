#include "work.h"

#include <stdio.h>
#include <string.h>

/* Usage: work [racy] */
int main(int argc, char **argv)
{
    int locked = argc < 2 || strcmp(argv[1], "racy") != 0;
    long value = work_count(4, locked);
    printf("%s, counted %s\n", work_platform(),
           value == 4000 || !locked ? "right" : "wrong");
    return 0;
}
