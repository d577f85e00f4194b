/* Go's slice_test.go, with slices.h for slices and strings: arrays, and the structs that tell
 * where an array begins and ends. */
#include "slices.h"

static struct slice ints(size_t len)
{
    return slice_make(sizeof(int), len);
}

static struct slice pointers(size_t len)
{
    return slice_make(sizeof(int *), len);
}

/* What a slice that nobody keeps is good for. */
static void drop(struct slice s)
{
    use_pointer(s.data);
    use((long)s.len);
}

static void append_int(struct slice s, int value)
{
    drop(slice_append(s, &value, 1));
}

static void append_new_pointer(struct slice s)
{
    int *fresh = calloc(1, sizeof *fresh);
    drop(slice_append(s, (const void *)&fresh, 1));
}

static int *new_int(void)
{
    return calloc(1, sizeof(int));
}

/* for range s {} */
static void count_off(size_t len)
{
    for (size_t i = 0; i < len; i++)
        use((long)i);
}

CASE(RaceSliceRW)
{
    struct slice a = ints(2);
    chan(bool) done = beside(^{
        AT(a, 1, int) = 1;
    });
    use(AT(a, 1, int));
    chan_recv(done);
}

CASE(NoRaceSliceRW)
{
    struct slice a = ints(2);
    chan(bool) done = beside(^{
        AT(a, 0, int) = 1;
    });
    use(AT(a, 1, int));
    chan_recv(done);
}

CASE(RaceSliceWW)
{
    struct slice a = ints(10);
    chan(bool) done = beside(^{
        AT(a, 1, int) = 1;
    });
    AT(a, 1, int) = 2;
    chan_recv(done);
}

CASE(NoRaceArrayWW)
{
    int memory[5] = {0};
    int *a = memory;
    chan(bool) done = beside(^{
        a[0] = 1;
    });
    a[1] = 2;
    chan_recv(done);
    use(a[0] + a[1]);
}

CASE(RaceArrayWW)
{
    int memory[5] = {0};
    int *a = memory;
    chan(bool) done = beside(^{
        a[1] = 1;
    });
    a[1] = 2;
    chan_recv(done);
    use(a[1]);
}

CASE(NoRaceSliceWriteLen)
{
    struct slice a = slice_make(sizeof(bool), 1);
    chan(bool) done = beside(^{
        AT(a, 0, bool) = true;
    });
    use((long)a.len);
    chan_recv(done);
}

CASE(NoRaceSliceWriteCap)
{
    struct slice a = slice_make(sizeof(uint64_t), 100);
    chan(bool) done = beside(^{
        AT(a, 50, uint64_t) = 123;
    });
    use((long)a.cap);
    chan_recv(done);
}

/* A copy reads and writes what it copies, no more. */

CASE(RaceSliceCopyRead)
{
    struct slice a = ints(10);
    struct slice b = ints(10);
    chan(bool) done = beside(^{
        use(AT(a, 5, int));
    });
    slice_copy(a, b);
    chan_recv(done);
}

CASE(NoRaceSliceWriteCopy)
{
    struct slice a = ints(10);
    struct slice b = ints(10);
    chan(bool) done = beside(^{
        AT(a, 5, int) = 1;
    });
    slice_copy(slice_of(a, 0, 5), slice_of(b, 0, 5));
    chan_recv(done);
}

CASE(RaceSliceCopyWrite2)
{
    struct slice a = ints(10);
    struct slice b = ints(10);
    chan(bool) done = beside(^{
        AT(b, 5, int) = 1;
    });
    slice_copy(a, b);
    chan_recv(done);
}

CASE(RaceSliceCopyWrite3)
{
    struct slice a = slice_make(1, 10);
    chan(bool) done = beside(^{
        AT(a, 7, char) = 1;
    });
    memcpy(a.data, "qwertyqwerty", a.len);
    chan_recv(done);
}

CASE(NoRaceSliceCopyRead)
{
    struct slice a = ints(10);
    struct slice b = ints(10);
    chan(bool) done = beside(^{
        use(AT(b, 5, int));
    });
    slice_copy(a, b);
    chan_recv(done);
}

CASE(RacePointerSliceCopyRead)
{
    struct slice a = pointers(10);
    struct slice b = pointers(10);
    chan(bool) done = beside(^{
        use_pointer(AT(a, 5, int *));
    });
    slice_copy(a, b);
    chan_recv(done);
}

CASE(NoRacePointerSliceWriteCopy)
{
    struct slice a = pointers(10);
    struct slice b = pointers(10);
    chan(bool) done = beside(^{
        AT(a, 5, int *) = new_int();
    });
    slice_copy(slice_of(a, 0, 5), slice_of(b, 0, 5));
    chan_recv(done);
}

