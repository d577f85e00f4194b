/* Lanes that a mask leaves out access nothing, be they what another thread writes. */
// FLAGS: -mavx2
// BEYOND TSAN: it does not look into intrinsics of a processor's.
#include "x86.h"

static int table[64];
static float row[8];
static int stored[8];
static char bytes[16];

static volatile int chosen = -1; // a mask that no compiler knows

static void first(void)
{
    table[40] = 1;
    row[2] = 1;
    stored[3] = 1;
    bytes[5] = 1;
}

static void second(void)
{
    int lanes[8] = {chosen, chosen, 0, 0, chosen, 0, chosen, chosen};
    __m256i mask = _mm256_loadu_si256((const __m256i *)lanes);
    __m256i index = _mm256_setr_epi32(0, 8, 16, 24, 32, 40, 48, 56);
    volatile __m256i some =
        _mm256_mask_i32gather_epi32(_mm256_setzero_si256(), table, index, mask, 4);
    volatile __m256 read = _mm256_maskload_ps(row, mask);
    _mm256_maskstore_epi32(stored, mask, index);
    char byte_mask[16] = {[4] = (char)chosen, [6] = (char)chosen, [7] = 1};
    _mm_maskmoveu_si128(_mm_setzero_si128(), _mm_loadu_si128((const __m128i *)byte_mask),
                        bytes);
    (void)some, (void)read;
}

int main(void)
{
    NEEDS("avx2");
    pair_in_order();
}
