/* Go's mop_test.go, calls: functions, methods and what they are called with, deferred calls,
 * assignments of results. */
#include "map.h"
#include "slices.h"
#include "values.h"

#include <fcntl.h>
#include <stdlib.h>

static void nothing(void) {}

static void nothing_either(void) {}

CASE(RaceFuncItself)
{
    __block void (*f)(void) = nothing;
    chan(bool) done = beside(^{
        f();
    });
    f = nothing_either;
    chan_recv(done);
}

static goc_mutex mutex;

static int lock_and_return(int value)
{
    goc_mutex_lock(&mutex);
    return value;
}

CASE(NoRaceFuncUnlock)
{
    __block int x = 0;
    chan(bool) done = beside(^{
        goc_mutex_lock(&mutex);
        x = 42;
        goc_mutex_unlock(&mutex);
    });
    x = lock_and_return(43);
    goc_mutex_unlock(&mutex);
    chan_recv(done);
}

struct point {
    long x;
    long y;
};

static chan(bool) write_beside(long *y)
{
    return beside(^{
        *y = 42;
    });
}

CASE(RaceStructInit)
{
    static long y;
    chan(bool) done = write_beside(&y);
    struct point x = {.x = y};
    use_pointer(&x);
    chan_recv(done);
}

CASE(RaceArrayInit)
{
    static long y;
    chan(bool) done = write_beside(&y);
    long x[] = {0, y, 42};
    use_pointer(x);
    chan_recv(done);
}

static void put_long(struct map *m, long key, long value)
{
    map_put(m, &key, &value);
}

CASE(RaceMapInit)
{
    static long y;
    chan(bool) done = write_beside(&y);
    struct map *x = map_make(sizeof(long), sizeof(long));
    put_long(x, 0, 42);
    put_long(x, y, 42);
    chan_recv(done);
}

CASE(RaceMapInit2)
{
    static long y;
    chan(bool) done = write_beside(&y);
    struct map *x = map_make(sizeof(long), sizeof(long));
    put_long(x, 0, 42);
    put_long(x, 42, y);
    chan_recv(done);
}

CASE(RaceInterCall)
{
    __block struct value x = value_of(0);
    chan(bool) done = beside(^{
        x = value_of(0);
    });
    x.type->foo(x, 0);
    chan_recv(done);
}

CASE(RaceInterCall2)
{
    static long z;
    struct value x = value_of(0);
    chan(bool) done = write_beside(&z);
    x.type->foo(x, z);
    chan_recv(done);
}

CASE(RaceFuncCall)
{
    static long y;
    static long x;
    void (^f)(long, long) = ^(long one, long other) {
        use(one + other);
    };
    chan(bool) done = write_beside(&y);
    f(x, y);
    chan_recv(done);
}

CASE(RaceMethodCall)
{
    static long x;
    struct value i = value_of(0);
    chan(bool) done = write_beside(&x);
    foo(i, x);
    chan_recv(done);
}

CASE(RaceMethodCall2)
{
    static struct value values[2];
    __block struct value *i = &values[0];
    chan(bool) done = beside(^{
        i = &values[1];
    });
    foo(*i, 0);
    chan_recv(done);
}

/* A method and what it will be called on: by value, or by address. */
struct bound {
    void (*method)(struct value, long);
    struct value self;
};

struct bound_to {
    void (*method)(struct value, long);
    const struct value *self;
};

static void use_bound(struct bound bound)
{
    use_pointer((const void *)bound.method);
    use_value(bound.self);
}

CASE(RaceMethodValue)
{
    __block struct value i = value_of(0);
    chan(bool) done = beside(^{
        i = value_of(0);
    });
    use_bound((struct bound){foo, i});
    chan_recv(done);
}

CASE(RaceMethodValue2)
{
    __block struct value i = value_of(0);
    chan(bool) done = beside(^{
        i = value_of(0);
    });
    use_bound((struct bound){i.type->foo, i});
    chan_recv(done);
}

CASE(RaceMethodValue3)
{
    static struct value pointee;
    struct value *i = &pointee;
    chan(bool) done = beside(^{
        *i = value_of(0);
    });
    use_bound((struct bound){foo, *i});
    chan_recv(done);
}

