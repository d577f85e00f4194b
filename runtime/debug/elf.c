/* Modules are mapped when first asked for and stay mapped: this room works for a process that is
 * about to end. */
#include "debug/elf.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MODULES_MAX = 64 };

struct module {
    const struct link_map *map;
    char path[ELF_PATH_BYTES];
    const char *image; /* the file; NULL when it cannot be read */
    size_t size;
    const Elf64_Sym *symbols;
    size_t symbol_count;
    const char *names;
    size_t names_size;
};

static struct module modules[MODULES_MAX];
static size_t module_count;

/* COUNT objects of SIZE bytes at OFFSET of the file, or NULL where it is cut short. */
static const void *part(const struct module *module, uint64_t offset, uint64_t count,
                        uint64_t size)
{
    uint64_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || offset > module->size ||
        bytes > module->size - offset)
        return NULL;
    return module->image + offset;
}

/* Note the symbol table that SECTION is and the names that go with it. */
static void use_table(struct module *module, const Elf64_Shdr *sections, size_t count,
                      const Elf64_Shdr *section)
{
    if (section->sh_link >= count)
        return;
    const Elf64_Shdr *strings = &sections[section->sh_link];
    size_t symbols = section->sh_size / sizeof(Elf64_Sym);
    const void *table = part(module, section->sh_offset, symbols, sizeof(Elf64_Sym));
    const void *names = part(module, strings->sh_offset, strings->sh_size, 1);
    if (table == NULL || names == NULL)
        return;
    module->symbols = table;
    module->symbol_count = symbols;
    module->names = names;
    module->names_size = strings->sh_size;
}

/* The full symbol table, or else the dynamic one. */
static void find_symbols(struct module *module)
{
    const Elf64_Ehdr *header = part(module, 0, 1, sizeof *header);
    if (header == NULL || memcmp(header->e_ident, ELFMAG, SELFMAG) != 0 ||
        header->e_ident[EI_CLASS] != ELFCLASS64 ||
        header->e_shentsize != sizeof(Elf64_Shdr))
        return;
    const Elf64_Shdr *sections =
        part(module, header->e_shoff, header->e_shnum, sizeof *sections);
    if (sections == NULL)
        return;
    for (size_t i = 0; i < header->e_shnum; i++) {
        bool full = sections[i].sh_type == SHT_SYMTAB;
        if (full || (sections[i].sh_type == SHT_DYNSYM && module->symbols == NULL))
            use_table(module, sections, header->e_shnum, &sections[i]);
        if (full)
            return;
    }
}

static void load(struct module *module)
{
    int fd = open(module->path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0)
        return;
    if (fstat(fd, &status) == 0 && status.st_size > 0) {
        module->size = (size_t)status.st_size;
        void *image = mmap(NULL, module->size, PROT_READ, MAP_PRIVATE, fd, 0);
        module->image = image != MAP_FAILED ? image : NULL;
    }
    close(fd);
    if (module->image != NULL)
        find_symbols(module);
}

static struct module *module_of(const struct link_map *map)
{
    for (size_t i = 0; i < module_count; i++)
        if (modules[i].map == map)
            return &modules[i];
    if (module_count == MODULES_MAX)
        return NULL;
    struct module *module = &modules[module_count++];
    module->map = map;
    if (map->l_name[0] == '\0') { /* the program itself */
        ssize_t length =
            readlink("/proc/self/exe", module->path, sizeof module->path - 1);
        module->path[length > 0 ? length : 0] = '\0';
    } else {
        strncpy(module->path, map->l_name, sizeof module->path - 1);
    }
    load(module);
    return module;
}

/* The function whose range holds PLACE's offset; of several the one that starts last. */
static void find_function(const struct module *module, struct elf_place *place)
{
    const Elf64_Sym *best = NULL;
    for (size_t i = 0; i < module->symbol_count; i++) {
        const Elf64_Sym *symbol = &module->symbols[i];
        if (ELF64_ST_TYPE(symbol->st_info) != STT_FUNC || symbol->st_shndx == SHN_UNDEF ||
            symbol->st_name >= module->names_size || symbol->st_value > place->offset)
            continue;
        if (place->offset - symbol->st_value < symbol->st_size &&
            (best == NULL || symbol->st_value > best->st_value))
            best = symbol;
    }
    if (best == NULL)
        return;
    place->function = module->names + best->st_name;
    place->skew = place->offset - best->st_value;
}

bool goc__elf_find(const void *address, struct elf_place *place)
{
    Dl_info info;
    void *extra;
    if (dladdr1(address, &info, &extra, RTLD_DL_LINKMAP) == 0)
        return false;
    const struct link_map *map = extra;
    const struct module *module = module_of(map);
    if (module == NULL)
        return false;
    *place = (struct elf_place){
        .path = module->path,
        .offset = (uint64_t)((uintptr_t)address - map->l_addr),
    };
    if (module->image != NULL)
        find_function(module, place);
    return true;
}
