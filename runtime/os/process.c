#include "process.h"

#include "clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { NS_PER_MS = 1000000, PATH_BYTES = 4096 };

/* The first of PATH's directories that holds the program NAME: the whole path into FOUND. */
static bool find_in_path(const char *name, char *found, size_t size)
{
    const char *path = NULL;
    for (char **entry = environ; *entry != NULL; entry++)
        if (strncmp(*entry, "PATH=", 5) == 0)
            path = *entry + 5;
    while (path != NULL && *path != '\0') {
        size_t length = strcspn(path, ":");
        if (length > 0 && length + 1 + strlen(name) + 1 <= size) {
            memcpy(found, path, length);
            found[length] = '/';
            strcpy(found + length + 1, name);
            if (access(found, X_OK) == 0)
                return true;
        }
        path += length;
        path += *path == ':';
    }
    return false;
}

/* A descriptor from which the SIZE bytes of TEXT can be read. */
static int input_file(const char *text, size_t size)
{
    int fd = memfd_create("input", MFD_CLOEXEC);
    if (fd < 0)
        return -errno;
    for (size_t done = 0; done < size;) {
        ssize_t written = write(fd, text + done, size - done);
        if (written <= 0)
            break;
        done += (size_t)written;
    }
    lseek(fd, 0, SEEK_SET);
    return fd;
}

/* All that comes from FD until it ends, OUTPUT is full or time is up. */
static long read_all(int fd, char *output, size_t size, int timeout_ms)
{
    int64_t end = goc__clock_now() + (int64_t)timeout_ms * NS_PER_MS;
    size_t have = 0;
    while (have < size) {
        int64_t left = (end - goc__clock_now()) / NS_PER_MS;
        struct pollfd wait = {.fd = fd, .events = POLLIN};
        int ready = left > 0 ? poll(&wait, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        ssize_t got = ready > 0 ? read(fd, output + have, size - have) : 0;
        if (got <= 0)
            break;
        have += (size_t)got;
    }
    return (long)have;
}

/* vfork, because posix_spawn's list of descriptors is on the heap, which may be locked in a
 * handler, and because fork copies the page tables of what may be a large process. */
/* NOLINTBEGIN(bugprone-unsafe-functions,clang-analyzer-unix.Vfork,concurrency-mt-unsafe) */
static pid_t start(const char *path, char *const arguments[], int input, int output)
{
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t child = vfork();
    if (child == 0) {
        sigset_t none;
        sigemptyset(&none);
        dup2(input, STDIN_FILENO);
        dup2(output, STDOUT_FILENO);
        sigprocmask(SIG_SETMASK, &none, NULL);
        execve(path, arguments, environ);
        _exit(127);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return child;
}
/* NOLINTEND(bugprone-unsafe-functions,clang-analyzer-unix.Vfork,concurrency-mt-unsafe) */

long goc__process_run(const char *path, char *const arguments[], const char *input,
                      size_t input_size, char *output, size_t size, int timeout_ms)
{
    char found[PATH_BYTES];
    if (strchr(path, '/') == NULL) {
        if (!find_in_path(path, found, sizeof found))
            return -ENOENT;
        path = found;
    }
    if (access(path, X_OK) != 0)
        return -errno;
    int in = input_file(input, input_size);
    if (in < 0)
        return in;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        close(in);
        return -EMFILE;
    }
    pid_t child = start(path, arguments, in, ends[1]);
    close(in);
    close(ends[1]);
    long result = child > 0 ? read_all(ends[0], output, size, timeout_ms) : -EAGAIN;
    close(ends[0]);
    if (child > 0) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    return result;
}

void goc__process_at_fork(void (*child)(void))
{
    pthread_atfork(NULL, NULL, child); /* without memory for it, children go unwarned */
}
