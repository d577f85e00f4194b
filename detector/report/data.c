#include "report/data.h"

#include <dwarf.h>
#include <stdlib.h>

/* Static variables may stand in functions and the blocks within; deeper nesting than this
 * is not looked into. */
enum { NESTING_MAX = 64 };

/* Types within types: bounds the walk from a variable to the member accessed. */
enum { TYPE_STEPS_MAX = 64, UNION_DEPTH_MAX = 8 };

struct search {
    struct image *image;
    uint64_t address;
    Dwarf_Die variable; // the answer
    Dwarf_Die unit;     // where it is
    uint64_t start;     // its address
    uint64_t size;
    bool storage; // addresses are offsets in thread-local storage
    bool found;
};

/* The type of DIE without names and qualifiers.  False for none, which is void. */
static bool plain_type(Dwarf_Die *die, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    return dwarf_formref_die(dwarf_attr_integrate(die, DW_AT_type, &attribute), type) &&
           dwarf_peel_type(type, type) == 0;
}

static bool type_size(Dwarf_Die *type, uint64_t *size)
{
    Dwarf_Word bytes = 0;
    if (dwarf_aggregate_size(type, &bytes) != 0)
        return false;
    *size = bytes;
    return true;
}

/* What OP of LOCATION pushes, a constant of the linker's. */
static bool pushed(Dwarf_Attribute *location, Dwarf_Op *op, uint64_t *number)
{
    Dwarf_Attribute value; // what an index leads to, in .debug_addr
    Dwarf_Addr found = 0;
    Dwarf_Word constant = 0;
    switch (op->atom) {
    case DW_OP_addr:
    case DW_OP_const4u:
    case DW_OP_const8u:
        *number = op->number;
        return true;
    case DW_OP_addrx:
    case DW_OP_GNU_addr_index:
        if (dwarf_getlocation_attr(location, op, &value) != 0 ||
            dwarf_formaddr(&value, &found) != 0)
            return false;
        *number = found;
        return true;
    case DW_OP_constx:
    case DW_OP_GNU_const_index:
        if (dwarf_getlocation_attr(location, op, &value) != 0 ||
            dwarf_formudata(&value, &constant) != 0)
            return false;
        *number = constant;
        return true;
    default:
        return false;
    }
}

/* Is it thread-local whose location ends with OP? */
static bool pushes_storage(const Dwarf_Op *op)
{
    return op->atom == DW_OP_form_tls_address || op->atom == DW_OP_GNU_push_tls_address;
}

/* The address of a variable that has a fixed one; or, in STORAGE, the offset of a
 * thread-local one. */
static bool fixed_address(Dwarf_Die *die, bool storage, uint64_t *address)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *ops = NULL;
    size_t count = 0;
    if (!dwarf_attr_integrate(die, DW_AT_location, &attribute) ||
        dwarf_getlocation(&attribute, &ops, &count) != 0)
        return false;
    return storage ? count == 2 && pushes_storage(&ops[1]) &&
                         pushed(&attribute, &ops[0], address)
                   : count == 1 && pushed(&attribute, &ops[0], address);
}

static bool matches(struct search *search, Dwarf_Die *die)
{
    uint64_t start = 0;
    if (!fixed_address(die, search->storage, &start))
        return false;
    if (!search->storage)
        start += search->image->bias;
    if (start > search->address)
        return false;
    Dwarf_Die type;
    uint64_t size = 0;
    if (!plain_type(die, &type) || !type_size(&type, &size) ||
        search->address - start >= size)
        return false;
    search->variable = *die;
    search->start = start;
    search->size = size;
    return true;
}

/* Walks the variables below UNIT, keeping the way back up in an array. */
static bool search_unit(Dwarf_Die *unit, void *context)
{
    struct search *search = context;
    Dwarf_Die path[NESTING_MAX];
    int depth = 0;
    Dwarf_Die content = image_unit_content(unit);
    if (dwarf_child(&content, &path[0]) != 0)
        return true;
    for (;;) {
        Dwarf_Die *die = &path[depth];
        const int tag = dwarf_tag(die);
        if (tag == DW_TAG_variable && matches(search, die)) {
            search->unit = content;
            search->found = true;
            return false;
        }
        const bool holds_variables =
            tag == DW_TAG_subprogram || tag == DW_TAG_lexical_block;
        if (holds_variables && depth + 1 < NESTING_MAX &&
            dwarf_child(die, &path[depth + 1]) == 0) {
            depth++;
            continue;
        }
        while (dwarf_siblingof(&path[depth], &path[depth]) != 0)
            if (depth-- == 0)
                return true;
    }
}

