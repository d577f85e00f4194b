/* Where the interceptors start: in .preinit_array, which the dynamic linker runs before
 * the constructors of all libraries.  Only a program has one; so do the libraries that
 * contain this file end up in programs only.
 */
#include "intercept/boot.h"

#include "entry/boot.h"
#include "intercept/next.h"

static void boot(void)
{
    race__next_all();
    race__boot();
    race__boot_exit();
    race__boot_files();
    race__boot_threads();
    race__boot_fork();
}

__attribute__((__section__(".preinit_array"),
               __used__)) static void (*const first)(void) = boot;
