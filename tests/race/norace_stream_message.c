/* What goes through streams over pipes is before who reads it there, when it is flushed; and a
 * stream's lock keeps apart who takes it. */
// BEYOND TSAN: it sees neither
#include "pair.h"

#include <stdio.h>
#include <unistd.h>

enum { LINE, BYTE, FORMAT, BLOCK, CLOSED, DESCRIPTOR, UNLOCKED, SCANNED, LOCK, ALL };

int shared[ALL];
static FILE *in[ALL];
static FILE *out[ALL];

static void first(void)
{
    shared[LINE] = 1;
    fputs("hello\n", out[LINE]);
    fflush(out[LINE]);
    shared[BYTE] = 1;
    putc('b', out[BYTE]);
    fflush(out[BYTE]);
    shared[FORMAT] = 1;
    fprintf(out[FORMAT], "%d\n", 5);
    fflush(out[FORMAT]);
    setvbuf(out[BLOCK], NULL, _IONBF, 0);
    shared[BLOCK] = 1;
    CHECK_EQ(fwrite("12345678", 1, 8, out[BLOCK]), 8);
    shared[CLOSED] = 1;
    fputc('c', out[CLOSED]);
    fclose(out[CLOSED]);
    shared[DESCRIPTOR] = 1;
    dprintf(fileno(out[DESCRIPTOR]), "%s", "text\n");
    setvbuf(out[UNLOCKED], NULL, _IONBF, 0);
    shared[UNLOCKED] = 1;
    putc_unlocked('u', out[UNLOCKED]);
    shared[SCANNED] = 1;
    fputs("17\n", out[SCANNED]);
    fflush(out[SCANNED]);
    flockfile(out[LOCK]);
    shared[LOCK]++;
    putc_unlocked('x', out[LOCK]);
    funlockfile(out[LOCK]);
}

static void second(void)
{
    char text[20];
    int number;
    CHECK(fgets(text, sizeof text, in[LINE]) != NULL);
    CHECK_EQ(shared[LINE], 1);
    CHECK_EQ(getc(in[BYTE]), 'b');
    CHECK_EQ(shared[BYTE], 1);
    CHECK_EQ(fgetc(in[FORMAT]), '5');
    CHECK_EQ(shared[FORMAT], 1);
    CHECK_EQ(fread(text, 1, 8, in[BLOCK]), 8);
    CHECK_EQ(shared[BLOCK], 1);
    CHECK_EQ(getc(in[CLOSED]), 'c');
    CHECK_EQ(getc(in[CLOSED]), EOF);
    CHECK_EQ(shared[CLOSED], 1);
    CHECK(fgets(text, sizeof text, in[DESCRIPTOR]) != NULL);
    CHECK_EQ(shared[DESCRIPTOR], 1);
    CHECK_EQ(getc_unlocked(in[UNLOCKED]), 'u');
    CHECK_EQ(shared[UNLOCKED], 1);
    CHECK_EQ(fscanf(in[SCANNED], "%d", &number), 1);
    CHECK_EQ(shared[SCANNED], 1);
    flockfile(out[LOCK]);
    shared[LOCK]++;
    putc_unlocked('y', out[LOCK]);
    funlockfile(out[LOCK]);
}

int main(void)
{
    for (int i = 0; i < ALL; i++) {
        int ends[2];
        CHECK_EQ(pipe(ends), 0);
        in[i] = fdopen(ends[0], "r");
        out[i] = fdopen(ends[1], "w");
        CHECK(in[i] != NULL && out[i] != NULL);
    }
    pair_in_order();
}