/* Where the member DIE of a struct begins and what it is, if it holds BYTE. */
static bool holds(Dwarf_Die *die, uint64_t byte, uint64_t *begin, Dwarf_Die *type)
{
    Dwarf_Attribute attribute;
    Dwarf_Word at = 0;
    uint64_t size = 0;
    if (dwarf_tag(die) != DW_TAG_member ||
        dwarf_attr(die, DW_AT_data_bit_offset, &attribute))
        return false; // an access is of all bit-fields in its bytes
    if (dwarf_attr(die, DW_AT_data_member_location, &attribute))
        dwarf_formudata(&attribute, &at);
    *begin = at;
    return plain_type(die, type) && type_size(type, &size) && byte >= at &&
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
    if (!plain_type(type, &element) || !type_size(&element, step) ||
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
    if (byte == 0 && type_size(&type, &room) && room == size)
        return true;
    const int tag = dwarf_tag(&type);
    if (depth == 0)
        return false;
    if (tag == DW_TAG_array_type) {
        Dwarf_Die element;
        return plain_type(&type, &element) && type_size(&element, &room) && room != 0 &&
               fits(element, byte % room, size, depth - 1);
    }
    if (tag != DW_TAG_structure_type && tag != DW_TAG_union_type)
        return false;
    Dwarf_Die member;
    Dwarf_Die held;
    uint64_t begin = 0;
    return member_at(&type, byte, size, depth - 1, &member, &begin) &&
           plain_type(&member, &held) && fits(held, byte - begin, size, depth - 1);
}

const char *data_path(struct arena *arena, const char *name, Dwarf_Die *type,
                      uint64_t byte, uint64_t size)
{
    const char *path = name;
    int level = 0;
    for (int step_count = 0; step_count < TYPE_STEPS_MAX; step_count++) {
        const int tag = dwarf_tag(type);
        if (tag == DW_TAG_array_type) {
            uint64_t step = 0;
            bool last = false;
            if (!array_step(type, level, &step, &last) || byte % step + size > step)
                break;
            path =
                arena_printf(arena, "%s[%llu]", path, (unsigned long long)(byte / step));
            byte %= step;
            level++;
            if (last && (level = 0, !plain_type(type, type)))
                break;
        } else if (tag == DW_TAG_structure_type || tag == DW_TAG_union_type) {
            Dwarf_Die member;
            Dwarf_Die member_type;
            uint64_t begin = 0;
            uint64_t room = 0;
            if (!member_at(type, byte, size, UNION_DEPTH_MAX, &member, &begin) ||
                !plain_type(&member, &member_type) || !type_size(&member_type, &room) ||
                byte - begin + size > room)
                break;
            const char *member_name = dwarf_diename(&member);
            if (member_name)
                path = arena_printf(arena, "%s.%s", path, member_name);
            byte -= begin;
            *type = member_type;
        } else {
            break;
        }
    }
    return path == name ? NULL : path;
}

/* What SEARCH has found, called SYMBOL by the linker; SIZE bytes were accessed. */
static void describe(struct search *search, struct arena *arena, const char *symbol,
                     uint64_t size, struct variable *variable)
{
    Dwarf_Attribute attribute;
    const char *name =
        dwarf_formstring(dwarf_attr_integrate(&search->variable, DW_AT_name, &attribute));
    variable->name = arena_string(arena, name ? name : symbol);
    variable->size = search->size;
    variable->file =
        image_file_name(arena, &search->unit, &search->variable, DW_AT_decl_file);
    variable->line = (uint32_t)image_number(&search->variable, DW_AT_decl_line);
    Dwarf_Die type;
    if (variable->name && plain_type(&search->variable, &type))
        variable->path = data_path(arena, variable->name, &type,
                                   search->address - search->start, size);
}

/* What SEARCH is for, which the linker calls SYMBOL, SYMBOL_SIZE bytes long. */
static struct variable find_variable(struct search *search, struct arena *arena,
                                     const char *symbol, uint64_t symbol_size,
                                     uint64_t size)
{
    struct variable variable = {0};
    image_each_unit(search->image, search_unit, search);
    if (search->found) {
        describe(search, arena, symbol, size, &variable);
        return variable;
    }
    variable.name = arena_string(arena, symbol);
    variable.size = symbol ? symbol_size : 0;
    return variable;
}

struct variable data_variable(struct arena *arena, struct image *image, uint64_t address,
                              uint64_t size)
{
    uint64_t skew = 0;
    uint64_t symbol_size = 0;
    const char *symbol = image_symbol(image, address, &skew, &symbol_size);
    struct search search = {.image = image, .address = address};
    return find_variable(&search, arena, symbol, symbol_size, size);
}

struct variable data_thread_local(struct arena *arena, struct image *image,
                                  uint64_t offset, uint64_t size)
{
    uint64_t symbol_size = 0;
    const char *symbol = image_thread_local_symbol(image, offset, &symbol_size);
    struct search search = {.image = image, .address = offset, .storage = true};
    return find_variable(&search, arena, symbol, symbol_size, size);
}

/* amd64's frame pointer, by DWARF's number, is two words below the frame's address (CFA):
 * the return address and the saved frame pointer are between. */
enum { RETURN_ADDRESS_BYTES = 8, FRAME_POINTER_BELOW = 16 };

/* Where FUNCTION's frame begins for DW_OP_fbreg, counted from the CFA. */
static bool frame_base(Dwarf_Die *function, uint64_t *base)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *ops = NULL;
    size_t count = 0;
    if (!dwarf_attr(function, DW_AT_frame_base, &attribute) ||
        dwarf_getlocation(&attribute, &ops, &count) != 0 || count != 1)
        return false;
    *base = ops[0].atom == DW_OP_reg6 ? (uint64_t)0 - FRAME_POINTER_BELOW : 0;
    return ops[0].atom == DW_OP_reg6 || ops[0].atom == DW_OP_call_frame_cfa;
}

