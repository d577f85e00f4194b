#include "whole_file.h"

#include "signal.h"
#include "syscall.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    PRINT_BYTES = 4096,
    FILE_MODE = 0666,
    /* The others are left over from processes of our number that were killed. */
    NAMES_BESIDE = 16,
};

/* A write that fails without a signal, also where nobody reads a pipe any more and where a file
 * gets longer than the process's limit: what is written here is not worth the program's life. */
static long write_quietly(int fd, const char *from, size_t size)
{
    const uint64_t raised_by_writes = SIGNAL_BIT(SIGPIPE) | SIGNAL_BIT(SIGXFSZ);
    uint64_t before = goc__signals_hold(raised_by_writes);
    long result = syscall3(SYS_write, fd, (long)from, (long)size);
    goc__signals_let_go(raised_by_writes, before, result == -EPIPE || result == -EFBIG);
    return result;
}

static void flush(struct whole_file *file)
{
    const char *at = file->buffer;
    while (file->used > 0 && file->failure == 0) {
        long written = write_quietly(file->fd, at, file->used);
        if (written > 0) {
            at += written;
            file->used -= (size_t)written;
        } else if (written != -EINTR) {
            file->failure = written < 0 ? (int)written : -EIO;
        }
    }
    file->used = 0;
}

static int open_file(const char *path, int flags)
{
    return (int)syscall6(SYS_openat, AT_FDCWD, (long)path, flags | O_CLOEXEC, FILE_MODE,
                         0, 0);
}

static int begin(struct whole_file *file, int fd)
{
    if (fd < 0)
        return fd;
    file->fd = fd;
    file->failure = 0;
    file->used = 0;
    return 0;
}

/* PATH is there and no regular file: whoever made it wants it written to, not replaced.  A pipe
 * that nobody reads is an error, and no wait for a reader. */
static int begin_in_place(struct whole_file *file, const char *path)
{
    file->path[0] = '\0';
    int fd = open_file(path, O_WRONLY | O_NOCTTY | O_NONBLOCK);
    if (fd >= 0)
        syscall3(SYS_fcntl, fd, F_SETFL, 0);
    return begin(file, fd);
}

/* What PATH leads to, if it is a symbolic link, to file->path: the link is to stay. */
static int resolve(struct whole_file *file, const char *path)
{
    char link[sizeof "/proc/self/fd/" + 3 * sizeof(int)];
    size_t length = strlen(path);
    if (length >= sizeof file->path)
        return -ENAMETOOLONG;
    memcpy(file->path, path, length + 1);
    struct stat status = {0};
    if (syscall3(SYS_lstat, (long)path, (long)&status, 0) != 0 ||
        !S_ISLNK(status.st_mode))
        return 0;
    int fd = open_file(path, O_PATH);
    if (fd == -ENOENT) /* a link to what is yet to be */
        fd = open_file(path, O_WRONLY | O_CREAT);
    if (fd < 0)
        return fd;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    long got =
        syscall3(SYS_readlink, (long)link, (long)file->path, sizeof file->path - 1);
    syscall3(SYS_close, fd, 0, 0);
    file->path[got > 0 ? got : 0] = '\0';
    return got < 0 ? (int)got : 0;
}

int goc__whole_file_begin(struct whole_file *file, const char *path)
{
    struct stat status = {0};
    if (syscall3(SYS_stat, (long)path, (long)&status, 0) == 0 && !S_ISREG(status.st_mode))
        return begin_in_place(file, path);
    int result = resolve(file, path);
    if (result != 0)
        return result;
    /* A name that is free, so that no other file of the program's is lost. */
    int fd = -EEXIST;
    for (int i = 0; i < NAMES_BESIDE && fd == -EEXIST; i++) {
        int length = snprintf(file->beside, sizeof file->beside, "%s.%d.%d", file->path,
                              (int)getpid(), i);
        if (length < 0 || (size_t)length >= sizeof file->beside)
            return -ENAMETOOLONG;
        fd = open_file(file->beside, O_WRONLY | O_CREAT | O_EXCL);
    }
    return begin(file, fd);
}

void goc__whole_file_print(struct whole_file *file, const char *format, ...)
{
    if (sizeof file->buffer - file->used < PRINT_BYTES)
        flush(file);
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(file->buffer + file->used, PRINT_BYTES, format, arguments);
    va_end(arguments);
    if (length < 0 || length >= PRINT_BYTES)
        file->failure = file->failure != 0 ? file->failure : -EOVERFLOW;
    else
        file->used += (size_t)length;
}

int goc__whole_file_end(struct whole_file *file)
{
    flush(file);
    long closed = syscall3(SYS_close, file->fd, 0, 0);
    if (file->failure == 0 && closed < 0)
        file->failure = (int)closed;
    if (file->path[0] == '\0')
        return file->failure;
    if (file->failure == 0)
        file->failure =
            (int)syscall3(SYS_rename, (long)file->beside, (long)file->path, 0);
    if (file->failure != 0)
        syscall3(SYS_unlink, (long)file->beside, 0, 0);
    return file->failure;
}
