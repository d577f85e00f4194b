/* What dl_iterate_phdr says, kept.
 *
 * Thread-local storage.  The program and the libraries that it was started with have theirs at
 * one distance below each thread's pointer (Drepper, ELF Handling for Thread-Local Storage,
 * variant II), which the calling thread's own tells.  A library that was opened later has it where
 * malloc put it when the thread first used it; the thread's vector (DTV) says where.  How the
 * vector is made up is a matter between libc and debuggers, so it is believed only if it
 * says of the calling thread what dl_iterate_phdr says.  Another thread's may go while it
 * is read, so the kernel reads it.
 */
#include "record/modules.h"

#include "base/bytes.h"
#include "base/sys.h"
#include "state/slab.h"
#include "state/storage.h"

#include <link.h>
#include <sys/uio.h>

#define MODULE_MAX 1024 // beyond, code has no module and is written as plain addresses
#define PATH_MAX_BYTES 4096
#define VECTOR_AT sizeof(uintptr_t)          // in the thread's control block
#define VECTOR_ENTRY (2 * sizeof(uintptr_t)) // its first word is the storage's address
#define NOTE_ALIGN(size) (((size) + 3) & ~(size_t)3)

static struct race__module modules[MODULE_MAX];
static int count;
static size_t tls_size;
static bool vectors_known; // threads' vectors are made up as VECTOR_… say
static bool any_elsewhere; // a module's storage is at no fixed distance

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

static bool read_word(uintptr_t addr, uintptr_t *word)
{
    struct iovec to = {word, sizeof *word};
    struct iovec from = {(void *)addr, sizeof *word};
    return race__sys6(SYS_process_vm_readv, race__getpid(), (long)&to, 1, (long)&from, 1,
                      0) == (long)sizeof *word;
}

/* Where the thread with POINTER has its storage of the module TLS_ID, by its vector. */
static bool storage_of(uintptr_t pointer, size_t tls_id, uintptr_t *storage)
{
    uintptr_t vector = 0;
    return read_word(pointer + VECTOR_AT, &vector) &&
           read_word(vector + tls_id * VECTOR_ENTRY, storage);
}

static void read_tls(struct race__module *module, const struct dl_phdr_info *info)
{
    uintptr_t pointer = race__thread_pointer();
    uintptr_t storage = (uintptr_t)info->dlpi_tls_data;
    uintptr_t said;
    for (int i = 0; i < info->dlpi_phnum; i++)
        if (info->dlpi_phdr[i].p_type == PT_TLS) {
            module->tls_size = info->dlpi_phdr[i].p_memsz;
            tls_size += info->dlpi_phdr[i].p_memsz + info->dlpi_phdr[i].p_align;
        }
    module->tls_id = info->dlpi_tls_modid;
    if (module->tls_id == 0)
        return;
    module->tls_below =
        storage != 0 && pointer - storage <= tls_size ? pointer - storage : 0;
    any_elsewhere |= module->tls_below == 0;
    if (storage != 0)
        vectors_known = storage_of(pointer, module->tls_id, &said) && said == storage;
}

static bool is_called(const struct race__module *module, const char *name)
{
    size_t i = 0;
    while (name[i] != '\0' && module->path[i] == name[i])
        i++;
    return module->path[i] == name[i];
}

/* Is KEPT what MODULE says, of which dl_iterate_phdr says INFO? */
static bool is_same(const struct race__module *kept, const struct race__module *module,
                    const struct dl_phdr_info *info)
{
    if (kept->low != module->low || kept->high != module->high ||
        kept->build_id_size != module->build_id_size)
        return false;
    for (uint32_t i = 0; i < module->build_id_size; i++)
        if (kept->build_id[i] != module->build_id[i])
            return false;
    return info->dlpi_name == NULL || info->dlpi_name[0] == '\0' ||
           is_called(kept, info->dlpi_name);
}

/* The number by which MODULE is known, or NULL: what was loaded there last may be another. */
static struct race__module *known(const struct race__module *module,
                                  const struct dl_phdr_info *info)
{
    for (int i = count - 1; i >= 0; i--)
        if (modules[i].low < module->high && module->low < modules[i].high)
            return is_same(&modules[i], module, info) ? &modules[i] : NULL;
    return NULL;
}

/* What was unloaded stays: its code may be in stacks.  What is loaded over it gets a new
 * number, which is found first. */
static int visit(struct dl_phdr_info *info, size_t size, void *context)
{
    struct race__module module = {0};
    (void)size, (void)context;
    read_segments(&module, info);
    if (module.low >= module.high)
        return 0;
    struct race__module *kept = known(&module, info);
    if (kept == NULL && count == MODULE_MAX)
        return 0;
    if (kept == NULL) {
        kept = &modules[count++];
        module.path = path_of(info);
        *kept = module;
    }
    read_tls(kept, info);
    return 0;
}

void race__modules_refresh(void)
{
    tls_size = 0;
    any_elsewhere = false;
    for (int i = 0; i < count; i++)
        modules[i].tls_id = 0;
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

int race__module_of_tls(uintptr_t pointer, uintptr_t addr, uintptr_t *offset)
{
    for (int i = 0; i < count; i++) {
        *offset = addr - (pointer - modules[i].tls_below);
        if (modules[i].tls_id != 0 && modules[i].tls_below != 0 &&
            *offset < modules[i].tls_size)
            return i;
    }
    return RACE_MODULE_NONE;
}

bool race__modules_tls_elsewhere(void)
{
    return vectors_known && any_elsewhere;
}

int race__module_of_tls_elsewhere(uintptr_t pointer, uintptr_t addr, uintptr_t *offset)
{
    for (int i = 0; i < count; i++) {
        uintptr_t storage;
        if (modules[i].tls_id == 0 || modules[i].tls_below != 0 ||
            !storage_of(pointer, modules[i].tls_id, &storage))
            continue;
        *offset = addr - storage;
        if (*offset < modules[i].tls_size)
            return i;
    }
    return RACE_MODULE_NONE;
}
