#include "report/part.h"

#include "report/image.h"

#include <dwarf.h>
#include <limits.h>

/* Types within types: bounds the walk from a variable to the member accessed. */
enum { TYPE_STEPS_MAX = 64, UNION_DEPTH_MAX = 8 };

/* Bit-fields of one access that are named. */
enum { BIT_FIELDS_MAX = 8 };

/* Some bits of a struct. */
struct bits {
    uint64_t begin;
    uint64_t count;
};

bool part_type(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    return dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &attribute), type) &&
           dwarf_peel_type(type, type) == 0;
}

bool part_size(Dwarf_Die *type, uint64_t *size)
{
    Dwarf_Word bytes = 0;
    if (dwarf_aggregate_size(type, &bytes) != 0)
        return false;
    *size = bytes;
    return true;
}

/* Where the member DIE of a struct begins and what it is, if it holds BYTE. */
static bool holds(Dwarf_Die *die, uint64_t byte, uint64_t *begin, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    Dwarf_Word at = 0;
    uint64_t size = 0;
    if (dwarf_tag(die) != DW_TAG_member || dwarf_hasattr(die, DW_AT_bit_size))
        return false; // an access is of all bit-fields in its bytes
    if (dwarf_attr(die, DW_AT_data_member_location, &attribute))
        dwarf_formudata(&attribute, &at);
    *begin = at;
    return part_type(die, type) && part_size(type, &size) && byte >= at &&
           byte - at < size;
}

static bool fits(Dwarf_Die type, uint64_t byte, uint64_t size, int depth);

/* The member of a struct or union that holds BYTE.  In a union, the first that has a part of just
 * SIZE bytes there; where none has, the first. */
static bool member_at(Dwarf_Die *type, uint64_t byte, uint64_t size, int depth,
                      Dwarf_Die *member, uint64_t *begin)
{
    const bool is_union = dwarf_tag(type) == DW_TAG_union_type;
    Dwarf_Die die;
    bool found = false;
    if (dwarf_child(type, &die) != 0)
        return false;
    do {
        Dwarf_Die held;
        uint64_t at = 0;
        if (!holds(&die, byte, &at, &held))
            continue;
        const bool suits = !is_union || fits(held, byte - at, size, depth);
        if (!found || suits) {
            *member = die;
            *begin = at;
        }
        found = true;
        if (suits)
            break;
    } while (dwarf_siblingof(&die, &die) == 0);
    return found;
}

/* The size of what one index of the array TYPE steps over, and how many there are in the
 * array's first dimension; LEVEL counts the dimensions already stepped into. */
static bool array_step(Dwarf_Die *type, int level, uint64_t *step, bool *last)
{
    Dwarf_Die element;
    Dwarf_Die range;
    if (!part_type(type, &element) || !part_size(&element, step) ||
        dwarf_child(type, &range) != 0)
        return false;
    int dimension = 0;
    do {
        if (dwarf_tag(&range) != DW_TAG_subrange_type)
            continue;
        if (dimension++ <= level)
            continue;
        Dwarf_Attribute attribute;
        Dwarf_Word count = 0;
        if (dwarf_attr(&range, DW_AT_count, &attribute))
            dwarf_formudata(&attribute, &count);
        else if (dwarf_attr(&range, DW_AT_upper_bound, &attribute) &&
                 dwarf_formudata(&attribute, &count) == 0)
            count++;
        *step *= count;
    } while (dwarf_siblingof(&range, &range) == 0);
    *last = dimension == level + 1;
    return *step > 0 && dimension > level;
}

/* Has TYPE a part of SIZE bytes at BYTE, be it all of it?  DEPTH bounds how deep to look. */
static bool fits(Dwarf_Die type, uint64_t byte, uint64_t size, int depth)
{
    uint64_t room = 0;
    if (byte == 0 && part_size(&type, &room) && room == size)
        return true;
    const int tag = dwarf_tag(&type);
    if (depth == 0)
        return false;
    if (tag == DW_TAG_array_type) {
        Dwarf_Die element;
        return part_type(&type, &element) && part_size(&element, &room) && room != 0 &&
               fits(element, byte % room, size, depth - 1);
    }
    if (tag != DW_TAG_structure_type && tag != DW_TAG_union_type)
        return false;
    Dwarf_Die member;
    Dwarf_Die held;
    uint64_t begin = 0;
    return member_at(&type, byte, size, depth - 1, &member, &begin) &&
           part_type(&member, &held) && fits(held, byte - begin, size, depth - 1);
}