/* Is the byte that SEARCH wants, counted from the CFA, in the variable DIE, as it is while
 * the code at PC runs? */
static bool matches_local(struct search *search, Dwarf_Die *die, uint64_t base,
                          uint64_t pc)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *ops = NULL;
    size_t count = 0;
    Dwarf_Die type;
    if (!dwarf_attr(die, DW_AT_location, &attribute) ||
        dwarf_getlocation_addr(&attribute, pc, &ops, &count, 1) != 1 || count != 1 ||
        ops[0].atom != DW_OP_fbreg || !plain_type(die, &type) ||
        !type_size(&type, &search->size))
        return false;
    search->start = base + ops[0].number;
    search->variable = *die;
    return search->address - search->start < search->size;
}

/* Walks the variables of FUNCTION that are in sight at PC, those of calls inlined there too. */
static bool search_locals(struct search *search, Dwarf_Die *function, uint64_t base,
                          uint64_t pc)
{
    Dwarf_Die path[NESTING_MAX];
    int depth = 0;
    if (dwarf_child(function, &path[0]) != 0)
        return false;
    for (;;) {
        Dwarf_Die *die = &path[depth];
        const int tag = dwarf_tag(die);
        const bool is_variable = tag == DW_TAG_variable || tag == DW_TAG_formal_parameter;
        if (is_variable && matches_local(search, die, base, pc))
            return true;
        const bool is_block =
            tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine;
        if (is_block && depth + 1 < NESTING_MAX && dwarf_haspc(die, pc) == 1 &&
            dwarf_child(die, &path[depth + 1]) == 0) {
            depth++;
            continue;
        }
        while (dwarf_siblingof(&path[depth], &path[depth]) != 0)
            if (depth-- == 0)
                return false;
    }
}

/* The function of UNIT that has the code at PC. */
static bool function_at(Dwarf_Die *unit, uint64_t pc, Dwarf_Die *function)
{
    if (dwarf_child(unit, function) != 0)
        return false;
    do {
        if (dwarf_tag(function) == DW_TAG_subprogram && dwarf_haspc(function, pc) == 1)
            return true;
    } while (dwarf_siblingof(function, function) == 0);
    return false;
}

struct variable data_local(struct arena *arena, struct image *image, uint64_t address,
                           uint64_t below, uint64_t size)
{
    struct variable variable = {0};
    struct unit_range *range = image_unit_at(image, address);
    const uint64_t pc = address - image->bias;
    struct search search = {.image = image,
                            .address = (uint64_t)0 - RETURN_ADDRESS_BYTES - below};
    Dwarf_Die function;
    uint64_t base = 0;
    if (!range || !function_at(&range->unit, pc, &function) ||
        !frame_base(&function, &base) || !search_locals(&search, &function, base, pc))
        return variable;
    search.unit = range->unit;
    describe(&search, arena, NULL, size, &variable);
    return variable;
}
