#include "print.h"

#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

void goc__vprint(const char *format, va_list arguments)
{
    char text[PRINT_BYTES_MAX];
    int length = vsnprintf(text, sizeof text, format, arguments);
    if (length < 0)
        return;
    size_t left = (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
    for (const char *at = text; left > 0;) {
        ssize_t written = write(STDERR_FILENO, at, left);
        if (written <= 0)
            return;
        at += written;
        left -= (size_t)written;
    }
}

void goc__print(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    goc__vprint(format, arguments);
    va_end(arguments);
}
