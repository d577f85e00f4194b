/* What AVX-512's scatters write, its gathers read, and its stores of narrowed elements write, is
 * seen, lane by lane. */
// FLAGS: -mavx512f
// BEYOND TSAN: it does not look into intrinsics of a processor's.
#include "x86.h"

static long table[64];
static int ints[64];
static unsigned char narrow[16];

static volatile unsigned short chosen = 1 << 5;

static void first(void)
{
    table[40] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    ints[50] = 1;  // CHECK-DAG: .c:[[#@LINE]]:
    narrow[5] = 1; // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    __m512i wide = _mm512_setr_epi64(0, 8, 16, 24, 32, 40, 48, 56);
    __m512i at = _mm512_setr_epi32(0, 1, 2, 3, 4, 50, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    __mmask8 few = (__mmask8)chosen;
    __mmask16 many = chosen;
    volatile __m512i read;
    _mm512_mask_i64scatter_epi64(table, few, wide, wide, 8); // CHECK-DAG: .c:[[#@LINE]]:
    read =
        _mm512_mask_i32gather_epi32(at, many, at, ints, 4); // CHECK-DAG: .c:[[#@LINE]]:
    _mm512_mask_cvtepi32_storeu_epi8(narrow, many, at);     // CHECK-DAG: .c:[[#@LINE]]:
    (void)read;
}

int main(void)
{
    NEEDS("avx512f");
    pair_in_order();
}
