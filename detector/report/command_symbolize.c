/* goc-race symbolize: what a runtime asks that panics, one question a line. */
#include "report/command.h"
#include "report/complain.h"
#include "report/fields.h"
#include "report/symbolize.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static void print_frame(const struct frame *frame)
{
    fputs(frame->function ? frame->function : "??", stdout);
    if (frame->file) {
        printf(" %s:%u:%u\n", frame->file, frame->line, frame->column);
        return;
    }
    if (frame->function)
        printf("+0x%llx", (unsigned long long)frame->function_skew);
    printf(" %s+0x%llx\n", frame->module, (unsigned long long)frame->offset);
}

/* Answers the question LINE, which is cut up.  False where it is none. */
static bool answer(struct symbolizer *symbolizer, char *line)
{
    char *space = strrchr(line, ' '); // the path may contain some
    uint64_t offset = 0;
    if (!space || space == line || !parse_address(space + 1, &offset))
        return false;
    *space = '\0';
    const struct frame_list list = symbolize_code(symbolizer, line, NULL, offset);
    for (size_t i = 0; i < list.count; i++)
        print_frame(&list.frames[i]);
    return true;
}

int command_symbolize(int argc, char **argv)
{
    if (argc > 1) {
        complain("symbolize: unexpected '%s'; see goc-race --help", argv[1]);
        return STATUS_USAGE;
    }
    struct arena arena = {0};
    struct symbolizer symbolizer = {.arena = &arena};
    int status = STATUS_CLEAN;
    char *line = NULL;
    size_t room = 0;
    for (size_t number = 1; getline(&line, &room, stdin) >= 0; number++) {
        line[strcspn(line, "\n")] = '\0';
        if (!answer(&symbolizer, line)) {
            complain("standard input:%zu: not `PATH 0xOFFSET`", number);
            status = STATUS_UNREADABLE;
        }
        putchar('\n');
        fflush(stdout);
    }
    free(line);
    symbolizer_fini(&symbolizer);
    arena_free(&arena);
    return status;
}