/* Where the member DIE of a struct lies, in bits, if it is a bit-field. */
static bool is_bit_field(Dwarf_Die *die, struct bits *bits)
{
    Dwarf_Attribute attribute;
    if (dwarf_tag(die) != DW_TAG_member || !dwarf_hasattr(die, DW_AT_bit_size))
        return false;
    bits->count = image_number(die, DW_AT_bit_size);
    bits->begin = image_number(die, DW_AT_data_bit_offset);
    if (dwarf_attr(die, DW_AT_bit_offset,
                   &attribute)) // before DWARF 4, from the unit's end
        bits->begin = (image_number(die, DW_AT_data_member_location) +
                       image_number(die, DW_AT_byte_size)) *
                          CHAR_BIT -
                      image_number(die, DW_AT_bit_offset) - bits->count;
    return true;
}

static bool meet(struct bits a, struct bits b)
{
    return a.begin < b.begin + b.count && b.begin < a.begin + a.count;
}

/* Has the struct or union TYPE, in WANTED, something other than bit-fields? */
static bool has_others(Dwarf_Die *type, struct bits wanted)
{
    Dwarf_Die die;
    if (dwarf_child(type, &die) != 0)
        return true;
    do {
        struct bits bits;
        Dwarf_Die held;
        uint64_t size = 0;
        if (dwarf_tag(&die) != DW_TAG_member || is_bit_field(&die, &bits) ||
            !part_type(&die, &held) || !part_size(&held, &size))
            continue;
        bits.begin = image_number(&die, DW_AT_data_member_location) * CHAR_BIT;
        bits.count = size * CHAR_BIT;
        if (meet(bits, wanted))
            return true;
    } while (dwarf_siblingof(&die, &die) == 0);
    return false;
}

/* "PATH.{one:1, other:3}": the bit-fields of TYPE that lie in WANTED, without braces where it is
 * one.  NULL where there is none, or something else as well. */
static const char *bit_fields(struct arena *arena, const char *path, Dwarf_Die *type,
                              struct bits wanted)
{
    const char *names = NULL;
    int count = 0;
    Dwarf_Die die;
    if (has_others(type, wanted) || dwarf_child(type, &die) != 0)
        return NULL;
    do {
        struct bits bits;
        const char *name = dwarf_diename(&die);
        if (!name || !is_bit_field(&die, &bits) || !meet(bits, wanted))
            continue;
        if (++count <= BIT_FIELDS_MAX)
            names = arena_printf(arena, "%s%s%s:%llu", names ? names : "",
                                 names ? ", " : "", name, (unsigned long long)bits.count);
    } while (dwarf_siblingof(&die, &die) == 0);
    if (count < 2)
        return names ? arena_printf(arena, "%s.%s", path, names) : NULL;
    return arena_printf(arena, "%s.{%s%s}", path, names,
                        count > BIT_FIELDS_MAX ? ", ..." : "");
}

/* On the way from a variable to the part of it that was accessed. */
struct walk {
    const char *path; // so far
    Dwarf_Die type;   // what that is
    uint64_t byte;    // in it
    uint64_t size;    // of the access
    int level;        // dimensions of the array TYPE that were stepped into
};

static bool step_into_array(struct arena *arena, struct walk *walk)
{
    uint64_t step = 0;
    bool last = false;
    if (!array_step(&walk->type, walk->level, &step, &last) ||
        walk->byte % step + walk->size > step)
        return false;
    walk->path = arena_printf(arena, "%s[%llu]", walk->path,
                              (unsigned long long)(walk->byte / step));
    walk->byte %= step;
    walk->level = last ? 0 : walk->level + 1;
    return !last || part_type(&walk->type, &walk->type);
}

static bool step_into_struct(struct arena *arena, struct walk *walk)
{
    Dwarf_Die member;
    Dwarf_Die type;
    uint64_t begin = 0;
    uint64_t room = 0;
    if (!member_at(&walk->type, walk->byte, walk->size, UNION_DEPTH_MAX, &member,
                   &begin) ||
        !part_type(&member, &type) || !part_size(&type, &room) ||
        walk->byte - begin + walk->size > room)
        return false;
    const char *name = dwarf_diename(&member);
    if (name)
        walk->path = arena_printf(arena, "%s.%s", walk->path, name);
    walk->byte -= begin;
    walk->type = type;
    return true;
}

struct part part_find(struct arena *arena, const char *name, Dwarf_Die *type,
                      uint64_t byte, uint64_t size)
{
    struct walk walk = {.path = name, .type = *type, .byte = byte, .size = size};
    for (int steps = 0; steps < TYPE_STEPS_MAX; steps++) {
        const int tag = dwarf_tag(&walk.type);
        if (tag == DW_TAG_array_type) {
            if (!step_into_array(arena, &walk))
                break;
            continue;
        }
        if (tag != DW_TAG_structure_type && tag != DW_TAG_union_type)
            break;
        const struct bits wanted = {walk.byte * CHAR_BIT, size * CHAR_BIT};
        const char *fields = bit_fields(arena, walk.path, &walk.type, wanted);
        if (fields)
            return (struct part){.path = fields, .bits = true};
        if (!step_into_struct(arena, &walk))
            break;
    }
    return (struct part){.path = walk.path == name ? NULL : walk.path};
}
