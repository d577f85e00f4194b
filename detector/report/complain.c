#include "report/complain.h"

#include <stdarg.h>
#include <stdio.h>

enum { MESSAGE_SIZE = 1024 };

/* One line, whatever was in the input: bytes that a terminal would act on become '?'. */
static void say(const char *format, va_list arguments)
{
    char message[MESSAGE_SIZE];
    vsnprintf(message, sizeof message, format, arguments);
    for (char *at = message; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = '?';
    fprintf(stderr, "%s\n", message);
}

void complain(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("goc-race: ", stderr);
    say(format, arguments);
    va_end(arguments);
}

void complain_at(struct complaints *complaints, size_t line, const char *format, ...)
{
    if (++complaints->count > COMPLAINTS_PER_FILE)
        return;
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "goc-race: %s:%zu: ", complaints->file, line);
    say(format, arguments);
    va_end(arguments);
}

void complaints_end(const struct complaints *complaints)
{
    if (complaints->count > COMPLAINTS_PER_FILE)
        complain("%s: %zu more faulty lines", complaints->file,
                 complaints->count - COMPLAINTS_PER_FILE);
}
