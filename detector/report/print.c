/* What races and errors have in common. */
#include "report/print.h"

#include "report/describe.h"
#include "report/excerpt.h"

#include <ctype.h>
#include <string.h>

enum { STRANDS_SHOWN_MAX = 64 };

static const char *const paints[] = {
    [PAINT_WARNING] = "\033[1;31m",
    [PAINT_HEADING] = "\033[1m",
    [PAINT_CARET] = "\033[1;32m",
    [PAINT_CURE] = "\033[36m",
};

const char *paint_on(const struct text *text, enum paint paint)
{
    return text->colour ? paints[paint] : "";
}

const char *paint_off(const struct text *text)
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

void print_place(const struct text *text, const struct frame *frame)
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

void print_stack(const struct text *text, const struct stack *stack, bool excerpt)
{
    if (stack->frame_count == 0)
        fputs("  (the stack could not be restored)\n", text->out);
    for (size_t i = 0; i < stack->frame_count; i++) {
        const struct frame *frame = &stack->frames[i];
        print_frame(text, frame);
        if (i == 0 && excerpt && frame->file)
            excerpt_print(text->out, frame->file, frame->line, frame->column,
                          paint_on(text, PAINT_CARET), paint_off(text));
    }
}

static void print_block(const struct text *text, const struct cast *cast,
                        const struct memory *memory, uint64_t addr, const char *what,
                        const char *verb)
{
    fprintf(text->out, "%s of size %llu at 0x%012llx", what,
            (unsigned long long)memory->size, (unsigned long long)memory->addr);
    const uint64_t offset = addr - memory->addr;
    if (memory->member)
        fprintf(text->out, ", '%s' (offset %llu)", memory->member,
                (unsigned long long)memory->member_offset);
    else if (addr > memory->addr && offset < memory->size)
        fprintf(text->out, ", %llu bytes in", (unsigned long long)offset);
    fprintf(text->out, ", %s", verb);
    if (memory->has_strand)
        fprintf(text->out, " by %s", describe_strand(text->arena, cast, memory->strand));
    fprintf(text->out, " at:%s\n", paint_off(text));
    print_stack(text, &memory->stack, false);
    if (memory->freed) {
        fprintf(text->out, "\n%sfreed by %s at:%s\n", paint_on(text, PAINT_HEADING),
                describe_strand(text->arena, cast, memory->freed_strand),
                paint_off(text));
        print_stack(text, &memory->freed_stack, false);
    }
}

static void print_descriptor(const struct text *text, const struct cast *cast,
                             const struct memory *memory)
{
    fprintf(text->out, "file descriptor %llu", (unsigned long long)memory->number);
    if (memory->stack.frame_count == 0) {
        fprintf(text->out, "%s\n", paint_off(text));
        return;
    }
    fputs(", opened", text->out);
    if (memory->has_strand)
        fprintf(text->out, " by %s", describe_strand(text->arena, cast, memory->strand));
    fprintf(text->out, " at:%s\n", paint_off(text));
    print_stack(text, &memory->stack, false);
}

static void print_variable(const struct text *text, const struct variable *variable)
{
    if (variable->path)
        fprintf(text->out, "'%s' in ", variable->path);
    fprintf(text->out, "'%s' of size %llu", variable->name,
            (unsigned long long)variable->size);
    if (variable->file)
        fprintf(text->out, " at %s:%u", near_path(text, variable->file), variable->line);
}

/* A thread's own. */
static void print_storage(const struct text *text, const struct cast *cast,
                          const struct memory *memory)
{
    fputs(memory->variable.name ? "thread-local variable " : "thread-local storage",
          text->out);
    if (memory->variable.name)
        print_variable(text, &memory->variable);
    fprintf(text->out, "%s of %s%s\n", memory->variable.name ? "," : "",
            describe_thread(text->arena, cast, memory), paint_off(text));
}

void print_memory(const struct text *text, const struct cast *cast, const char *subject,
                  const struct memory *memory, uint64_t addr)
{
    if (memory->kind == MEMORY_UNKNOWN ||
        (memory->kind == MEMORY_GLOBAL && !memory->variable.name))
        return;
    const char *owner = memory->has_strand
                            ? describe_strand(text->arena, cast, memory->strand)
                            : "an unknown strand";
    fprintf(text->out, "\n%s%s is ", paint_on(text, PAINT_HEADING), subject);
    switch (memory->kind) {
    case MEMORY_HEAP:
        print_block(text, cast, memory, addr, "heap block", "allocated");
        break;
    case MEMORY_CHANNEL:
        print_block(text, cast, memory, addr, "channel", "made");
        break;
    case MEMORY_DESCRIPTOR:
        print_descriptor(text, cast, memory);
        break;
    case MEMORY_GLOBAL:
        fputs("global ", text->out);
        print_variable(text, &memory->variable);
        fprintf(text->out, "%s\n", paint_off(text));
        break;
    case MEMORY_STACK:
        if (memory->variable.name)
            print_variable(text, &memory->variable);
        fprintf(text->out, "%son the stack of %s%s\n", memory->variable.name ? ", " : "",
                owner, paint_off(text));
        break;
    default:
        print_storage(text, cast, memory);
        break;
    }
}

static void print_creation(const struct text *text, const struct cast *cast,
                           const struct strand *strand)
{
    const char *name = describe_strand(text->arena, cast, strand->id);
    const bool is_handler = strand->kind == STRAND_SIGNAL;
    fprintf(text->out, "\n%s%c%s was %s", paint_on(text, PAINT_HEADING),
            toupper((unsigned char)name[0]), name + 1,
            is_handler ? "installed" : "created");
    if (strand->has_parent && !is_handler)
        fprintf(text->out, " by %s", describe_strand(text->arena, cast, strand->parent));
    fprintf(text->out, " at:%s\n", paint_off(text));
    print_stack(text, &strand->stack, false);
}

/* Main was not, whatever its detector calls it. */
static bool is_created(const struct strand *strand)
{
    return strand->kind != STRAND_MAIN &&
           (strand->has_parent || strand->stack.frame_count > 0);
}

void print_creations(const struct text *text, const struct cast *cast,
                     const uint64_t *strands, size_t strand_count)
{
    uint64_t shown[STRANDS_SHOWN_MAX];
    size_t count = 0;
    for (size_t i = 0; i < strand_count; i++) {
        const struct strand *strand = cast_strand(cast, strands[i]);
        while (strand && is_created(strand) && count < STRANDS_SHOWN_MAX) {
            size_t known = 0;
            while (known < count && shown[known] != strand->id)
                known++;
            if (known < count)
                break;
            shown[count++] = strand->id;
            print_creation(text, cast, strand);
            strand = strand->has_parent ? cast_strand(cast, strand->parent) : NULL;
        }
    }
}
