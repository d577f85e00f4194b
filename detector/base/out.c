/* Formatting into fixed buffers and writing them, without stdio. */
#include "base/out.h"

#include "base/assert.h"
#include "base/bytes.h"
#include "base/sys.h"

#include <errno.h>

#define STDERR 2
#define LINE_MAX_BYTES 1024
#define DIGITS_MAX 20 // 2^64 in decimal

void race__text_char(struct race__text *text, char c)
{
    if (text->length == text->capacity) {
        text->full = true;
        return;
    }
    text->bytes[text->length++] = c;
}

void race__text_string(struct race__text *text, const char *string)
{
    for (; *string != '\0'; string++)
        race__text_char(text, *string);
}

static void number(struct race__text *text, uint64_t value, unsigned base)
{
    char digits[DIGITS_MAX];
    size_t count = 0;
    do {
        digits[count++] = "0123456789abcdef"[value % base];
        value /= base;
    } while (value != 0);
    while (count != 0)
        race__text_char(text, digits[--count]);
}

void race__text_decimal(struct race__text *text, uint64_t value)
{
    number(text, value, 10);
}

void race__text_hex(struct race__text *text, uint64_t value)
{
    race__text_string(text, "0x");
    number(text, value, 16);
}

/* Bytes above 0x7f pass as they are: a path in UTF-8 stays one. */
static void json_char(struct race__text *text, unsigned char c)
{
    if (c == '"' || c == '\\') {
        race__text_char(text, '\\');
        race__text_char(text, (char)c);
    } else if (c < 0x20) {
        race__text_string(text, "\\u00");
        race__text_char(text, "0123456789abcdef"[c >> 4]);
        race__text_char(text, "0123456789abcdef"[c & 15]);
    } else {
        race__text_char(text, (char)c);
    }
}

void race__text_json(struct race__text *text, const char *string)
{
    race__text_char(text, '"');
    for (; *string != '\0'; string++)
        json_char(text, (unsigned char)*string);
    race__text_char(text, '"');
}

static void signed_number(struct race__text *text, long value)
{
    uint64_t magnitude = (uint64_t)value;
    if (value < 0) {
        race__text_char(text, '-');
        magnitude = 0 - magnitude;
    }
    number(text, magnitude, 10);
}

/* What stands after "%l". */
static void long_conversion(struct race__text *text, char conversion, va_list *arguments)
{
    switch (conversion) {
    case 'd':
        signed_number(text, va_arg(*arguments, long));
        break;
    case 'u':
        number(text, va_arg(*arguments, unsigned long), 10);
        break;
    case 'x':
        number(text, va_arg(*arguments, unsigned long), 16);
        break;
    default:
        race__die("unknown conversion %%l");
    }
}

static void conversion(struct race__text *text, const char **format, va_list *arguments)
{
    char c = *(*format)++;
    switch (c) {
    case 's':
        race__text_string(text, va_arg(*arguments, const char *));
        break;
    case 'd':
        signed_number(text, va_arg(*arguments, int));
        break;
    case 'u':
        number(text, va_arg(*arguments, unsigned), 10);
        break;
    case 'p':
        race__text_hex(text, (uintptr_t)va_arg(*arguments, void *));
        break;
    case 'l':
        long_conversion(text, *(*format)++, arguments);
        break;
    case '%':
        race__text_char(text, '%');
        break;
    default:
        race__die("unknown conversion");
    }
}

void race__text_vformat(struct race__text *text, const char *format, va_list arguments)
{
    va_list rest;
    va_copy(rest, arguments);
    while (*format != '\0') {
        char c = *format++;
        if (c == '%')
            conversion(text, &format, &rest);
        else
            race__text_char(text, c);
    }
    va_end(rest);
}

void race__text_format(struct race__text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    race__text_vformat(text, format, arguments);
    va_end(arguments);
}

int race__write_all(int fd, const char *bytes, size_t size)
{
    while (size != 0) {
        long written = race__sys3(SYS_write, fd, (long)bytes, (long)size);
        if (written == -EINTR)
            continue;
        if (written < 0)
            return (int)written;
        bytes += written;
        size -= (size_t)written;
    }
    return 0;
}

RACE_PRINTF(1, 0) static void line_to_stderr(const char *format, va_list arguments)
{
    char bytes[LINE_MAX_BYTES];
    struct race__text text = {.bytes = bytes, .capacity = sizeof bytes - 1};
    race__text_string(&text, "goc-race: ");
    race__text_vformat(&text, format, arguments);
    bytes[text.length++] = '\n';
    (void)race__write_all(STDERR, bytes, text.length); // nobody to tell if it fails
}

void race__warn(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    line_to_stderr(format, arguments);
    va_end(arguments);
}

void race__die(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    line_to_stderr(format, arguments);
    va_end(arguments);
    race__exit_process(2);
}
