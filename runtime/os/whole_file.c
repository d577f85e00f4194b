#include "whole_file.h"

#include "syscall.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { PRINT_BYTES = 4096, FILE_MODE = 0666 };

static void flush(struct whole_file *file)
{
    const char *at = file->buffer;
    while (file->used > 0 && file->failure == 0) {
        long written = syscall3(SYS_write, file->fd, (long)at, (long)file->used);
        if (written > 0) {
            at += written;
            file->used -= (size_t)written;
        } else if (written != -EINTR) {
            file->failure = written < 0 ? (int)written : -EIO;
        }
    }
    file->used = 0;
}

int goc__whole_file_begin(struct whole_file *file, const char *path)
{
    int length =
        snprintf(file->beside, sizeof file->beside, "%s.%d", path, (int)getpid());
    if (length < 0 || (size_t)length >= sizeof file->beside)
        return -ENAMETOOLONG;
    long fd = syscall6(SYS_openat, AT_FDCWD, (long)file->beside,
                       O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, FILE_MODE, 0, 0);
    if (fd < 0)
        return (int)fd;
    file->path = path;
    file->fd = (int)fd;
    file->failure = 0;
    file->used = 0;
    return 0;
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
    if (file->failure == 0)
        file->failure =
            (int)syscall3(SYS_rename, (long)file->beside, (long)file->path, 0);
    if (file->failure != 0)
        syscall3(SYS_unlink, (long)file->beside, 0, 0);
    return file->failure;
}
