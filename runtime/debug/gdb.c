#include "debug/gdb.h"

#include "os/context.h"
#include "sched/boot.h"
#include "sched/newborn.h"
#include "sched/sched.h"
#include "sched/small.h"
#include "sched/stack.h"

#include <stddef.h>
#include <stdint.h>

/* gdb loads the Python script that this section names (its manual, "The .debug_gdb_scripts
 * section"); 1 says that the name of a file follows.  Allocated, so that strip leaves it. */
__asm__(".pushsection .debug_gdb_scripts, \"aMS\", @progbits, 1\n\t"
        ".byte 1\n\t"
        ".asciz \"" GOC_GDB_SCRIPT "\"\n\t"
        ".popsection");

enum { NAME_BYTES = 32 };

/* One row a fact; goc-gdb.py reads them by name. */
struct row {
    char name[NAME_BYTES]; /* empty after the last */
    uintptr_t value;
};

#define OFFSET(type, field) {#type "." #field, offsetof(struct type, field)}
#define NUMBER(number) {#number, number}
#define ADDRESS(name, object) {name, (uintptr_t)(object)}

extern const struct row goc__gdb_table[];

const struct row goc__gdb_table[] = {
    OFFSET(g, context),
    OFFSET(g, status),
    OFFSET(g, reason),
    OFFSET(g, kind),
    OFFSET(g, entry),
    OFFSET(g, object),
    OFFSET(g, waiting_since),
    OFFSET(g, id),
    OFFSET(g, creator_id),
    OFFSET(g, creator_pc),
    OFFSET(m, g),
    OFFSET(m, tid),
    OFFSET(m, next),
    OFFSET(newborn, id),
    OFFSET(newborn, entry),
    OFFSET(newborn, creator_id),
    OFFSET(newborn, creator_pc),
    OFFSET(stack_map, arenas),
    OFFSET(stack_map, arena_count),
    OFFSET(stack_map, slot_bytes),
    OFFSET(stack_map, arena_bytes),
    OFFSET(stack_map, base_offset),
    OFFSET(stack_map, carved_offset),
    OFFSET(stack_map, colours),
    OFFSET(stack_map, colour_bytes),
    OFFSET(stack_map, g_bytes),
    OFFSET(small_map, base),
    OFFSET(small_map, carved),
    OFFSET(small_map, bytes),
    OFFSET(small_map, g_bytes),
    OFFSET(newborn_map, chunks),
    OFFSET(newborn_map, chunk_count),
    OFFSET(newborn_map, chunk_records),
    NUMBER(NEWBORN_BYTES),
    NUMBER(CONTEXT_FRAME_R15),
    NUMBER(CONTEXT_FRAME_R14),
    NUMBER(CONTEXT_FRAME_R13),
    NUMBER(CONTEXT_FRAME_R12),
    NUMBER(CONTEXT_FRAME_RBX),
    NUMBER(CONTEXT_FRAME_RBP),
    NUMBER(CONTEXT_FRAME_RIP),
    NUMBER(CONTEXT_FRAME_BYTES),
    ADDRESS("ms", &goc__sched.ms),
    ADDRESS("coarse_now", &goc__sched.coarse_now),
    ADDRESS("main_g", &goc__main_g),
    ADDRESS("stack_map", &goc__stack_map),
    ADDRESS("small_map", &goc__small_map),
    ADDRESS("newborn_map", &goc__newborn_map),
    ADDRESS("reasons", goc__wait_table),
    NUMBER(WAIT_REASONS),
    {"", 0},
};

void goc__gdb_keep(void)
{
    __asm__ volatile("" : : "r"(goc__gdb_table));
}
