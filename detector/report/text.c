#include "report/text.h"

#include "report/describe.h"
#include "report/excerpt.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STRANDS_SHOWN_MAX = 64 };

enum paint { PAINT_WARNING, PAINT_HEADING, PAINT_CARET, PAINT_CURE };

static const char *const paints[] = {
    [PAINT_WARNING] = "\033[1;31m",
    [PAINT_HEADING] = "\033[1m",
    [PAINT_CARET] = "\033[1;32m",
    [PAINT_CURE] = "\033[36m",
};

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

static const char *on(const struct text *text, enum paint paint)
{
    return text->colour ? paints[paint] : "";
}

static const char *off(const struct text *text)
{
    return text->colour ? "\033[0m" : "";
}

/* FILE as seen from where goc-race runs. */
static const char *near_path(const struct text *text, const char *file)
{
    const size_t length = text->cwd ? strlen(text->cwd) : 0;
    if (length > 1 && strncmp(file, text->cwd, length) == 0 && file[length] == '/')
        return file + length + 1;
    return file;
}

/* "file:line:column", as much of it as is known; else where the code is. */
static void print_place(const struct text *text, const struct frame *frame)
{
    if (frame->file) {
        fputs(near_path(text, frame->file), text->out);
        if (frame->line)
            fprintf(text->out, ":%u", frame->line);
        if (frame->column)
            fprintf(text->out, ":%u", frame->column);
    } else if (frame->module) {
        fprintf(text->out, "%s+0x%llx", frame->module, (unsigned long long)frame->offset);
    } else {
        fprintf(text->out, "0x%llx", (unsigned long long)frame->offset);
    }
}

static void print_frame(const struct text *text, const struct frame *frame)
{
    fprintf(text->out, "  %s", frame->function ? frame->function : "??");
    if (frame->function && !frame->file)
        fprintf(text->out, "+0x%llx", (unsigned long long)frame->function_skew);
    fputs(frame->inlined ? " (inlined)\n      " : "\n      ", text->out);
    print_place(text, frame);
    fputc('\n', text->out);
}

/* All frames; below the first one its source, if EXCERPT. */
static void print_stack(const struct text *text, const struct stack *stack, bool excerpt)
{
    if (stack->frame_count == 0)
        fputs("  (the stack could not be restored)\n", text->out);
    for (size_t i = 0; i < stack->frame_count; i++) {
        const struct frame *frame = &stack->frames[i];
        print_frame(text, frame);
        if (i == 0 && excerpt && frame->file)
            excerpt_print(text->out, frame->file, frame->line, frame->column,
                          on(text, PAINT_CARET), off(text));
    }
}