CASE(RacePointerSliceCopyWrite2)
{
    struct slice a = pointers(10);
    struct slice b = pointers(10);
    chan(bool) done = beside(^{
        AT(b, 5, int *) = new_int();
    });
    slice_copy(a, b);
    chan_recv(done);
}

CASE(NoRacePointerSliceCopyRead)
{
    struct slice a = pointers(10);
    struct slice b = pointers(10);
    chan(bool) done = beside(^{
        use_pointer(AT(b, 5, int *));
    });
    slice_copy(a, b);
    chan_recv(done);
}

/* A slice of a slice touches no element. */

CASE(NoRaceSliceWriteSlice2)
{
    struct slice a = slice_make(sizeof(double), 10);
    chan(bool) done = beside(^{
        AT(a, 2, double) = 1.0;
    });
    drop(slice_of(a, 0, 5));
    chan_recv(done);
}

CASE(RaceSliceWriteSlice)
{
    __block struct slice a = slice_make(sizeof(double), 10);
    chan(bool) done = beside(^{
        AT(a, 2, double) = 1.0;
    });
    a = slice_of(a, 5, 10);
    chan_recv(done);
}

CASE(NoRaceSliceWriteSlice)
{
    struct slice a = slice_make(sizeof(double), 10);
    chan(bool) done = beside(^{
        AT(a, 2, double) = 1.0;
    });
    drop(slice_of(a, 5, 10));
    chan_recv(done);
}

CASE(NoRaceSliceLenCap)
{
    __block struct slice a = slice_make(sizeof(struct nothing), 10);
    chan(bool) done = beside(^{
        use((long)a.len);
    });
    use((long)a.cap);
    chan_recv(done);
}

CASE(NoRaceStructSlicesRangeWrite)
{
    struct both_slices {
        struct slice a;
        struct slice b;
    };
    __block struct both_slices s = {ints(10), ints(10)};
    chan(bool) done = beside(^{
        count_off(s.a.len);
    });
    AT(s.b, 5, int) = 5;
    chan_recv(done);
}

CASE(RaceSliceDifferent)
{
    struct slice s = ints(10);
    struct slice s2 = s;
    chan(bool) done = beside(^{
        AT(s, 3, int) = 3;
    });
    AT(s2, 3, int) = 3;
    chan_recv(done);
}

/* A walk over the elements reads them, a walk over the indexes only the length. */

CASE(RaceSliceRangeWrite)
{
    struct slice s = ints(10);
    chan(bool) done = beside(^{
        AT(s, 3, int) = 3;
    });
    for (size_t i = 0; i < s.len; i++)
        use(AT(s, i, int));
    chan_recv(done);
}

CASE(NoRaceSliceRangeWrite)
{
    struct slice s = ints(10);
    chan(bool) done = beside(^{
        AT(s, 3, int) = 3;
    });
    count_off(s.len);
    chan_recv(done);
}

CASE(RaceSliceRangeAppend)
{
    __block struct slice s = ints(10);
    chan(bool) done = beside(^{
        s = slice_append(s, &(int){3}, 1);
    });
    count_off(s.len);
    chan_recv(done);
}

CASE(NoRaceSliceRangeAppend)
{
    __block struct slice s = ints(10);
    chan(bool) done = beside(^{
        append_int(s, 3);
    });
    count_off(s.len);
    chan_recv(done);
}

/* The variable that holds the slice changes. */

CASE(RaceSliceVarWrite)
{
    __block struct slice s = ints(10);
    chan(bool) done = beside(^{
        AT(s, 3, int) = 3;
    });
    s = ints(20);
    chan_recv(done);
}

CASE(RaceSliceVarRead)
{
    __block struct slice s = ints(10);
    chan(bool) done = beside(^{
        use(AT(s, 3, int));
    });
    s = ints(20);
    chan_recv(done);
}

CASE(RaceSliceVarRange)
{
    __block struct slice s = ints(10);
    chan(bool) done = beside(^{
        count_off(s.len);
    });
    s = ints(20);
    chan_recv(done);
}

CASE(RaceSliceVarAppend)
{
    __block struct slice s = ints(10);
    chan(bool) done = beside(^{
        append_int(s, 10);
    });
    s = ints(20);
    chan_recv(done);
}

CASE(RaceSliceVarCopy)
{
    __block struct slice s = ints(10);
    chan(bool) done = beside(^{
        slice_copy(s, ints(10));
    });
    s = ints(20);
    chan_recv(done);
}

CASE(RaceSliceVarCopy2)
{
    __block struct slice s = ints(10);
    chan(bool) done = beside(^{
        slice_copy(ints(10), s);
    });
    s = ints(20);
    chan_recv(done);
}

/* An append writes behind the end, or reads everything to move it. */

CASE(RaceSliceAppend)
{
    struct slice s = slice_with(sizeof(int), 10, 20);
    chan(bool) done = beside(^{
        append_int(s, 1);
    });
    append_int(s, 2);
    chan_recv(done);
}

