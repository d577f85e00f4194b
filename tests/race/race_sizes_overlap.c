/* A byte inside a word that another thread writes, and a word that is not aligned. */
#include "pair.h"

#include <string.h>

struct __attribute__((packed)) packed {
    char tag;
    long value;
};

union {
    long word;
    char bytes[8];
} both;
struct packed packed;

static void first(void)
{
    both.word = 1;    // CHECK-DAG: .c:[[#@LINE]]:
    packed.value = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    CHECK_EQ(both.bytes[7], 0); // CHECK-DAG: .c:[[#@LINE]]:
    CHECK_EQ(packed.value, 1);  // CHECK-DAG: .c:[[#@LINE]]:
}

int main(void)
{
    pair_in_order();
}
