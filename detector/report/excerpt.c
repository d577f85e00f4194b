#include "report/excerpt.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>

enum {
    TAB_WIDTH = 4,
    WIDTH_MAX = 160, // longer lines are generated code and no help
};

static char *read_line(const char *file, uint32_t line)
{
    FILE *in = fopen(file, "re");
    struct stat status;
    if (!in)
        return NULL;
    char *text = NULL;
    size_t room = 0;
    bool found = fstat(fileno(in), &status) == 0 && S_ISREG(status.st_mode);
    for (uint32_t number = 0; found && number < line; number++)
        found = getline(&text, &room, in) >= 0;
    fclose(in);
    if (found) {
        text[strcspn(text, "\r\n")] = '\0';
        return text;
    }
    free(text);
    return NULL;
}

static bool is_text(const char *line)
{
    for (const char *at = line; *at; at++)
        if ((unsigned char)*at < ' ' && *at != '\t')
            return false;
    return true;
}

/* Bytes 10xxxxxx continue a UTF-8 character, which is one column wide on the screen. */
static bool starts_character(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

/* Prints LINE without its tabs.  Returns the screen column of byte COLUMN, from 0. */
static int print_line(FILE *out, const char *line, uint32_t column)
{
    int width = 0;
    int caret = 0;
    for (uint32_t i = 0; line[i]; i++) {
        if (i + 1 == column)
            caret = width;
        if (line[i] == '\t') {
            const int spaces = TAB_WIDTH - width % TAB_WIDTH;
            fprintf(out, "%*s", spaces, "");
            width += spaces;
        } else {
            putc(line[i], out);
            width += starts_character(line[i]);
        }
    }
    return caret;
}

void excerpt_print(FILE *out, const char *file, uint32_t line, uint32_t column,
                   const char *caret_on, const char *caret_off)
{
    char *text = line ? read_line(file, line) : NULL;
    if (text && text[0] && strlen(text) <= WIDTH_MAX && is_text(text)) {
        fprintf(out, "    %6u | ", line);
        const int caret = print_line(out, text, column);
        if (column && column <= strlen(text))
            fprintf(out, "\n           | %*s%s^%s", caret, "", caret_on, caret_off);
        putc('\n', out);
    }
    free(text);
}
