/* Deferring in macros and with no block literal, for any C compiler once it is rewritten. */
#include <goc.h>
#include <stdio.h>

#define CLEAN_UP(n) goc_defer say("clean up", (n))

struct pair {
    int a;
    long b;
};

static void say(const char *text, int n)
{
    printf("%s %d\n", text, n);
}

static void recover(void)
{
    printf("%s\n", goc_recover());
    struct pair *result = goc_result();
    result->a = 7;
}

static struct pair pair(int n)
{
    CLEAN_UP(n);
    goc_defer recover();
    if (n > 0)
        goc_panic("n is %d", n);
    return (struct pair){1, 2};
}

int main(void)
{
    goc_defer say("the end", 0);
    struct pair p = pair(3);
    printf("%d %ld\n", p.a, p.b);
}

// CHECK:      n is 3
// CHECK-NEXT: clean up 3
// CHECK-NEXT: 7 0
// CHECK-NEXT: the end 0