CASE(RaceSliceAppendWrite)
{
    struct slice s = ints(10);
    chan(bool) done = beside(^{
        append_int(s, 1);
    });
    AT(s, 0, int) = 42;
    chan_recv(done);
}

CASE(RaceSliceAppendSlice)
{
    struct slice s = ints(10);
    chan(bool) done = beside(^{
        drop(slice_append_all(s, ints(10)));
    });
    AT(s, 0, int) = 42;
    chan_recv(done);
}

CASE(RaceSliceAppendSlice2)
{
    struct slice s = ints(10);
    struct slice more = ints(10);
    chan(bool) done = beside(^{
        drop(slice_append_all(s, more));
    });
    AT(more, 5, int) = 42;
    chan_recv(done);
}

CASE(RaceSliceAppendString)
{
    struct slice s = slice_make(1, 10);
    chan(bool) done = beside(^{
        drop(slice_append(s, "qwerty", 6));
    });
    AT(s, 0, char) = 42;
    chan_recv(done);
}

CASE(RacePointerSliceAppend)
{
    struct slice s = slice_with(sizeof(int *), 10, 20);
    chan(bool) done = beside(^{
        append_new_pointer(s);
    });
    append_new_pointer(s);
    chan_recv(done);
}

CASE(RacePointerSliceAppendWrite)
{
    struct slice s = pointers(10);
    chan(bool) done = beside(^{
        append_new_pointer(s);
    });
    AT(s, 0, int *) = new_int();
    chan_recv(done);
}

CASE(RacePointerSliceAppendSlice)
{
    struct slice s = pointers(10);
    chan(bool) done = beside(^{
        drop(slice_append_all(s, pointers(10)));
    });
    AT(s, 0, int *) = new_int();
    chan_recv(done);
}

CASE(RacePointerSliceAppendSlice2)
{
    struct slice s = pointers(10);
    struct slice more = pointers(10);
    chan(bool) done = beside(^{
        drop(slice_append_all(s, more));
    });
    AT(more, 5, int *) = NULL;
    chan_recv(done);
}

/* An index is read like any other variable. */

CASE(NoRaceSliceIndexAccess)
{
    struct slice s = ints(10);
    __block int v = 0;
    chan(bool) done = beside(^{
        use(v);
    });
    AT(s, v, int) = 1;
    chan_recv(done);
}

CASE(NoRaceSliceIndexAccess2)
{
    struct slice s = ints(10);
    __block int v = 0;
    chan(bool) done = beside(^{
        use(v);
    });
    use(AT(s, v, int));
    chan_recv(done);
}

CASE(RaceSliceIndexAccess)
{
    struct slice s = ints(10);
    __block int v = 0;
    chan(bool) done = beside(^{
        v = 1;
    });
    AT(s, v, int) = 1;
    chan_recv(done);
}

CASE(RaceSliceIndexAccess2)
{
    struct slice s = ints(10);
    __block int v = 0;
    chan(bool) done = beside(^{
        v = 1;
    });
    use(AT(s, v, int));
    chan_recv(done);
}

/* Strings are made of what slices have, and are variables themselves. */

CASE(RaceSliceByteToString)
{
    chan(struct string) c = chan_make(struct string, 0);
    struct slice s = slice_make(1, 10);
    go ^{
        chan_send(c, string_of(s));
    }();
    AT(s, 0, char) = 42;
    chan_recv(c);
}

CASE(RaceSliceRuneToString)
{
    chan(struct string) c = chan_make(struct string, 0);
    struct slice s = slice_make(sizeof(int32_t), 10);
    go ^{
        chan_send(c, string_of(s));
    }();
    AT(s, 9, int32_t) = 42;
    chan_recv(c);
}

CASE(RaceConcatString)
{
    __block struct string s = STRING("hello");
    chan(struct string) c = chan_make(struct string, 1);
    go ^{
        chan_send(c, string_concat(s, STRING(" world")));
    }();
    s = STRING("world");
    chan_recv(c);
}

CASE(RaceCompareString)
{
    __block struct string s1 = STRING("hello");
    struct string s2 = STRING("world");
    chan(bool) c = chan_make(bool, 1);
    go ^{
        chan_send(c, string_equal(s1, s2));
    }();
    s1 = s2;
    chan_recv(c);
}

CASE(RaceSlice3)
{
    struct slice x = ints(10);
    __block size_t i = 2;
    chan(bool) done = beside(^{
        i = 3;
    });
    struct slice part = slice_of(x, 0, 1);
    part.cap = i;
    use((long)part.cap);
    chan_recv(done);
}

CASE(RaceSlice4)
{
    struct slice data = slice_append(slice_make(1, 0), "hello there", 11);
    chan(bool) done = beside(^{
        use_pointer(string_of(data).data);
    });
    slice_copy(data, slice_of(data, 2, 11));
    chan_recv(done);
}
