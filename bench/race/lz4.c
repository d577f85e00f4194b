/* LZ4: text packed and unpacked, byte loads at any address and a hash table of 16 KB. */
#include "bench.h"
#include "text.h"

#include <lz4.h>
#include <string.h>

int main(int argc, char **argv)
{
    int size = bench_argument(argc, argv, 1, 4 << 20);
    int passes = bench_argument(argc, argv, 2, 4);
    int bound = LZ4_compressBound(size);
    char *text = malloc((size_t)size);
    char *packed = malloc((size_t)bound);
    char *unpacked = malloc((size_t)size);
    text_fill(text, (size_t)size);
    int64_t start = bench_now_ns();
    for (int pass = 0; pass < passes; pass++) {
        int length = LZ4_compress_default(text, packed, size, bound);
        if (length <= 0 || LZ4_decompress_safe(packed, unpacked, length, size) != size)
            abort();
    }
    int64_t ended = bench_now_ns();
    if (memcmp(text, unpacked, (size_t)size) != 0)
        abort();
    bench_print((double)(ended - start) / 1e6);
    free(text);
    free(packed);
    free(unpacked);
}
