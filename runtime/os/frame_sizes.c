#include "os/frame_sizes.h"

#include "os/syscall.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

static const char section_name[] = ".stack_sizes";

enum { ULEB_BITS = 7, ULEB_MORE = 0x80, SIZE_BITS_MAX = 56, MAP_ERRORS = 4096 };

/* Do COUNT objects of EACH bytes at OFFSET lie in a file of BYTES? */
static bool lies_within(uint64_t offset, uint64_t count, uint64_t each, size_t bytes)
{
    uint64_t length;
    uint64_t end;
    return !__builtin_mul_overflow(count, each, &length) &&
           !__builtin_add_overflow(offset, length, &end) && end <= bytes;
}

static Elf64_Shdr section_at(const struct frame_sizes *sizes, const Elf64_Ehdr *header,
                             uint32_t index)
{
    Elf64_Shdr section;
    memcpy(&section, sizes->file + header->e_shoff + (uint64_t)index * sizeof section,
           sizeof section);
    return section;
}

static bool has_name(const struct frame_sizes *sizes, const Elf64_Shdr *names,
                     const Elf64_Shdr *section)
{
    return section->sh_name <= names->sh_size &&
           names->sh_size - section->sh_name >= sizeof section_name &&
           memcmp(sizes->file + names->sh_offset + section->sh_name, section_name,
                  sizeof section_name) == 0;
}

int goc__frame_sizes_parse(struct frame_sizes *sizes, const void *file, size_t bytes,
                           uintptr_t bias)
{
    Elf64_Ehdr header;
    *sizes = (struct frame_sizes){.file = file, .file_bytes = bytes, .bias = bias};
    if (bytes < sizeof header)
        return -ENOEXEC;
    memcpy(&header, file, sizeof header);
    if (memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_shentsize != sizeof(Elf64_Shdr) || header.e_shstrndx >= header.e_shnum ||
        !lies_within(header.e_shoff, header.e_shnum, sizeof(Elf64_Shdr), bytes))
        return -ENOEXEC;
    Elf64_Shdr names = section_at(sizes, &header, header.e_shstrndx);
    if (!lies_within(names.sh_offset, 1, names.sh_size, bytes))
        return -ENOEXEC;
    for (uint32_t i = 0; i < header.e_shnum; i++) {
        Elf64_Shdr section = section_at(sizes, &header, i);
        if (!has_name(sizes, &names, &section) || section.sh_flags & SHF_COMPRESSED ||
            section.sh_type != SHT_PROGBITS ||
            !lies_within(section.sh_offset, 1, section.sh_size, bytes))
            continue;
        if (sizes->from != NULL)
            return -ENOEXEC; /* not what a linker writes */
        sizes->from = sizes->file + section.sh_offset;
        sizes->to = sizes->from + section.sh_size;
    }
    return sizes->from != NULL ? 0 : -ENOENT;
}

/* What the loader has added: where the program headers are, less where the file has them. */
static uintptr_t program_bias(void)
{
    const Elf64_Phdr *headers = (const Elf64_Phdr *)getauxval(AT_PHDR);
    uint64_t count = getauxval(AT_PHNUM);
    for (uint64_t i = 0; headers != NULL && i < count; i++)
        if (headers[i].p_type == PT_PHDR)
            return (uintptr_t)headers - headers[i].p_vaddr;
    return 0; /* at a fixed address */
}

int goc__frame_sizes_open(struct frame_sizes *sizes)
{
    long fd = syscall6(SYS_openat, AT_FDCWD, (long)"/proc/self/exe", O_RDONLY | O_CLOEXEC,
                       0, 0, 0);
    if (fd < 0)
        return (int)fd;
    long bytes = syscall3(SYS_lseek, fd, 0, SEEK_END);
    long file =
        bytes > 0 ? syscall6(SYS_mmap, 0, bytes, PROT_READ, MAP_PRIVATE, fd, 0) : bytes;
    syscall3(SYS_close, fd, 0, 0);
    if (bytes <= 0)
        return bytes < 0 ? (int)bytes : -ENOEXEC;
    if (file < 0 && file > -MAP_ERRORS)
        return (int)file;
    int result =
        goc__frame_sizes_parse(sizes, (const void *)file, (size_t)bytes, program_bias());
    if (result != 0)
        goc__frame_sizes_close(sizes);
    return result;
}

void goc__frame_sizes_close(struct frame_sizes *sizes)
{
    syscall3(SYS_munmap, (long)sizes->file, (long)sizes->file_bytes, 0);
}

/* The next number of the section at *AT, which ends at END.  False: it is cut off. */
static bool read_size(const unsigned char **at, const unsigned char *end, uint64_t *size)
{
    *size = 0;
    for (unsigned shift = 0; *at < end && shift < SIZE_BITS_MAX; shift += ULEB_BITS) {
        unsigned char byte = *(*at)++;
        *size |= (uint64_t)(byte & (ULEB_MORE - 1)) << shift;
        if (!(byte & ULEB_MORE))
            return true;
    }
    return false;
}

/* Functions that the linker has folded into one have an entry each: the largest counts. */
int64_t goc__frame_sizes_find(const struct frame_sizes *sizes, uintptr_t address)
{
    uint64_t wanted = address - sizes->bias;
    int64_t found = -1;
    const unsigned char *at = sizes->from;
    while ((size_t)(sizes->to - at) > sizeof wanted) {
        uint64_t function;
        uint64_t size;
        memcpy(&function, at, sizeof function);
        at += sizeof function;
        if (!read_size(&at, sizes->to, &size))
            return -1;
        if (function == wanted && (int64_t)size > found)
            found = (int64_t)size;
    }
    return found;
}