CASE(NoRaceMethodValue)
{
    static struct value i;
    chan(bool) done = beside(^{
        i = value_of(0);
    });
    struct bound_to bound = {foo, &i};
    use_pointer(bound.self);
    chan_recv(done);
}

static void recover_and_wait(chan(bool) done)
{
    CHECK(goc_recover() != NULL);
    chan_recv(done);
}

CASE(RacePanicArg)
{
    __block const char *error = "err";
    chan(bool) done = beside(^{
        error = "err2";
    });
    goc_defer recover_and_wait(done);
    goc_panic("%s", error);
}

static void take(long x)
{
    use(x);
}

CASE(RaceDeferArg)
{
    static long x;
    chan(bool) done = write_beside(&x);
    ^{
        goc_defer take(x);
    }();
    chan_recv(done);
}

CASE(RaceDeferArg2)
{
    __block struct value x = value_of(0);
    chan(bool) done = beside(^{
        x = value_of(0);
    });
    ^{
        goc_defer foo(x, 0);
    }();
    chan_recv(done);
}

CASE(NoRaceAddrExpr)
{
    static long x;
    chan(bool) done = write_beside(&x);
    use_pointer(&x);
    chan_recv(done);
}

struct far {
    char before[256];
    int x;
};

struct farther {
    char before[512];
    struct far *p;
};

CASE(RaceAddrExpr)
{
    static struct far fars[2];
    static struct farther a = {.p = &fars[0]};
    chan(bool) done = beside(^{
        a.p = &fars[1];
    });
    use_pointer(&a.p->x);
    chan_recv(done);
}

CASE(RaceTypeAssert)
{
    __block struct value i = value_of(0);
    chan(bool) done = beside(^{
        i = value_of(0);
    });
    if (i.type == &int_type)
        use(i.number);
    chan_recv(done);
}

CASE(RaceBlockAs)
{
    static long x;
    static long y;
    chan(bool) done = write_beside(&x);
    long before = x;
    x = y;
    y = before;
    chan_recv(done);
    use(x + y);
}

/* Several results, assigned one after the other. */

static struct point two_numbers(void)
{
    return (struct point){42, 43};
}

static struct point pair; /* the two variables */

static chan(bool) assign_pair(void)
{
    return beside(^{
        struct point result = two_numbers();
        pair.x = result.x;
        pair.y = result.y;
    });
}

static void check_pair(void)
{
    CHECK_EQ(pair.x, 42);
    CHECK_EQ(pair.y, 43);
}

CASE(RaceBlockCall1)
{
    chan(bool) done = assign_pair();
    use(pair.x);
    chan_recv(done);
    check_pair();
}

CASE(RaceBlockCall2)
{
    chan(bool) done = assign_pair();
    use(pair.y);
    chan_recv(done);
    check_pair();
}

struct place_and_number {
    int *place;
    int number;
};

static struct place_and_number place_and_number(int value, int number)
{
    int *place = malloc(sizeof *place);
    *place = value;
    return (struct place_and_number){place, number};
}

static int *place;
static int number;

static chan(bool) assign_place_and_number(int value, int other)
{
    return beside(^{
        struct place_and_number result = place_and_number(value, other);
        place = result.place;
        number = result.number;
    });
}

static chan(bool) assign_number_and_place(int other, int value)
{
    return beside(^{
        struct place_and_number result = place_and_number(value, other);
        number = result.number;
        place = result.place;
    });
}

static void check_place_and_number(int value, int other)
{
    CHECK_EQ(*place, value);
    CHECK_EQ(number, other);
}

CASE(RaceBlockCall3)
{
    chan(bool) done = assign_place_and_number(42, 43);
    use_pointer(place);
    chan_recv(done);
    check_place_and_number(42, 43);
}

CASE(RaceBlockCall4)
{
    chan(bool) done = assign_number_and_place(42, 43);
    use_pointer(place);
    chan_recv(done);
    check_place_and_number(43, 42);
}

CASE(RaceBlockCall5)
{
    chan(bool) done = assign_place_and_number(42, 43);
    use(number);
    chan_recv(done);
    check_place_and_number(42, 43);
}

CASE(RaceBlockCall6)
{
    chan(bool) done = assign_number_and_place(42, 43);
    use(number);
    chan_recv(done);
    check_place_and_number(43, 42);
}

