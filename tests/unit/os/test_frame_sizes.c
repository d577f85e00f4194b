/* The sizes of frames are read from an ELF file, and from nothing that is none. */
#include "os/frame_sizes.h"
#include "unit.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_AT = 64, SIZES_AT = 128, SIZES_MAX = 64, SECTIONS_AT = 256, SECTIONS = 3 };

static struct {
    _Alignas(8) unsigned char bytes[SECTIONS_AT + SECTIONS * sizeof(Elf64_Shdr)];
} file;

static const char names[] = "\0.shstrtab\0.stack_sizes";

static Elf64_Shdr *section(int number)
{
    return (Elf64_Shdr *)(void *)(file.bytes + SECTIONS_AT) + number;
}

/* A file with SIZE bytes of CONTENT in the section. */
static void make(const void *content, size_t size)
{
    memset(&file, 0, sizeof file);
    Elf64_Ehdr *header = (Elf64_Ehdr *)(void *)file.bytes;
    memcpy(header->e_ident, ELFMAG, SELFMAG);
    header->e_ident[EI_CLASS] = ELFCLASS64;
    header->e_shoff = SECTIONS_AT;
    header->e_shentsize = sizeof(Elf64_Shdr);
    header->e_shnum = SECTIONS;
    header->e_shstrndx = 1;
    memcpy(file.bytes + NAMES_AT, names, sizeof names);
    *section(1) = (Elf64_Shdr){.sh_name = 1,
                               .sh_type = SHT_STRTAB,
                               .sh_offset = NAMES_AT,
                               .sh_size = sizeof names};
    *section(2) = (Elf64_Shdr){
        .sh_name = 11, .sh_type = SHT_PROGBITS, .sh_offset = SIZES_AT, .sh_size = size};
    memcpy(file.bytes + SIZES_AT, content, size);
}

static int parse(struct frame_sizes *sizes)
{
    return goc__frame_sizes_parse(sizes, &file, sizeof file, 0x1000);
}

static const unsigned char content[] = {
    0x10, 0, 0, 0, 0, 0, 0, 0, 0x18,             /* 0x10: 24 bytes */
    0x20, 0, 0, 0, 0, 0, 0, 0, 0x88, 0x01,       /* 0x20: 136 */
    0x10, 0, 0, 0, 0, 0, 0, 0, 0x28,             /* 0x10 again: 40 */
    0x30, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x80, 0x04, /* 0x30: 65536 */
};

static void test_finds_the_largest_of_a_function(void **state)
{
    (void)state;
    struct frame_sizes sizes;
    make(content, sizeof content);
    assert_int_equal(parse(&sizes), 0);
    assert_int_equal(goc__frame_sizes_find(&sizes, 0x1010), 40);
    assert_int_equal(goc__frame_sizes_find(&sizes, 0x1020), 136);
    assert_int_equal(goc__frame_sizes_find(&sizes, 0x1030), 65536);
    assert_int_equal(goc__frame_sizes_find(&sizes, 0x1040), -1);
    assert_int_equal(goc__frame_sizes_find(&sizes, 0x10), -1);
}

static void test_a_cut_off_section_says_nothing(void **state)
{
    (void)state;
    struct frame_sizes sizes;
    for (size_t size = 1; size < sizeof content; size++) {
        make(content, size);
        assert_int_equal(parse(&sizes), 0);
        assert_int_equal(goc__frame_sizes_find(&sizes, 0x1030), -1);
    }
    static const unsigned char endless[] = {0x10, 0,    0,    0,    0,    0,
                                            0,    0,    0xff, 0xff, 0xff, 0xff,
                                            0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};
    make(endless, sizeof endless);
    assert_int_equal(parse(&sizes), 0);
    assert_int_equal(goc__frame_sizes_find(&sizes, 0x1010), -1);
}

static void test_refuses_what_is_no_such_file(void **state)
{
    (void)state;
    struct frame_sizes sizes;
    Elf64_Ehdr *header = (Elf64_Ehdr *)(void *)file.bytes;
    make(content, sizeof content);
    header->e_ident[1] = 'x';
    assert_int_equal(parse(&sizes), -ENOEXEC);
    make(content, sizeof content);
    header->e_shoff = UINT64_MAX - 8;
    assert_int_equal(parse(&sizes), -ENOEXEC);
    make(content, sizeof content);
    header->e_shstrndx = SECTIONS;
    assert_int_equal(parse(&sizes), -ENOEXEC);
    make(content, sizeof content);
    section(1)->sh_size = sizeof file;
    assert_int_equal(parse(&sizes), -ENOEXEC);
    make(content, sizeof content);
    section(2)->sh_offset = UINT64_MAX;
    assert_int_equal(parse(&sizes), -ENOENT);
    make(content, sizeof content);
    section(2)->sh_name = sizeof names;
    assert_int_equal(parse(&sizes), -ENOENT);
    make(content, sizeof content);
    section(2)->sh_flags = SHF_COMPRESSED;
    assert_int_equal(parse(&sizes), -ENOENT);
    assert_int_equal(goc__frame_sizes_parse(&sizes, &file, 32, 0), -ENOEXEC);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finds_the_largest_of_a_function),
        cmocka_unit_test(test_a_cut_off_section_says_nothing),
        cmocka_unit_test(test_refuses_what_is_no_such_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
