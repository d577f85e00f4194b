#include "report/text.h"

#include "report/describe.h"
#include "report/print.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char rule[] = "==================\n";

void text_init(struct text *text, struct arena *arena, FILE *out)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    const bool plain = (no_color && no_color[0]) || !term || strcmp(term, "dumb") == 0;
    char *cwd = get_current_dir_name();
    *text = (struct text){
        .out = out,
        .arena = arena,
        .colour = !plain && isatty(fileno(out)),
        .cwd = arena_string(arena, cwd),
    };
    free(cwd);
}

static void print_locks(const struct text *text, const struct access *access)
{
    for (size_t i = 0; i < access->lock_count; i++) {
        const struct lock *lock = &access->locks[i];
        fprintf(text->out, "  holding %s%s",
                describe_lock(text->arena, lock->kind, lock->addr, &lock->memory),
                lock->exclusive ? "" : " (shared)");
        if (lock->stack.frame_count > 0) {
            const struct frame *frame = &lock->stack.frames[0];
            fputs(", taken at ", text->out);
            print_place(text, frame);
            if (frame->function)
                fprintf(text->out, " in %s", frame->function);
        }
        fputc('\n', text->out);
    }
}

static void print_access(const struct text *text, const struct race *race, int index)
{
    const struct access *access = &race->accesses[index];
    const char *op = describe_op(&race->memory, access);
    fputs(paint_on(text, PAINT_HEADING), text->out);
    if (index == 0)
        fprintf(text->out, "%c%s", toupper((unsigned char)op[0]), op + 1);
    else
        fprintf(text->out, "\nPrevious %s", op);
    if (race->memory.kind == MEMORY_DESCRIPTOR)
        fprintf(text->out, " of file descriptor %llu",
                (unsigned long long)race->memory.number);
    else
        fprintf(text->out, " of size %llu at 0x%012llx", (unsigned long long)access->size,
                (unsigned long long)access->addr);
    fprintf(text->out, " by %s:%s\n",
            describe_strand(text->arena, &race->cast, access->strand), paint_off(text));
    print_stack(text, &access->stack, true);
    print_locks(text, access);
}

void text_race(struct text *text, const struct distinct *distinct)
{
    const struct race *race = distinct->race;
    const struct arena_mark mark = arena_mark(text->arena);
    fprintf(text->out, "%s%sWARNING: DATA RACE%s%s\n", rule,
            paint_on(text, PAINT_WARNING), race->after_free ? " (use after free)" : "",
            paint_off(text));
    print_access(text, race, 0);
    print_access(text, race, 1);
    print_memory(text, &race->cast, "Location", &race->memory, race->accesses[0].addr);
    const uint64_t strands[] = {race->accesses[0].strand, race->accesses[1].strand};
    print_creations(text, &race->cast, strands, 2);
    fputs("\nseen by: ", text->out);
    const char *separator = "";
    for (unsigned detector = 0; detector < DETECTOR_COUNT; detector++) {
        if (!(distinct->seen_by & 1u << detector))
            continue;
        fprintf(text->out, "%s%s", separator, detector_names[detector]);
        separator = ", ";
    }
    fprintf(text->out, "\n%sto order them: %s.%s\n%s", paint_on(text, PAINT_CURE),
            describe_cure(text->arena, race), paint_off(text), rule);
    fflush(text->out);
    arena_rewind(text->arena, mark);
}

void text_summary(struct text *text, size_t races, size_t errors)
{
    if (races > 0)
        fprintf(text->out, "Found %zu data race%s.\n", races, races == 1 ? "" : "s");
    if (errors > 0)
        fprintf(text->out, "Found %zu error%s in the use of locks or threads.\n", errors,
                errors == 1 ? "" : "s");
    fflush(text->out);
}