CASE(RaceSliceSlice)
{
    __block struct slice x = slice_make(sizeof(int), 10);
    chan(bool) done = beside(^{
        x = slice_make(sizeof(int), 20);
    });
    use_pointer(slice_of(x, 2, 3).data);
    chan_recv(done);
}

CASE(RaceSliceSlice2)
{
    struct slice x = slice_make(sizeof(int), 10);
    __block size_t i = 2;
    chan(bool) done = beside(^{
        i = 3;
    });
    use_pointer(slice_of(x, i, 4).data);
    chan_recv(done);
}

CASE(RaceSliceString)
{
    __block struct string x = STRING("hello");
    chan(bool) done = beside(^{
        x = STRING("world");
    });
    struct string part = {x.data + 2, 1};
    use_pointer(part.data);
    chan_recv(done);
}

CASE(RaceSliceStruct)
{
    struct slice x = slice_make(sizeof(struct point), 10);
    chan(bool) done = beside(^{
        slice_copy(slice_make(sizeof(struct point), 10), x);
    });
    AT(x, 1, struct point).y = 42;
    chan_recv(done);
}

CASE(RaceAppendSliceStruct)
{
    struct slice x = slice_make(sizeof(struct point), 10);
    chan(bool) done = beside(^{
        struct slice y = slice_with(sizeof(struct point), 0, 10);
        y = slice_append_all(y, x);
        use_pointer(y.data);
    });
    AT(x, 1, struct point).y = 42;
    chan_recv(done);
}

CASE(RaceStructInd)
{
    chan(bool) c = chan_make(bool, 1);
    struct point i = {0, 0};
    go ^(struct point *p) {
        *p = (struct point){0, 0};
        chan_send(c, true);
    }(&i);
    i.y = 42;
    chan_recv(c);
}

struct bytes_or_error {
    struct slice bytes;
    const char *error;
};

static struct bytes_or_error hello(void)
{
    return (struct bytes_or_error){slice_append(slice_make(1, 0), "hello world", 11),
                                   NULL};
}

CASE(RaceAsFunc1)
{
    __block struct slice s = slice_make(1, 0);
    chan(bool) done = beside(^{
        struct bytes_or_error result = hello();
        s = result.bytes;
        use_pointer(result.error);
    });
    use_pointer(string_of(s).data);
    chan_recv(done);
}

CASE(RaceAsFunc2)
{
    __block int x = 0;
    chan(bool) done = beside(^{
        ^(int y) {
            use(y);
        }(x);
    });
    x = 42;
    chan_recv(done);
}

/* The argument is read before the call takes the mutex, also where that comes second … */
CASE(RaceAsFunc3)
{
    static struct barrier gate;
    __block int x = 0;
    chan(bool) done = beside(^{
        see(&gate, 1);
        use(lock_and_return(x));
        goc_mutex_unlock(&mutex);
    });
    goc_mutex_lock(&mutex);
    x = 42;
    goc_mutex_unlock(&mutex);
    barrier_arrive(&gate);
    chan_recv(done);
}

/* … and the result assigned after it. */
CASE(NoRaceAsFunc4)
{
    __block int x = 0;
    chan(bool) done = beside(^{
        x = lock_and_return(42);
        goc_mutex_unlock(&mutex);
    });
    goc_mutex_lock(&mutex);
    x = 42;
    goc_mutex_unlock(&mutex);
    chan_recv(done);
}

static int return_what_is_written(chan(bool) done)
{
    __block int x = 0;
    go ^{
        x = 42;
        chan_send(done, true);
    }();
    return x;
}

CASE(RaceHeapParam)
{
    chan(bool) done = chan_make(bool, 0);
    use(return_what_is_written(done));
    chan_recv(done);
}

struct with_nothing {
    int64_t y;
    struct nothing nothing;
};

struct outer {
    struct with_nothing x;
    int64_t y;
};

CASE(NoRaceEmptyStruct)
{
    static struct outer y;
    chan(struct with_nothing) c = chan_make(struct with_nothing, 0);
    go ^{
        struct with_nothing x = y.x;
        chan_send(c, x);
    }();
    y.y = 42;
    chan_recv(c);
    use(y.y);
}

struct nested {
    struct point x;
};

