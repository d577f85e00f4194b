/* A reader of formats: C17 7.21.6.1 and 7.21.6.2, and glibc's own letters. */
#include "intercept/format.h"

#include "entry/access.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

/* One conversion of a format. */
struct field {
    char conversion; // the letter; '%' takes no argument
    char length;     // the modifier's letter, 'H' for hh, 'q' for ll, 0 for none
    bool skipped;    // scanf: '*', matched and assigned nowhere
    bool allocated;  // scanf: 'm', libc makes the memory
    bool star_width; // printf: the width is an argument
    bool star_limit; // printf: the precision is an argument
    bool has_limit;  // a precision stands in the format
    int width;       // 0: none
    int limit;       // the precision, where has_limit
};

static const char *read_number(const char *at, int *number)
{
    *number = 0;
    for (; *at >= '0' && *at <= '9'; at++)
        *number = *number * 10 + (*at - '0');
    return at;
}

static const char *read_length(const char *at, char *length)
{
    *length = 0;
    if (at[0] == 'h' && at[1] == 'h') {
        *length = 'H';
        return at + 2;
    }
    if (at[0] == 'l' && at[1] == 'l') {
        *length = 'q';
        return at + 2;
    }
    if (*at != '\0' && strchr("hlqLjzt", *at) != NULL)
        *length = *at++;
    return at;
}

/* A scanf's set, from behind its '[' to behind its ']'. */
static const char *skip_set(const char *at)
{
    if (*at == '^')
        at++;
    if (*at == ']')
        at++;
    while (*at != '\0' && *at != ']')
        at++;
    return *at == '\0' ? at : at + 1;
}

/* The next conversion at or after AT; NULL where there is none that can be read. */
static const char *next_field(const char *at, struct field *field, bool scans)
{
    at = strchr(at, '%');
    if (at == NULL)
        return NULL;
    *field = (struct field){0};
    at++;
    at += strspn(at, scans ? "'" : "-+ #0'I");
    if (*at == '*') {
        field->skipped = scans;
        field->star_width = !scans;
        at++;
    }
    at = read_number(at, &field->width);
    if (*at == '$')
        return NULL;
    if (*at == 'm' && scans) {
        field->allocated = true;
        at++;
    }
    if (*at == '.') {
        at++;
        field->star_limit = *at == '*';
        field->has_limit = true;
        at = field->star_limit ? at + 1 : read_number(at, &field->limit);
    }
    at = read_length(at, &field->length);
    field->conversion = *at;
    if (*at == '\0')
        return NULL;
    at++;
    return scans && field->conversion == '[' ? skip_set(at) : at;
}

/* The size of the integer that a length modifier names. */
static size_t integer_size(char length)
{
    switch (length) {
    case 'H':
        return sizeof(char);
    case 'h':
        return sizeof(short);
    case 'l':
        return sizeof(long);
    case 'q':
    case 'L':
        return sizeof(long long);
    case 'j':
        return sizeof(intmax_t);
    case 'z':
        return sizeof(size_t);
    case 't':
        return sizeof(ptrdiff_t);
    default:
        return sizeof(int);
    }
}

/* One va_list that functions hand around: a parameter of type va_list is a pointer on some
 * machines and a copy on others. */
struct arguments {
    va_list list;
};

static void printed_string(const struct field *field, int limit, struct arguments *from,
                           const void *pc)
{
    const char *s = va_arg(from->list, const char *);
    if (s == NULL)
        return; // glibc prints "(null)"
    if (field->conversion == 'S' || field->length == 'l') {
        if (limit < 0)
            race__read(s, (wcslen((const wchar_t *)s) + 1) * sizeof(wchar_t), pc);
        return;
    }
    if (limit < 0)
        race__read(s, strlen(s) + 1, pc);
    else {
        size_t length = strnlen(s, (size_t)limit);
        race__read(s, length < (size_t)limit ? length + 1 : length, pc);
    }
}

static void printed(const struct field *field, struct arguments *from, const void *pc)
{
    if (field->star_width)
        (void)va_arg(from->list, int);
    int limit = field->has_limit ? field->limit : -1;
    if (field->star_limit)
        limit = va_arg(from->list, int);
    switch (field->conversion) {
    case '%':
    case 'm':
        return;
    case 's':
    case 'S':
        printed_string(field, limit, from, pc);
        return;
    case 'n':
        race__write(va_arg(from->list, void *), integer_size(field->length), pc);
        return;
    case 'p':
        (void)va_arg(from->list, void *);
        return;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        // NOLINTNEXTLINE(bugprone-branch-clone): the types differ
        if (field->length == 'L')
            (void)va_arg(from->list, long double);
        else
            (void)va_arg(from->list, double);
        return;
    default: /* integers and characters */
        // NOLINTNEXTLINE(bugprone-branch-clone): the types differ
        if (integer_size(field->length) > sizeof(int))
            (void)va_arg(from->list, long long);
        else
            (void)va_arg(from->list, int);
    }
}

void race__check_printf(const char *format, va_list arguments, const void *pc)
{
    struct arguments from;
    struct field field;
    race__read(format, strlen(format) + 1, pc);
    va_copy(from.list, arguments);
    while ((format = next_field(format, &field, false)) != NULL)
        printed(&field, &from, pc);
    va_end(from.list);
}

/* Bytes that a scanf wrote for FIELD to TO. */
static size_t scanned_size(const struct field *field, const void *to)
{
    bool wide = field->length == 'l';
    if (field->allocated)
        return sizeof(char *);
    switch (field->conversion) {
    case 'S':
        return (wcslen(to) + 1) * sizeof(wchar_t);
    case 's':
    case '[':
        return wide ? (wcslen(to) + 1) * sizeof(wchar_t) : strlen(to) + 1;
    case 'C':
    case 'c':
        wide = wide || field->conversion == 'C';
        return (size_t)(field->width == 0 ? 1 : field->width) *
               (wide ? sizeof(wchar_t) : 1);
    case 'p':
        return sizeof(void *);
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return field->length == 'L'   ? sizeof(long double)
               : field->length == 'l' ? sizeof(double)
                                      : sizeof(float);
    default:
        return integer_size(field->length);
    }
}

void race__check_scanf_format(const char *format, const void *pc)
{
    race__read(format, strlen(format) + 1, pc);
}

void race__check_scanf(const char *format, int count, va_list arguments, const void *pc)
{
    struct arguments from;
    struct field field;
    va_copy(from.list, arguments);
    while ((format = next_field(format, &field, true)) != NULL) {
        if (field.conversion == '%' || field.skipped)
            continue;
        /* %n is no assignment that scanf counts, but comes only where matching got to. */
        if (field.conversion != 'n' && count-- <= 0)
            break;
        const void *to = va_arg(from.list, void *);
        race__write(to, scanned_size(&field, to), pc);
    }
    va_end(from.list);
}
