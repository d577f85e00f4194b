/* What memory an address is: the block, the global, the stack or the thread's storage. */
#ifndef GOC_RECORD_PLACE_H
#define GOC_RECORD_PLACE_H

#include "record/frame.h"
#include "record/modules.h"
#include "state/block.h"

enum race__place_kind {
    RACE_PLACE_UNKNOWN,
    RACE_PLACE_BLOCK,
    RACE_PLACE_DESCRIPTOR,
    RACE_PLACE_GLOBAL,
    RACE_PLACE_STACK,
    RACE_PLACE_TLS,
};

struct race__place {
    enum race__place_kind kind;
    /* Of a block: a copy; of a descriptor: size 0 where nobody knows who made it. */
    struct race__block block;
    size_t descriptor; // its number
    int module;        // of a global, and of a TLS where it is known
    /* Of a global: the address as its file has it; of a TLS: in the module's. */
    uintptr_t offset;
    uint32_t birth; // of a stack or a TLS: whose; 0: of a thread that is no strand
    uint32_t tid;   // of a TLS, where BIRTH is 0
    struct race__place_frame frame; // of a stack
};

/* The kind of the block that a descriptor's word is. */
#define RACE_DESCRIPTOR "descriptor"

/* COUNT words, each WORD_SIZE bytes, stand for the descriptors 0, 1, …  At boot. */
void race__place_descriptors(const void *words, size_t word_size, size_t count);

/* Guard: the record room's lock. */
void race__place_of(uintptr_t addr, struct race__place *place);

#endif
