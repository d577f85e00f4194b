#include "report/image.h"

#include "report/arena.h"

#include <dwarf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *debuginfo_path; // NULL: libdwfl's own search path

static const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = dwfl_standard_find_debuginfo,
    .section_address = dwfl_offline_section_address,
    .debuginfo_path = &debuginfo_path,
};

static void read_build_id(struct image *image)
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *bits = NULL;
    GElf_Addr vaddr = 0;
    const int size = dwfl_module_build_id(image->module, &bits, &vaddr);
    char *to = image->build_id;
    for (int i = 0; i < size && 2 * i + 2 < BUILD_ID_SIZE; i++) {
        *to++ = digits[bits[i] >> 4];
        *to++ = digits[bits[i] & 15];
    }
}

Dwarf_Die image_unit_content(Dwarf_Die *unit)
{
    Dwarf_Die split;
    uint8_t kind = 0;
    if (dwarf_cu_info(unit->cu, NULL, &kind, NULL, &split, NULL, NULL, NULL) == 0 &&
        kind == DW_UT_skeleton && split.addr)
        return split;
    return *unit;
}

struct range_list {
    struct image *image;
    size_t room;
};

static void add_range(struct range_list *list, struct unit_range range)
{
    struct image *image = list->image;
    if (image->range_count == list->room) {
        list->room = list->room ? 2 * list->room : 64;
        image->ranges = grow(image->ranges, list->room, sizeof *image->ranges);
    }
    image->ranges[image->range_count++] = range;
}

static bool add_unit(Dwarf_Die *line_unit, void *context)
{
    struct range_list *list = context;
    const Dwarf_Die unit = image_unit_content(line_unit);
    Dwarf_Addr base = 0;
    Dwarf_Addr low = 0;
    Dwarf_Addr high = 0;
    ptrdiff_t at = 0;
    while ((at = dwarf_ranges(line_unit, at, &base, &low, &high)) > 0)
        if (low < high)
            add_range(list, (struct unit_range){
                                .low = low + list->image->bias,
                                .high = high + list->image->bias,
                                .unit = unit,
                                .line_unit = *line_unit,
                            });
    return true;
}

static int by_low(const void *left, const void *right)
{
    const uint64_t a = ((const struct unit_range *)left)->low;
    const uint64_t b = ((const struct unit_range *)right)->low;
    return (a > b) - (a < b);
}

static void index_units(struct image *image)
{
    struct range_list list = {.image = image};
    image_each_unit(image, add_unit, &list);
    if (image->range_count > 1)
        qsort(image->ranges, image->range_count, sizeof *image->ranges, by_low);
    uint64_t reach = 0;
    for (size_t i = 0; i < image->range_count; i++) {
        if (image->ranges[i].high > reach)
            reach = image->ranges[i].high;
        image->ranges[i].reach = reach;
    }
}

int image_open(struct image *image, const char *path)
{
    *image = (struct image){0};
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    image->dwfl = dwfl_begin(&callbacks);
    if (image->dwfl) {
        dwfl_report_begin(image->dwfl);
        image->module = dwfl_report_elf(image->dwfl, path, path, fd, 0, true);
        dwfl_report_end(image->dwfl, NULL, NULL);
    }
    if (!image->module) {
        close(fd);
        image_close(image);
        return -ENOEXEC;
    }
    read_build_id(image); // the module owns FD now
    image->dwarf = dwfl_module_getdwarf(image->module, &image->bias);
    if (image->dwarf)
        index_units(image);
    return 0;
}

void image_close(struct image *image)
{
    free(image->ranges);
    if (image->dwfl)
        dwfl_end(image->dwfl);
    *image = (struct image){0};
}

void image_each_unit(struct image *image, bool (*visit)(Dwarf_Die *unit, void *context),
                     void *context)
{
    Dwarf_CU *cu = NULL;
    Dwarf_Die unit;
    uint8_t kind = 0;
    while (image->dwarf &&
           dwarf_get_units(image->dwarf, cu, &cu, NULL, &kind, &unit, NULL) == 0)
        if ((kind == DW_UT_compile || kind == DW_UT_skeleton) && !visit(&unit, context))
            return;
}

