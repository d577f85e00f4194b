/* Zstandard at its usual level: match search over tables of a megabyte, entropy coding by bits. */
#include "bench.h"
#include "text.h"

#include <string.h>
#include <zstd.h>

enum { LEVEL = 3 };

int main(int argc, char **argv)
{
    size_t size = (size_t)bench_argument(argc, argv, 1, 4 << 20);
    int passes = bench_argument(argc, argv, 2, 1);
    size_t bound = ZSTD_compressBound(size);
    char *text = malloc(size);
    char *packed = malloc(bound);
    char *unpacked = malloc(size);
    text_fill(text, size);
    int64_t start = bench_now_ns();
    for (int pass = 0; pass < passes; pass++) {
        size_t length = ZSTD_compress(packed, bound, text, size, LEVEL);
        if (ZSTD_isError(length) ||
            ZSTD_decompress(unpacked, size, packed, length) != size)
            abort();
    }
    int64_t ended = bench_now_ns();
    if (memcmp(text, unpacked, size) != 0)
        abort();
    bench_print((double)(ended - start) / 1e6);
    free(text);
    free(packed);
    free(unpacked);
}
