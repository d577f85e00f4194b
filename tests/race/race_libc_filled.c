/* libc's functions that fill an object of the caller's write it. */
// BEYOND TSAN: it does not know all of them
#include "pair.h"

#include <arpa/inet.h>
#include <math.h>
#include <search.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <wchar.h>

#define OBJECTS 44

struct object {
    _Alignas(64) char bytes[448];
};

struct object objects[OBJECTS];
static int ends[2];
static int next;

static void *object(void)
{
    return objects[next++].bytes;
}

static int compare(const void *a, const void *b)
{
    return (a > b) - (a < b);
}

static void first(void)
{
    stat("/", object());                       // CHECK-DAG: .c:[[#@LINE]]:
    lstat("/", object());                      // CHECK-DAG: .c:[[#@LINE]]:
    fstat(0, object());                        // CHECK-DAG: .c:[[#@LINE]]:
    fstatat(-1, "/", object(), 0);             // CHECK-DAG: .c:[[#@LINE]]:
    getcwd(object(), 448);                     // CHECK-DAG: .c:[[#@LINE]]:
    readlink("/proc/self/exe", object(), 400); // CHECK-DAG: .c:[[#@LINE]]:
    struct utsname *name = object();
    uname(name);                      // CHECK-DAG: .c:[[#@LINE]]:
    getrusage(RUSAGE_SELF, object()); // CHECK-DAG: .c:[[#@LINE]]:
    getrlimit(RLIMIT_CORE, object()); // CHECK-DAG: .c:[[#@LINE]]:
    times(object());                  // CHECK-DAG: .c:[[#@LINE]]:
    getrandom(object(), 8, 0);        // CHECK-DAG: .c:[[#@LINE]]:
    getentropy(object(), 8);          // CHECK-DAG: .c:[[#@LINE]]:
    gethostname(object(), 448);       // CHECK-DAG: .c:[[#@LINE]]:
    strerror_r(12345, object(), 448); // CHECK-DAG: .c:[[#@LINE]]:
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    waitpid(child, object(), 0); // CHECK-DAG: .c:[[#@LINE]]:
    struct in_addr address = {1};
    inet_pton(AF_INET, "127.0.0.1", object());   // CHECK-DAG: .c:[[#@LINE]]:
    inet_ntop(AF_INET, &address, object(), 100); // CHECK-DAG: .c:[[#@LINE]]:
    socklen_t size = sizeof(int);
    void *type = object();
    getsockopt(ends[0], SOL_SOCKET, SO_TYPE, type, &size); // CHECK-DAG: .c:[[#@LINE]]:
    size = 100;
    getsockname(ends[0], object(), &size); // CHECK-DAG: .c:[[#@LINE]]:
    frexp(3.5, object());                  // CHECK-DAG: .c:[[#@LINE]]:
    modf(3.5, object());                   // CHECK-DAG: .c:[[#@LINE]]:
    rand_r(object());                      // CHECK-DAG: .c:[[#@LINE]]:
    sigemptyset(object());                 // CHECK-DAG: .c:[[#@LINE]]:
    sigfillset(object());                  // CHECK-DAG: .c:[[#@LINE]]:
    sigaddset(object(), SIGINT);           // CHECK-DAG: .c:[[#@LINE]]:
    wcscpy(object(), L"abc");              // CHECK-DAG: .c:[[#@LINE]]:
    wmemset(object(), L'a', 4);            // CHECK-DAG: .c:[[#@LINE]]:
    mbstowcs(object(), "abc", 4);          // CHECK-DAG: .c:[[#@LINE]]:
    wcstombs(object(), L"abc", 4);         // CHECK-DAG: .c:[[#@LINE]]:
    strxfrm(object(), "abc", 100);         // CHECK-DAG: .c:[[#@LINE]]:
    qsort(object(), 8, 8, compare);        // CHECK-DAG: .c:[[#@LINE]]:
    tsearch(&next, object(), compare);     // CHECK-DAG: .c:[[#@LINE]]:
}

static void second(void)
{
    for (int i = 0; i < OBJECTS; i++)
        objects[i].bytes[0] = 1;
}

int main(void)
{
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    pair_in_order();
}