struct unit_range *image_unit_at(struct image *image, uint64_t address)
{
    size_t low = 0;
    size_t high = image->range_count;
    while (low < high) { // the first range that starts beyond ADDRESS
        const size_t middle = low + (high - low) / 2;
        if (image->ranges[middle].low <= address)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low > 0 && image->ranges[low - 1].reach > address; low--)
        if (image->ranges[low - 1].high > address)
            return &image->ranges[low - 1];
    return NULL;
}

uint64_t image_number(Dwarf_Die *die, unsigned name)
{
    Dwarf_Attribute attribute;
    Dwarf_Word value = 0;
    if (dwarf_formudata(dwarf_attr_integrate(die, name, &attribute), &value) != 0)
        return 0;
    return value;
}

const char *image_full_path(struct arena *arena, Dwarf_Die *line_unit, const char *file)
{
    if (!file || file[0] == '/')
        return arena_string(arena, file);
    Dwarf_Attribute attribute;
    const char *directory =
        dwarf_formstring(dwarf_attr(line_unit, DW_AT_comp_dir, &attribute));
    if (strncmp(file, "./", 2) == 0)
        file += 2;
    return directory ? arena_printf(arena, "%s/%s", directory, file)
                     : arena_string(arena, file);
}

const char *image_file_name(struct arena *arena, Dwarf_Die *unit, Dwarf_Die *die,
                            unsigned name)
{
    Dwarf_Attribute attribute;
    Dwarf_Files *files = NULL;
    size_t count = 0;
    Dwarf_Word index = 0;
    if (dwarf_formudata(dwarf_attr_integrate(die, name, &attribute), &index) != 0 ||
        dwarf_getsrcfiles(unit, &files, &count) != 0 || index >= count)
        return NULL;
    return image_full_path(arena, unit, dwarf_filesrc(files, index, NULL, NULL));
}

const char *image_symbol(struct image *image, uint64_t address, uint64_t *skew,
                         uint64_t *size)
{
    GElf_Sym symbol;
    GElf_Off offset = 0;
    const char *name =
        dwfl_module_addrinfo(image->module, address, &offset, &symbol, NULL, NULL, NULL);
    if (!name || !name[0])
        return NULL;
    *skew = offset;
    *size = symbol.st_size;
    return name;
}

const char *image_thread_local_symbol(struct image *image, uint64_t offset,
                                      uint64_t *size)
{
    const int count = dwfl_module_getsymtab(image->module);
    for (int i = 0; i < count; i++) {
        GElf_Sym symbol;
        const char *name = dwfl_module_getsym(image->module, i, &symbol, NULL);
        if (name && GELF_ST_TYPE(symbol.st_info) == STT_TLS &&
            symbol.st_shndx != SHN_UNDEF && offset >= symbol.st_value &&
            offset - symbol.st_value < symbol.st_size) {
            *size = symbol.st_size;
            return name;
        }
    }
    return NULL;
}

const char *image_section(struct image *image, const char *name, size_t *size)
{
    GElf_Addr bias = 0;
    size_t names = 0;
    Elf *elf = dwfl_module_getelf(image->module, &bias);
    Elf_Scn *section = NULL;
    if (!elf || elf_getshdrstrndx(elf, &names) != 0)
        return NULL;
    while ((section = elf_nextscn(elf, section))) {
        GElf_Shdr header;
        if (!gelf_getshdr(section, &header) || header.sh_type == SHT_NOBITS)
            continue;
        const char *other = elf_strptr(elf, names, header.sh_name);
        const Elf_Data *data =
            other && strcmp(other, name) == 0 ? elf_getdata(section, NULL) : NULL;
        if (data && data->d_size > 0) {
            *size = data->d_size;
            return data->d_buf;
        }
    }
    return NULL;
}
