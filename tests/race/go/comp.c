/* Go's comp_test.go: members of structs, whole and in part. */
#include "cases.h"

#include <stdlib.h>

typedef struct pair {
    long x;
    long y;
} pair;

typedef struct pairs {
    pair s1;
    pair s2;
} pairs;

/* What a conversion between types of one layout copies. */
typedef pair other_pair;
typedef pairs other_pairs;

CASE(NoRaceComp)
{
    __block pairs s = {0};
    chan(bool) done = beside(^{
        s.s2.x = 1;
    });
    s.s2.y = 2;
    chan_recv(done);
}

CASE(NoRaceComp2)
{
    __block pairs s = {0};
    chan(bool) done = beside(^{
        s.s1.x = 1;
    });
    s.s1.y = 2;
    chan_recv(done);
}

CASE(RaceComp)
{
    __block pairs s = {0};
    chan(bool) done = beside(^{
        s.s2.y = 1;
    });
    s.s2.y = 2;
    chan_recv(done);
}

CASE(RaceComp2)
{
    __block pairs s = {0};
    chan(bool) done = beside(^{
        s.s1.x = 1;
    });
    s = (pairs){0};
    chan_recv(done);
}

CASE(RaceComp3)
{
    __block pairs s = {0};
    chan(bool) done = beside(^{
        s.s2.y = 1;
    });
    s = (pairs){0};
    chan_recv(done);
}

CASE(RaceCompArray)
{
    pairs *s = calloc(10, sizeof *s);
    __block int x = 4;
    chan(bool) done = beside(^{
        s[x].s2.y = 1;
    });
    x = 5;
    chan_recv(done);
    free(s);
}

CASE(RaceConv1)
{
    __block other_pair p = {0};
    chan(bool) done = beside(^{
        p.x = 1;
    });
    pair converted = p;
    use(converted.x);
    chan_recv(done);
}

CASE(RaceConv2)
{
    __block other_pair p = {0};
    chan(bool) done = beside(^{
        p.x = 1;
    });
    other_pair *pointer = &p;
    pair converted = *pointer;
    use(converted.x);
    chan_recv(done);
}

CASE(RaceConv3)
{
    __block other_pairs s = {0};
    chan(bool) done = beside(^{
        s.s1.x = 1;
    });
    pairs converted = s;
    other_pair member = converted.s1;
    use(member.x);
    chan_recv(done);
}

typedef struct rows {
    pair v[4];
} rows;

CASE(RaceConv4)
{
    __block rows r = {0};
    chan(bool) done = beside(^{
        r.v[1].x = 1;
    });
    rows converted = r;
    other_pair element = converted.v[1];
    use(element.x);
    chan_recv(done);
}

struct pointers {
    pair *s1;
    pair *s2;
};

static struct pointers new_pointers(void)
{
    return (struct pointers){calloc(1, sizeof(pair)), calloc(1, sizeof(pair))};
}

CASE(NoRaceCompPtr)
{
    __block struct pointers p = new_pointers();
    chan(bool) done = beside(^{
        p.s1->x = 1;
    });
    p.s1->y = 2;
    chan_recv(done);
}

CASE(NoRaceCompPtr2)
{
    __block struct pointers p = new_pointers();
    chan(bool) done = beside(^{
        p.s1->x = 1;
    });
    struct pointers copy = p;
    use_pointer(copy.s1);
    use_pointer(copy.s2);
    chan_recv(done);
}

CASE(RaceCompPtr)
{
    __block struct pointers p = new_pointers();
    chan(bool) done = beside(^{
        p.s2->x = 1;
    });
    p.s2->x = 2;
    chan_recv(done);
}

CASE(RaceCompPtr2)
{
    __block struct pointers p = new_pointers();
    chan(bool) done = beside(^{
        p.s2->x = 1;
    });
    p.s2 = calloc(1, sizeof(pair));
    chan_recv(done);
}
