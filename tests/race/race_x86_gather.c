/* What AVX2's gathers and masked loads read, and its masked stores and maskmovdqu write, is seen,
 * lane by lane. */
// FLAGS: -mavx2
// BEYOND TSAN: it does not look into intrinsics of a processor's.
#include "x86.h"

static int table[64];
static double row[8];
static int gathered[8];
static char bytes[16];

static volatile int chosen = -1; // a mask that no compiler knows

static __m256i mask_of(int lane)
{
    int mask[8] = {0};
    mask[lane] = chosen;
    return _mm256_loadu_si256((const __m256i *)mask);
}

static void first(void)
{
    table[40] = 1;   // CHECK-DAG: .c:[[#@LINE]]:
    gathered[3] = 1; // CHECK-DAG: .c:[[#@LINE]]:
    row[2] = 1;      // CHECK-DAG: .c:[[#@LINE]]:
    bytes[5] = 1;    // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    __m256i index = _mm256_setr_epi32(0, 8, 16, 24, 32, 40, 48, 56);
    __m256i third = _mm256_setr_epi64x(0, 0, -1, 0);
    __m256i high = _mm256_cmpeq_epi64(_mm256_set1_epi64x(chosen), third);
    char mask[16] = {[5] = (char)chosen};
    __m128i low = _mm_loadu_si128((const __m128i *)mask);
    __m128i zero = _mm_setzero_si128();
    volatile __m256i all;
    volatile __m256d read;
    all = _mm256_i32gather_epi32(table, index, 4);       // CHECK-DAG: .c:[[#@LINE]]:
    _mm256_maskstore_epi32(gathered, mask_of(3), index); // CHECK-DAG: .c:[[#@LINE]]:
    read = _mm256_maskload_pd(row, high);                // CHECK-DAG: .c:[[#@LINE]]:
    _mm_maskmoveu_si128(zero, low, bytes);               // CHECK-DAG: .c:[[#@LINE]]:
    (void)all, (void)read;
}

int main(void)
{
    NEEDS("avx2");
    pair_in_order();
}
