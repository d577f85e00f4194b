/* What dl_iterate_phdr says, kept. */
#include "record/modules.h"

#include "base/bytes.h"
#include "base/sys.h"
#include "state/slab.h"

#include <link.h>

#define MODULE_MAX 1024 // beyond, code has no module and is written as plain addresses
#define PATH_MAX_BYTES 4096
#define NOTE_ALIGN(size) (((size) + 3) & ~(size_t)3)

static struct race__module modules[MODULE_MAX];
static int count;
static size_t tls_size;

static char *copy_of(const char *path)
{
    size_t size = race__length(path) + 1;
    char *copy = race__slab_alloc(size);
    race__copy(copy, path, size);
    return copy;
}

/* The executable has no name of its own there. */
static char *path_of(const struct dl_phdr_info *info)
{
    char path[PATH_MAX_BYTES];
    if (info->dlpi_name != NULL && info->dlpi_name[0] != '\0')
        return copy_of(info->dlpi_name);
    /* The calling thread's: the initial thread, which self stands for, may have ended. */
    long length = race__sys3(SYS_readlink, (long)"/proc/thread-self/exe", (long)path,
                             sizeof path - 1);
    if (length < 0)
        return copy_of("/proc/self/exe");
    path[length] = '\0';
    return copy_of(path);
}

static void read_notes(struct race__module *module, const char *at, const char *end)
{
    while (at + sizeof(ElfW(Nhdr)) <= end) {
        const ElfW(Nhdr) *note = (const ElfW(Nhdr) *)at;
        const char *name = at + sizeof *note;
        const char *data = name + NOTE_ALIGN(note->n_namesz);
        if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == sizeof ELF_NOTE_GNU &&
            note->n_descsz <= RACE_BUILD_ID_MAX) {
            race__copy(module->build_id, data, note->n_descsz);
            module->build_id_size = note->n_descsz;
            return;
        }
        at = data + NOTE_ALIGN(note->n_descsz);
    }
}

static void read_segments(struct race__module *module, const struct dl_phdr_info *info)
{
    module->bias = info->dlpi_addr;
    module->low = UINTPTR_MAX;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        uintptr_t low = info->dlpi_addr + segment->p_vaddr;
        uintptr_t high = low + segment->p_memsz;
        if (segment->p_type == PT_NOTE)
            read_notes(module, (const char *)low, (const char *)high);
        if (segment->p_type != PT_LOAD)
            continue;
        module->low = low < module->low ? low : module->low;
        module->high = high > module->high ? high : module->high;
    }
}

static void add_tls(const struct dl_phdr_info *info)
{
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_TLS)
            tls_size += info->dlpi_phdr[i].p_memsz + info->dlpi_phdr[i].p_align;
}

static bool is_known(const struct race__module *module)
{
    for (int i = 0; i < count; i++)
        if (modules[i].low == module->low && modules[i].high == module->high)
            return true;
    return false;
}

/* What was unloaded stays: its code may be in stacks.  What is loaded over it gets a new
 * number, which is found first. */
static int visit(struct dl_phdr_info *info, size_t size, void *context)
{
    struct race__module module = {0};
    (void)size, (void)context;
    add_tls(info);
    read_segments(&module, info);
    if (module.low >= module.high || is_known(&module) || count == MODULE_MAX)
        return 0;
    module.path = path_of(info);
    modules[count++] = module;
    return 0;
}

void race__modules_refresh(void)
{
    tls_size = 0;
    dl_iterate_phdr(visit, NULL);
}

int race__module_of(uintptr_t addr, uintptr_t *offset)
{
    for (int i = count - 1; i >= 0; i--)
        if (addr >= modules[i].low && addr < modules[i].high) {
            *offset = addr - modules[i].bias;
            return i;
        }
    *offset = addr;
    return RACE_MODULE_NONE;
}

const struct race__module *race__module_at(int number)
{
    return &modules[number];
}

size_t race__modules_tls_size(void)
{
    return tls_size;
}
