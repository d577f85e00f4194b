/* Of a union's members, reports name the one whose part was accessed. */
// BEYOND TSAN: its report names variables only
#include "pair.h"

struct place {
    char before[12];
    union {
        char letter;
        int number;
        struct {
            short low, high;
        } half;
        double *pointer;
        long words[2];
    } as[3];
};

struct place places[4];

static void first(void)
{
    places[2].as[1].half.high = 1;
    places[3].as[2].words[1] = 1;
    places[0].as[0].pointer = 0;
    places[1].as[0].number = 1;
}

static void second(void)
{
    places[2].as[1].half.high = 2;
    places[3].as[2].words[1] = 2;
    places[0].as[0].pointer = (double *)8;
    places[1].as[0].number = 2;
}

int main(void)
{
    pair_in_order();
}

// CHECK-DAG: global 'places[2].as[1].half.high'
// CHECK-DAG: global 'places[3].as[2].words[1]'
// CHECK-DAG: global 'places[0].as[0].pointer'
// CHECK-DAG: global 'places[1].as[0].number'