static void print_locks(const struct text *text, const struct access *access)
{
    for (size_t i = 0; i < access->lock_count; i++) {
        const struct lock *lock = &access->locks[i];
        fprintf(text->out, "  holding %s 0x%llx%s", lock->kind,
                (unsigned long long)lock->addr, lock->exclusive ? "" : " (shared)");
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
    const char *op = describe_op(access);
    fputs(on(text, PAINT_HEADING), text->out);
    if (index == 0)
        fprintf(text->out, "%c%s", toupper((unsigned char)op[0]), op + 1);
    else
        fprintf(text->out, "\nPrevious %s", op);
    fprintf(text->out, " of size %llu at 0x%012llx by %s:%s\n",
            (unsigned long long)access->size, (unsigned long long)access->addr,
            describe_strand(text->arena, race, access->strand), off(text));
    print_stack(text, &access->stack, true);
    print_locks(text, access);
}

static void print_block(const struct text *text, const struct race *race,
                        const char *what, const char *verb)
{
    const struct memory *memory = &race->memory;
    const uint64_t addr = race->accesses[0].addr;
    fprintf(text->out, "Location is %s of size %llu at 0x%012llx", what,
            (unsigned long long)memory->size, (unsigned long long)memory->addr);
    if (addr > memory->addr && addr - memory->addr < memory->size)
        fprintf(text->out, ", %llu bytes in", (unsigned long long)(addr - memory->addr));
    fprintf(text->out, ", %s", verb);
    if (memory->has_strand)
        fprintf(text->out, " by %s", describe_strand(text->arena, race, memory->strand));
    fprintf(text->out, " at:%s\n", off(text));
    print_stack(text, &memory->stack, false);
    if (memory->freed) {
        fprintf(text->out, "\n%sfreed by %s at:%s\n", on(text, PAINT_HEADING),
                describe_strand(text->arena, race, memory->freed_strand), off(text));
        print_stack(text, &memory->freed_stack, false);
    }
}

static void print_global(const struct text *text, const struct variable *variable)
{
    fputs("Location is global ", text->out);
    if (variable->path)
        fprintf(text->out, "'%s' in ", variable->path);
    fprintf(text->out, "'%s' of size %llu", variable->name,
            (unsigned long long)variable->size);
    if (variable->file)
        fprintf(text->out, " at %s:%u", near_path(text, variable->file), variable->line);
    fprintf(text->out, "%s\n", off(text));
}

static void print_memory(const struct text *text, const struct race *race)
{
    const struct memory *memory = &race->memory;
    if (memory->kind == MEMORY_UNKNOWN ||
        (memory->kind == MEMORY_GLOBAL && !memory->variable.name))
        return;
    const char *owner = memory->has_strand
                            ? describe_strand(text->arena, race, memory->strand)
                            : "an unknown strand";
    fprintf(text->out, "\n%s", on(text, PAINT_HEADING));
    switch (memory->kind) {
    case MEMORY_HEAP:
        print_block(text, race, "heap block", "allocated");
        break;
    case MEMORY_CHANNEL:
        print_block(text, race, "channel", "made");
        break;
    case MEMORY_GLOBAL:
        print_global(text, &memory->variable);
        break;
    case MEMORY_STACK:
        fprintf(text->out, "Location is on the stack of %s%s\n", owner, off(text));
        break;
    default:
        fprintf(text->out, "Location is thread-local storage of %s%s\n", owner,
                off(text));
        break;
    }
}

static void print_creation(const struct text *text, const struct race *race,
                           const struct strand *strand)
{
    const char *name = describe_strand(text->arena, race, strand->id);
    fprintf(text->out, "\n%s%c%s was created", on(text, PAINT_HEADING),
            toupper((unsigned char)name[0]), name + 1);
    if (strand->has_parent)
        fprintf(text->out, " by %s", describe_strand(text->arena, race, strand->parent));
    fprintf(text->out, " at:%s\n", off(text));
    print_stack(text, &strand->stack, false);
}

/* Main was not, whatever its detector calls it. */
static bool is_created(const struct strand *strand)
{
    return strand->kind != STRAND_MAIN &&
           (strand->has_parent || strand->stack.frame_count > 0);
}

/* Who made those that raced, and their makers, each once. */
static void print_creations(const struct text *text, const struct race *race)
{
    uint64_t shown[STRANDS_SHOWN_MAX];
    size_t count = 0;
    for (int i = 0; i < 2; i++) {
        const struct strand *strand = race_strand(race, race->accesses[i].strand);
        while (strand && is_created(strand) && count < STRANDS_SHOWN_MAX) {
            size_t known = 0;
            while (known < count && shown[known] != strand->id)
                known++;
            if (known < count)
                break;
            shown[count++] = strand->id;
            print_creation(text, race, strand);
            strand = strand->has_parent ? race_strand(race, strand->parent) : NULL;
        }
    }
}

void text_race(struct text *text, const struct distinct *distinct)
{
    const struct race *race = distinct->race;
    const struct arena_mark mark = arena_mark(text->arena);
    fprintf(text->out, "%s%sWARNING: DATA RACE%s%s\n", rule, on(text, PAINT_WARNING),
            race->after_free ? " (use after free)" : "", off(text));
    print_access(text, race, 0);
    print_access(text, race, 1);
    print_memory(text, race);
    print_creations(text, race);
    fputs("\nseen by: ", text->out);
    const char *separator = "";
    for (unsigned detector = 0; detector < DETECTOR_COUNT; detector++) {
        if (!(distinct->seen_by & 1u << detector))
            continue;
        fprintf(text->out, "%s%s", separator, detector_names[detector]);
        separator = ", ";
    }
    fprintf(text->out, "\n%sto order them: %s.%s\n%s", on(text, PAINT_CURE),
            describe_cure(text->arena, race), off(text), rule);
    fflush(text->out);
    arena_rewind(text->arena, mark);
}

void text_error(struct text *text, const struct error *error)
{
    fprintf(text->out, "%sWARNING: %s%s (process %llu, %s): %s\n",
            on(text, PAINT_WARNING), error->kind, off(text),
            (unsigned long long)error->process->pid, detector_names[error->detector],
            error->message);
    if (error->stack.frame_count > 0)
        print_stack(text, &error->stack, true);
    fflush(text->out);
}

void text_summary(struct text *text, size_t count)
{
    fprintf(text->out, "Found %zu data race%s.\n", count, count == 1 ? "" : "s");
    fflush(text->out);
}
