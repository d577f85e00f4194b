/* The slow path of every access: word by word through the rules. */
#include "entry/access.h"

#include "check/word.h"
#include "record/record.h"
#include "state/strand.h"

static void check_word(struct race__access *access, goc_strand *strand, uintptr_t addr,
                       size_t size, const void *pc)
{
    uint64_t kind = access->tag & RACE_TAG_KIND;
    /* Only plain accesses ask whether the strand's own past in this epoch has said it all:
     * they are nearly all, and atomics order something most of the time. */
    if ((kind & ~RACE_TAG_WRITE) == 0 &&
        race__word_is_same(strand, addr, race__cell_bytes(addr, size), kind != 0))
        return;
    if (race__tag_leaf(access->tag) == 0)
        access->tag |= race__strand_leaf(strand, pc);
    access->tag = (access->tag & ~RACE_TAG_BYTES) | race__tag_bytes(addr, size);
    access->conflicts.word = addr & ~(uintptr_t)(RACE_WORD_SIZE - 1);
    if (race__word_access(strand, addr, access->tag, &access->conflicts)) {
        race__strand_mark(strand);
        race__shadow_enliven(addr);
        race__shadow_take_note(addr, RACE_NOTE_MARKS);
    }
}

static void begin(struct race__access *access, const goc_strand *strand, uintptr_t addr,
                  size_t size, uint64_t kind)
{
    access->addr = addr;
    access->size = size;
    access->tag = kind | race__tag_make(0, strand->lockset);
    access->epoch = strand->view.own;
    access->conflicts.count = 0;
}

/* The part of [ADDR, END) that lies in ADDR's word. */
static size_t part(uintptr_t addr, uintptr_t end)
{
    uintptr_t next = (addr | (RACE_WORD_SIZE - 1)) + 1;
    return (next < end ? next : end) - addr;
}

void race__access_check(struct race__access *access, goc_strand *strand, uintptr_t addr,
                        size_t size, uint64_t kind, const void *pc)
{
    uintptr_t end = addr + size;
    begin(access, strand, addr, size, kind);
    for (size_t step; addr < end; addr += step) {
        step = part(addr, end);
        check_word(access, strand, addr, step, pc);
    }
}

RACE_NOINLINE void race__access(goc_strand *strand, uintptr_t addr, size_t size,
                                uint64_t kind, const void *pc)
{
    struct race__access access;
    uintptr_t end = addr + size;
    if (strand == &race__nobody || !race__enter())
        return;
    begin(&access, strand, addr, size, kind);
    for (size_t step; addr < end; addr += step) {
        step = part(addr, end);
        check_word(&access, strand, addr, step, pc);
        if (unlikely(access.conflicts.count != 0)) {
            race__record(&access);
            access.conflicts.count = 0;
        }
    }
    race__leave();
}

void race__read(const void *addr, size_t size, const void *pc)
{
    goc_strand *strand = race__watched();
    if (strand != NULL)
        race__access(strand, (uintptr_t)addr, size, 0, pc);
}

void race__write(const void *addr, size_t size, const void *pc)
{
    goc_strand *strand = race__watched();
    if (strand != NULL)
        race__access(strand, (uintptr_t)addr, size, RACE_TAG_WRITE, pc);
}