CASE(RaceNestedStruct)
{
    static struct nested y;
    chan(struct nested) c = chan_make(struct nested, 0);
    go ^{
        chan_send(c, y);
    }();
    y.x.y = 42;
    chan_recv(c);
    use(y.x.y);
}

/* One buffer for all: the next read may come before the last is looked at. */

static unsigned long sum_bytes(unsigned long sum, struct string bytes)
{
    for (size_t i = 0; i < bytes.len; i++)
        sum = sum * 31 + (unsigned char)bytes.data[i];
    return sum;
}

static void read_chunks(chan(struct string) chunks, ssize_t (^next)(char *, size_t))
{
    char *buffer = calloc(1, 17);
    ssize_t count;
    while ((count = next(buffer, 17)) > 0)
        chan_send(chunks, (struct string){buffer, (size_t)count});
    chan_close(chunks);
}

static void sum_chunks(chan(struct string) chunks)
{
    unsigned long sum = 0;
    chan_range(chunk, chunks)
        sum = sum_bytes(sum, chunk);
    use((long)sum);
}

static int file_of_text(void)
{
    char path[] = "go-case-XXXXXX";
    char text[200];
    memset(text, 'x', sizeof text);
    int fd = mkstemp(path);
    CHECK(fd >= 0);
    unlink(path);
    CHECK_EQ(write(fd, text, sizeof text), sizeof text);
    CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

CASE(RaceIssue5567)
{
    int fd = file_of_text();
    chan(struct string) chunks = chan_make(struct string, 0);
    go read_chunks(chunks, ^(char *buffer, size_t size) {
        return read(fd, buffer, size);
    });
    sum_chunks(chunks);
}

CASE(RaceIssue51618)
{
    int fd = file_of_text();
    __block off_t total = 0;
    chan(struct string) chunks = chan_make(struct string, 0);
    go read_chunks(chunks, ^(char *buffer, size_t size) {
        ssize_t count = pread(fd, buffer, size, total);
        total += count;
        return count;
    });
    sum_chunks(chunks);
}

CASE(RaceIssue5654)
{
    static const char text[] = "Friends, Romans, countrymen, lend me your ears; "
                               "I come to bury Caesar, not to praise him.";
    __block size_t taken = 0;
    chan(struct string) chunks = chan_make(struct string, 0);
    go read_chunks(chunks, ^(char *buffer, size_t size) {
        size_t rest = sizeof text - taken;
        size_t count = rest < size ? rest : size;
        memcpy(buffer, text + taken, count);
        taken += count;
        return (ssize_t)count;
    });
    sum_chunks(chunks);
}

/* A method of what is embedded: the address of the derived is enough, or its value is read. */

struct base {
    int value;
};

struct derived {
    long pad;
    struct base base;
};

struct derived_from_pointer {
    long pad;
    struct base *base;
};

__attribute__((__noinline__)) static void by_address(const struct base *base)
{
    use_pointer(base);
}

__attribute__((__noinline__)) static void by_value(struct base base)
{
    use(base.value);
}

CASE(NoRaceMethodThunk)
{
    static struct derived d;
    chan(bool) done = beside(^{
        by_address(&d.base);
    });
    d = (struct derived){0};
    chan_recv(done);
    use_pointer(&d);
}

CASE(RaceMethodThunk)
{
    static struct derived_from_pointer d;
    chan(bool) done = beside(^{
        by_address(d.base);
    });
    d = (struct derived_from_pointer){0};
    chan_recv(done);
    use_pointer(&d);
}

CASE(RaceMethodThunk2)
{
    static struct derived d;
    chan(bool) done = beside(^{
        by_value(d.base);
    });
    d = (struct derived){0};
    chan_recv(done);
    use_pointer(&d);
}

CASE(RaceMethodThunk3)
{
    static struct base bases[2];
    static struct derived_from_pointer d = {0, &bases[0]};
    chan(bool) done = beside(^{
        by_value(*d.base);
    });
    d.base = &bases[1];
    chan_recv(done);
    use_pointer(&d);
}

CASE(RaceMethodThunk4)
{
    static struct base base;
    static struct derived_from_pointer d = {0, &base};
    chan(bool) done = beside(^{
        by_value(*d.base);
    });
    d.base->value = 42;
    chan_recv(done);
}
