/* A select with a default as a test whether an operation would block, on elements of several
 * sizes, with and without a buffer.  Until the partner stands at the channel the default is
 * taken; from then on the operation goes through. */
#include "check.h"

#include <goc.h>
#include <stdio.h>

struct text {
    char bytes[24];
};

#define IS_1(x) ((x) == 123)
#define IS_TRUE(x) (x)
#define IS_HELLO(x) (strcmp((x).bytes, "hello") == 0)

/* The same test for elements of type T: VALUE is sent, SAME says whether it arrived. */
#define NONBLOCKING(name, T, VALUE, SAME)                                                \
    static void name##_receiver(chan_recv_only(T) c, chan_send_only(bool) done)          \
    {                                                                                    \
        T got = chan_recv(c);                                                            \
        CHECK(SAME(got));                                                                \
        chan_send(done, true);                                                           \
    }                                                                                    \
    static void name##_sender(chan_send_only(T) c, chan_send_only(bool) done)            \
    {                                                                                    \
        chan_send(c, VALUE);                                                             \
        chan_send(done, true);                                                           \
    }                                                                                    \
    static bool name##_try_send(chan_send_only(T) c)                                     \
    {                                                                                    \
        chan_select                                                                      \
        {                                                                                \
            chan_case_send(c, VALUE) {                                                   \
                return true;                                                             \
            }                                                                            \
            chan_default                                                                 \
            {                                                                            \
                return false;                                                            \
            }                                                                            \
        }                                                                                \
    }                                                                                    \
    static bool name##_try_recv(chan_recv_only(T) c, T *into)                            \
    {                                                                                    \
        chan_select                                                                      \
        {                                                                                \
            chan_case_recv(c, *into) {                                                   \
                return true;                                                             \
            }                                                                            \
            chan_default                                                                 \
            {                                                                            \
                return false;                                                            \
            }                                                                            \
        }                                                                                \
    }                                                                                    \
    static void name(int buffer)                                                         \
    {                                                                                    \
        chan(T) c = chan_make(T, buffer);                                                \
        chan(bool) done = chan_make(bool, 0);                                            \
        T got;                                                                           \
        CHECK(!name##_try_recv(c, &got));                                                \
        CHECK_EQ(name##_try_send(c), buffer > 0);                                        \
        CHECK_EQ(name##_try_recv(c, &got), buffer > 0);                                  \
        go name##_receiver(c, done);                                                     \
        while (!name##_try_send(c))                                                      \
            goc_yield();                                                                 \
        chan_recv(done);                                                                 \
        go name##_sender(c, done);                                                       \
        while (!name##_try_recv(c, &got))                                                \
            goc_yield();                                                                 \
        CHECK(SAME(got));                                                                \
        chan_recv(done);                                                                 \
        CHECK(!name##_try_recv(c, &got));                                                \
        chan_free(c);                                                                    \
        chan_free(done);                                                                 \
    }

NONBLOCKING(int32, int, 123, IS_1)
NONBLOCKING(int64, long long, 123, IS_1)
NONBLOCKING(boolean, bool, true, IS_TRUE)
NONBLOCKING(byte, unsigned char, 123, IS_1)
NONBLOCKING(text, struct text, (struct text){"hello"}, IS_HELLO)

int main(void)
{
    for (int buffer = 0; buffer < 2; buffer++) {
        for (int round = 0; round < 100; round++) {
            int32(buffer);
            int64(buffer);
            boolean(buffer);
            byte(buffer);
            text(buffer);
        }
    }
    printf("none blocked\n");
}

// CHECK: none blocked
