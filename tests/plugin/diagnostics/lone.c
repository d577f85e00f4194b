// One mistake of which clang itself finds nothing to say: nothing is made of the function.
#include <goc.h>

void use(int n)
{
    go n;
// CHECK: lone.c:[[#@LINE-1]]:8: error: expression in go must be function call
}
