/* Errors beside races, for people: what somebody does and did, step by step, and then what
 * the locks are and who made the strands.
 */
#include "report/describe.h"
#include "report/print.h"

#include <ctype.h>
#include <goc/race_record.h>
#include <string.h>

enum { STEPS_SHOWN_MAX = 64 };

static const char rule[] = "==================\n";

static const struct {
    const char *kind;
    const char *title;
} titles[] = {
    {RACE_ERROR_LOCK_ORDER, "LOCK-ORDER INVERSION (potential deadlock)"},
    {RACE_ERROR_DEADLOCK, "DEADLOCK"},
    {RACE_ERROR_DOUBLE_LOCK, "DOUBLE LOCK"},
    {RACE_ERROR_UNLOCK_OF_UNLOCKED, "UNLOCK OF AN UNLOCKED LOCK"},
    {RACE_ERROR_UNLOCK_BY_OTHER, "UNLOCK OF A LOCK THAT IS NOT HELD"},
    {RACE_ERROR_DESTROY_OF_LOCKED, "DESTRUCTION OF A LOCK THAT IS HELD"},
    {RACE_ERROR_USE_OF_DESTROYED, "USE OF A DESTROYED LOCK"},
    {RACE_ERROR_THREAD_LEAK, "THREAD LEAK"},
};

static const struct {
    const char *what;
    const char *verb;
} verbs[] = {
    {RACE_STEP_TAKE, "takes"},         {RACE_STEP_WAIT, "waits for"},
    {RACE_STEP_HOLD, "holds"},         {RACE_STEP_UNLOCK, "unlocks"},
    {RACE_STEP_USE, "uses"},           {RACE_STEP_DESTROY, "destroys"},
    {RACE_STEP_CREATE, "was created"},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *title_of(const struct error *error)
{
    for (size_t i = 0; i < COUNT(titles); i++)
        if (strcmp(titles[i].kind, error->kind) == 0)
            return titles[i].title;
    return error->kind;
}

static const char *verb_of(const struct step *step)
{
    for (size_t i = 0; i < COUNT(verbs); i++)
        if (strcmp(verbs[i].what, step->what) == 0)
            return verbs[i].verb;
    return step->what;
}

static const char *lock_of(const struct text *text, const struct error *error,
                           uint64_t addr)
{
    for (size_t i = 0; i < error->lock_count; i++)
        if (error->locks[i].addr == addr)
            return describe_lock(text->arena, error->locks[i].kind, addr,
                                 &error->locks[i].memory);
    return "an unknown lock";
}

static void print_step(const struct text *text, const struct error *error,
                       const struct step *step)
{
    const char *who = step->has_strand
                          ? describe_strand(text->arena, &error->cast, step->strand)
                          : "somebody";
    const bool holds = strcmp(step->what, RACE_STEP_HOLD) == 0;
    fprintf(text->out, "%s%c%s %s", paint_on(text, PAINT_HEADING),
            toupper((unsigned char)who[0]), who + 1, verb_of(step));
    if (step->has_lock)
        fprintf(text->out, " %s%s", lock_of(text, error, step->lock),
                step->exclusive ? "" : " for reading");
    if (step->count > 1)
        fprintf(text->out, ", and %llu more,", (unsigned long long)step->count - 1);
    fprintf(text->out, "%s at:%s\n", holds ? ", taken" : "", paint_off(text));
    print_stack(text, &step->stack, !holds);
}

static void print_story(const struct text *text, const struct error *error)
{
    uint64_t strands[STEPS_SHOWN_MAX];
    size_t count = 0;
    const bool leak = strcmp(error->kind, RACE_ERROR_THREAD_LEAK) == 0;
    for (size_t i = 0; i < error->step_count; i++) {
        const struct step *step = &error->steps[i];
        if (i != 0)
            fputc('\n', text->out);
        print_step(text, error, step);
        if (step->has_strand && !leak && count < STEPS_SHOWN_MAX)
            strands[count++] = step->strand;
    }
    for (size_t i = 0; i < error->lock_count; i++) {
        const struct named_lock *lock = &error->locks[i];
        const char *name = lock_of(text, error, lock->addr);
        print_memory(text, &error->cast, name, &lock->memory, lock->addr);
    }
    print_creations(text, &error->cast, strands, count);
}

/* A remark takes a line, an error of the program's as much room as a race. */
void text_error(struct text *text, const struct error *error)
{
    const struct arena_mark mark = arena_mark(text->arena);
    if (error->step_count == 0) {
        fprintf(text->out, "%sWARNING: %s%s (process %llu, %s): %s\n",
                paint_on(text, PAINT_WARNING), error->kind, paint_off(text),
                (unsigned long long)error->process->pid, detector_names[error->detector],
                error->message);
        if (error->stack.frame_count > 0)
            print_stack(text, &error->stack, true);
    } else {
        fprintf(text->out, "%s%sWARNING: %s%s: %s\n", rule, paint_on(text, PAINT_WARNING),
                title_of(error), paint_off(text), error->message);
        print_story(text, error);
        fprintf(text->out, "\nseen by: %s\n%s", detector_names[error->detector], rule);
    }
    fflush(text->out);
    arena_rewind(text->arena, mark);
}
