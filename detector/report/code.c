#include "report/code.h"

#include <dwarf.h>
#include <stdlib.h>

/* The source position of ADDRESS itself. */
static void position(struct arena *arena, struct unit_range *range, uint64_t address,
                     struct frame *frame)
{
    Dwarf_Line *line = dwarf_getsrc_die(&range->line_unit, address);
    int number = 0;
    int column = 0;
    if (!line || dwarf_lineno(line, &number) != 0)
        return;
    dwarf_linecol(line, &column);
    frame->file =
        image_full_path(arena, &range->line_unit, dwarf_linesrc(line, NULL, NULL));
    frame->line = number > 0 ? (uint32_t)number : 0;
    frame->column = column > 0 && number > 0 ? (uint32_t)column : 0;
}

/* Where the inlined call DIE stands in its caller. */
static void call_position(struct arena *arena, struct unit_range *range, Dwarf_Die *die,
                          struct frame *frame)
{
    frame->file = image_file_name(arena, &range->unit, die, DW_AT_call_file);
    frame->line = (uint32_t)image_number(die, DW_AT_call_line);
    frame->column = (uint32_t)image_number(die, DW_AT_call_column);
}

static const char *die_name(Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attribute));
}

/* The scopes around ADDRESS as they nest in the machine code, innermost first; the caller
 * frees them.  dwarf_getscopes would continue from an inlined function to where that
 * was written, not to where it was inlined. */
static int concrete_scopes(struct unit_range *range, uint64_t address, Dwarf_Die **scopes)
{
    Dwarf_Die *written = NULL;
    if (dwarf_getscopes(&range->unit, address, &written) <= 0)
        return 0;
    const int count = dwarf_getscopes_die(&written[0], scopes);
    free(written);
    return count > 0 ? count : 0;
}

static size_t count_inlined(Dwarf_Die *scopes, int scope_count)
{
    size_t count = 0;
    for (int i = 0; i < scope_count; i++) {
        const int tag = dwarf_tag(&scopes[i]);
        if (tag == DW_TAG_subprogram)
            break;
        count += tag == DW_TAG_inlined_subroutine;
    }
    return count;
}

struct frame_list code_frames(struct arena *arena, struct image *image,
                              const char *module, uint64_t address)
{
    const struct frame blank = {.module = module, .offset = address};
    struct unit_range *range = image_unit_at(image, address);
    Dwarf_Die *scopes = NULL;
    const int scope_count =
        range ? concrete_scopes(range, address - image->bias, &scopes) : 0;
    const size_t count = 1 + count_inlined(scopes, scope_count);
    struct frame *frames = arena_array(arena, count, sizeof *frames);
    struct frame *frame = frames;
    *frame = blank;
    if (range)
        position(arena, range, address - image->bias, frame);
    for (int i = 0; i < scope_count; i++) {
        const int tag = dwarf_tag(&scopes[i]);
        if (tag == DW_TAG_subprogram) {
            frame->function = arena_string(arena, die_name(&scopes[i]));
            break;
        }
        if (tag == DW_TAG_inlined_subroutine) {
            frame->function = arena_string(arena, die_name(&scopes[i]));
            frame->inlined = true;
            *++frame = blank;
            call_position(arena, range, &scopes[i], frame);
        }
    }
    free(scopes);
    if (!frame->function) { // the outermost: what the linker called it
        uint64_t size = 0;
        frame->function = arena_string(
            arena, image_symbol(image, address, &frame->function_skew, &size));
    }
    return (struct frame_list){.count = count, .frames = frames};
}
