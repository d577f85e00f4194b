#include "report/data.h"

#include "report/part.h"

#include <dwarf.h>
#include <stdlib.h>

/* Static variables may stand in functions and the blocks within; deeper nesting than this
 * is not looked into. */
enum { NESTING_MAX = 64 };

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
    if (!part_type(die, &type) || !part_size(&type, &size) ||
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
    if (!variable->name || !part_type(&search->variable, &type))
        return;
    const struct part part =
        part_find(arena, variable->name, &type, search->address - search->start, size);
    variable->path = part.path;
    variable->bits = part.bits;
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
        ops[0].atom != DW_OP_fbreg || !part_type(die, &type) ||
        !part_size(&type, &search->size))
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
