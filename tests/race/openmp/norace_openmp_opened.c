/* OpenMP comes with a library that the program opens, for itself: the program knows nothing of
 * it. */
#include "check.h"

#include <dlfcn.h>
#include <stddef.h>

int main(void)
{
    void *library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    CHECK(library != NULL);
    int (*region)(void) = (int (*)(void))dlsym(library, "region");
    CHECK(region != NULL);
    CHECK_EQ(region(), 5);
}
