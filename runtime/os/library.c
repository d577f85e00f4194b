/* In the archive only for who asks for it by name: -u, as goc-cc -static-libgoc says. */
#include "os/library.h"

const char goc__library[] = "";
