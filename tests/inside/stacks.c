/* Goroutines under AddressSanitizer and Valgrind, on several threads: everything that is right,
 * and, where an argument asks for it, one mistake that has to be seen on a goroutine's stack. */
#include <goc.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PARTIES = 50, ROUNDS = 200 };

static goc_waitgroup all;
static jmp_buf back;

static int recurse(int depth, char *above)
{
    char frame[128];
    memset(frame, depth, sizeof frame);
    if (depth == 0)
        return above[0];
    return recurse(depth - 1, frame) + frame[1];
}

/* Frames with redzones come and go while others run, and others' stacks are written to. */
static void party(int *sum, chan(int) in, chan(int) out)
{
    for (int i = 0; i < ROUNDS; i++) {
        char local[64];
        int got = chan_recv(in);
        memset(local, got, sizeof local);
        *sum += recurse(10, local);
        chan_send(out, (got + 1) % 100);
    }
    goc_waitgroup_done(&all);
}

static void leave_deep(int depth)
{
    char frame[256];
    memset(frame, depth, sizeof frame);
    if (depth == 0) {
        goc_waitgroup_done(&all);
        goc_exit(); /* these frames are never left */
    }
    leave_deep(depth - 1);
    frame[0]++;
}

/* Uses memory where leave_deep's frames were. */
static void use_again(void)
{
    char large[16 * 1024];
    memset(large, 1, sizeof large);
    __asm__ volatile("" ::"r"(large) : "memory");
    goc_waitgroup_done(&all);
}

__attribute__((__noinline__)) static void jump(int depth)
{
    char frame[64];
    memset(frame, depth, sizeof frame);
    if (depth == 0)
        longjmp(back, 1);
    jump(depth - 1);
    frame[0]++;
}

static void jumper(void)
{
    if (setjmp(back) == 0)
        jump(20);
    use_again();
}

static char *kept;

__attribute__((__noinline__)) static int overflow(volatile int index)
{
    char array[10] = {0};
    goc_yield();
    return array[index];
}

static void overflower(chan(int) done)
{
    chan_send(done, overflow(10));
}

__attribute__((__noinline__)) static char *local_address(void)
{
    char local[10] = {1};
    char *volatile address = local;
    goc_yield();
    return address;
}

static void returner(chan(int) done)
{
    kept = local_address();
    chan_send(done, kept[0]);
}

__attribute__((__noinline__)) static int use_undefined(int volatile *memory)
{
    if (memory[0] > 0) /* a branch */
        goc_yield();
    return 1;
}

static void undefined(chan(int) done)
{
    int volatile *memory = malloc(sizeof *memory);
    goc_yield();
    chan_send(done, use_undefined(memory));
    free((void *)memory);
}

int main(int argc, char **argv)
{
    const char *mistake = argc > 1 ? argv[1] : "";
    chan(int) done = chan_make(int, 0);
    if (strcmp(mistake, "overflow") == 0) {
        go overflower(done);
        chan_recv(done);
    }
    if (strcmp(mistake, "return") == 0) {
        go returner(done);
        chan_recv(done);
    }
    if (strcmp(mistake, "undefined") == 0) {
        go undefined(done);
        chan_recv(done);
    }
    chan(int) ring[PARTIES];
    static int sums[PARTIES];
    for (int i = 0; i < PARTIES; i++)
        ring[i] = chan_make(int, 1);
    goc_waitgroup_add(&all, PARTIES);
    for (int i = 0; i < PARTIES; i++)
        go party(&sums[i], ring[i], ring[(i + 1) % PARTIES]);
    for (int i = 0; i < PARTIES; i += 5)
        chan_send(ring[i], i);
    goc_waitgroup_wait(&all);
    for (int i = 0; i < PARTIES; i++)
        chan_free(ring[i]);
    for (int i = 0; i < 200; i++) {
        goc_waitgroup_add(&all, 2);
        go leave_deep(20);
        go use_again();
        goc_waitgroup_wait(&all);
    }
    goc_waitgroup_add(&all, 1);
    go jumper();
    goc_waitgroup_wait(&all);
    chan_free(done);
    puts("all right");
}
