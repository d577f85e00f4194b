/* fread, fgets and getline write the caller's buffers, fwrite and fputs read them. */
#include "pair.h"

#include <stdio.h>
#include <stdlib.h>

char input[3][20];
char output[2][20] = {"abc", "abc"};
char *line;
size_t line_size;

static void first(void)
{
    FILE *file = tmpfile();
    CHECK(file != NULL);
    CHECK_EQ(fwrite(output[0], 1, 4, file), 4); // CHECK-DAG: .c:[[#@LINE]]:
    CHECK(fputs(output[1], file) >= 0);         // CHECK-DAG: .c:[[#@LINE]]:
    fputs("\none\ntwo\n", file);
    rewind(file);
    CHECK_EQ(fread(input[0], 1, 8, file), 8);      // CHECK-DAG: .c:[[#@LINE]]:
    CHECK(fgets(input[1], 20, file) != NULL);      // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(getline(&line, &line_size, file), 4); // CHECK-DAG: .c:[[#@LINE]]:
    fclose(file);
}

static void second(void)
{
    output[0][3] = 'Q'; // CHECK-DAG: .c:[[#@LINE]]:
    output[1][3] = 'Q'; // CHECK-DAG: .c:[[#@LINE]]:
    input[0][7] = 'Q';  // CHECK-DAG: .c:[[#@LINE]]:
    input[1][4] = 'Q';  // CHECK-DAG: .c:[[#@LINE]]:
    line_size = 0;      // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
    free(line);
}
