#include "report/member.h"

#include <dwarf.h>
#include <stdlib.h>
#include <string.h>

#define SECTION ".goc.members"

/* Structs may be declared in functions and the blocks within; deeper nesting than this is
 * not looked into. */
enum { NESTING_MAX = 16 };

enum { DECIMAL = 10 };

/* One note, "LINE:COLUMN:OFFSET:STRUCT:FILE". */
struct note {
    uint64_t line;
    uint64_t column;
    bool indexed; // an index decides about the offset
    uint64_t offset;
    const char *type;
    size_t type_length;
    const char *file;
};

static const char *take_field(const char *text, uint64_t *value)
{
    char *end = NULL;
    *value = strtoull(text, &end, DECIMAL);
    return end != text && *end == ':' ? end + 1 : NULL;
}

/* TEXT ends with a 0 of its own. */
static bool parse(const char *text, struct note *note)
{
    const char *at = take_field(text, &note->line);
    if (!at || !(at = take_field(at, &note->column)))
        return false;
    note->indexed = at[0] == '?' && at[1] == ':';
    at = note->indexed ? at + 2 : take_field(at, &note->offset);
    const char *end = at ? strchr(at, ':') : NULL;
    if (!end)
        return false;
    note->type = at;
    note->type_length = (size_t)(end - at);
    note->file = end + 1;
    return true;
}

static bool is_at(const struct note *note, const struct frame *place)
{
    const char *slash = strrchr(place->file, '/');
    return note->line == place->line && note->column == place->column &&
           strcmp(note->file, slash ? slash + 1 : place->file) == 0;
}

static bool is_called(Dwarf_Die *die, const struct note *note)
{
    const char *name = dwarf_diename(die);
    return name && strlen(name) == note->type_length &&
           memcmp(name, note->type, note->type_length) == 0;
}

/* Is DIE the struct of NOTE, or a name for it?  TYPE is then the struct. */
static bool is_type(Dwarf_Die *die, const struct note *note, Dwarf_Die *type)
{
    const int tag = dwarf_tag(die);
    const bool named = tag == DW_TAG_structure_type || tag == DW_TAG_union_type ||
                       tag == DW_TAG_class_type || tag == DW_TAG_typedef;
    Dwarf_Attribute attribute;
    if (!named || !is_called(die, note) || dwarf_attr(die, DW_AT_declaration, &attribute))
        return false;
    *type = *die;
    if (tag == DW_TAG_typedef && dwarf_peel_type(die, type) != 0)
        return false;
    return dwarf_tag(type) != DW_TAG_base_type && dwarf_tag(type) != DW_TAG_pointer_type;
}

/* The struct of NOTE in UNIT; DIE is how the unit calls it. */
static bool find_type(Dwarf_Die *unit, const struct note *note, Dwarf_Die *die,
                      Dwarf_Die *type)
{
    Dwarf_Die path[NESTING_MAX];
    int depth = 0;
    if (dwarf_child(unit, &path[0]) != 0)
        return false;
    for (;;) {
        const int tag = dwarf_tag(&path[depth]);
        if (is_type(&path[depth], note, type)) {
            *die = path[depth];
            return true;
        }
        const bool holds_types = tag == DW_TAG_subprogram || tag == DW_TAG_namespace ||
                                 tag == DW_TAG_lexical_block;
        if (holds_types && depth + 1 < NESTING_MAX &&
            dwarf_child(&path[depth], &path[depth + 1]) == 0) {
            depth++;
            continue;
        }
        while (dwarf_siblingof(&path[depth], &path[depth]) != 0)
            if (depth-- == 0)
                return false;
    }
}

/* Where in the struct PART begins. */
static bool offset_in_struct(const struct note *note, const struct block_part *part,
                             uint64_t struct_size, uint64_t *offset)
{
    if (note->indexed) { // known where the block is the struct
        *offset = part->offset;
        return part->block_size == struct_size;
    }
    *offset = note->offset;
    return part->offset >= note->offset &&
           part->offset - note->offset + struct_size <= part->block_size;
}

static struct part part_by(struct arena *arena, Dwarf_Die *unit, const struct note *note,
                           const struct block_part *part)
{
    Dwarf_Die die;
    Dwarf_Die type;
    Dwarf_Word size = 0;
    uint64_t offset = 0;
    if (!find_type(unit, note, &die, &type) || dwarf_aggregate_size(&type, &size) != 0 ||
        !offset_in_struct(note, part, size, &offset))
        return (struct part){0};
    const int tag = dwarf_tag(&die);
    const char *keyword = tag == DW_TAG_structure_type ? "struct "
                          : tag == DW_TAG_union_type   ? "union "
                                                       : "";
    const char *name =
        arena_printf(arena, "%s%.*s", keyword, (int)note->type_length, note->type);
    return part_find(arena, name, &type, offset, part->size);
}

struct part member_find(struct arena *arena, struct image *image, uint64_t address,
                        const struct frame *place, const struct block_part *part)
{
    struct unit_range *range = image_unit_at(image, address);
    size_t size = 0;
    const char *notes = image_section(image, SECTION, &size);
    struct part found = {0};
    if (!range || !notes || !place->file || notes[size - 1] != '\0')
        return found;
    for (const char *at = notes; at < notes + size; at += strlen(at) + 1) {
        struct note note = {0};
        if (!parse(at, &note) || !is_at(&note, place))
            continue;
        const struct part other = part_by(arena, &range->unit, &note, part);
        if (found.path && other.path && strcmp(found.path, other.path) != 0)
            return (struct part){0};
        found = other.path ? other : found;
    }
    return found;
}
