/* What a race log says, once read: the record of race_record.h as C structs.
 *
 * reader fills everything but the frames, which resolve adds.  All of it lives in one
 * arena and is const after that.
 */
#ifndef REPORT_MODEL_H
#define REPORT_MODEL_H

#include "report/process.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* MODULE of a frame for code in no file: its offset is the address itself. */
#define MODULE_NONE (-1)

/* One place in the source, or as near to it as the debug information leads. */
struct frame {
    const char *function;   // NULL: unknown
    const char *file;       // absolute where the compiler said so; NULL: unknown
    const char *module;     // path of the file the code is in; NULL: in none
    uint64_t offset;        // address in that file, or in memory where there is none
    uint64_t function_skew; // bytes past FUNCTION's start, where FILE is unknown
    uint32_t line;          // 0: unknown
    uint32_t column;        // 0: unknown
    bool inlined;           // inlined into the next frame of the stack
};

struct pc {
    int32_t module; // id of a module of the same process, or MODULE_NONE
    uint64_t offset;
};

/* Innermost first.  No pcs: the detector could not have the stack. */
struct stack {
    size_t pc_count;
    const struct pc *pcs;
    size_t frame_count;
    const struct frame *frames; // by resolve; inlined calls add to the pcs
};

enum access_op { ACCESS_READ, ACCESS_WRITE, ACCESS_FREE };

enum strand_kind { STRAND_MAIN, STRAND_GOROUTINE, STRAND_THREAD, STRAND_SIGNAL };

struct strand {
    uint64_t id;
    enum strand_kind kind;
    uint64_t number; // goid of a goroutine (0 for none), tid of a thread
    bool has_parent;
    uint64_t parent;
    struct stack stack; // where it was created
};

enum memory_kind {
    MEMORY_UNKNOWN,
    MEMORY_HEAP,
    MEMORY_CHANNEL,
    MEMORY_GLOBAL,
    MEMORY_STACK,
    MEMORY_TLS,
    MEMORY_DESCRIPTOR,
};

/* A variable as the debug information or the symbol table knows it. */
struct variable {
    const char *name; // NULL: unknown
    const char *path; // the part accessed, such as "config.limits[3]"; NULL: all of it
    bool bits;        // that are bit-fields
    const char *file; // NULL: unknown
    uint32_t line;
    uint64_t size;
};

struct memory {
    enum memory_kind kind;
    uint64_t addr; // heap, channel: the block
    uint64_t size;
    uint64_t number; // descriptor: as open returned it
    bool has_strand;
    uint64_t strand;    // who allocated it, or whose stack or TLS it is
    struct stack stack; // where it was allocated, a descriptor made
    bool freed;
    uint64_t freed_strand;
    struct stack freed_stack;
    bool has_place;  // global, tls: the next is known
    struct pc place; // global: in the module's file; tls: in its storage of a thread
    uint64_t tid;    // tls of a thread that is no strand; 0: of none
    bool has_frame;  // stack: the next two are known
    struct pc frame; // stack: a place in the function whose frame it is
    uint64_t below;  // stack: bytes up to that function's return address
    struct variable variable; // global, stack, tls: by resolve
    const char *member;       // heap: "struct job.count", by resolve; NULL: unknown
    bool member_bits;         // heap: MEMBER is bit-fields
    uint64_t member_offset;   // heap: where in the block, where MEMBER is known
};

struct lock {
    uint64_t addr;
    const char *kind; // "goc_mutex", "pthread_mutex", …
    bool exclusive;
    struct memory memory; // unknown where the record has none
    struct stack stack;   // where it was taken
};

struct access {
    enum access_op op;
    bool atomic;
    uint64_t addr;
    uint64_t size;
    uint64_t strand;
    struct stack stack;
    bool locks_known; // false: perhaps more than none
    size_t lock_count;
    struct lock *locks;
};

/* All strands that a record names, and their creators as far as known. */
struct cast {
    size_t strand_count;
    struct strand *strands;
};

struct race {
    struct process *process;
    enum detector detector;
    bool after_free;           // the block of the memory had been freed before
    struct access accesses[2]; // [0] the later one, which found the conflict
    struct cast cast;
    struct memory memory;
};

/* A lock that an error is about. */
struct named_lock {
    uint64_t addr;
    const char *kind;
    struct memory memory;
};

/* What somebody does or did, in an error. */
struct step {
    const char *what; // RACE_STEP_… of race_record.h
    bool has_lock;
    uint64_t lock; // its address, one of the error's locks
    bool exclusive;
    uint64_t count; // how many times; 0: once
    bool has_strand;
    uint64_t strand;
    struct stack stack;
};

/* Something a detector has to say that is no race. */
struct error {
    struct process *process;
    enum detector detector;
    const char *kind; // RACE_ERROR_… of race_record.h, or another detector's word
    const char *message;
    struct stack stack; // where; no pcs: nowhere, or the steps say
    size_t lock_count;
    struct named_lock *locks;
    size_t step_count; // 0: a remark; else an error of the program's
    struct step *steps;
    struct cast cast;
};

/* The strand ID of CAST, NULL where the record has none. */
const struct strand *cast_strand(const struct cast *cast, uint64_t id);

#endif
