/* Reading a stack that may be in use, or already be gone. */
#include "record/frame.h"

#include "base/sys.h"

#include <sys/uio.h>

#define WORDS 512      // read at once
#define REACH 65536u   // bytes above an address that are looked at
#define CALLS_MAX 1024 // innermost open calls that are looked for

/* The kernel reads: memory that is gone is an error and no fault.  Bytes read. */
static size_t read_words(uintptr_t from, uintptr_t *words, size_t size)
{
    struct iovec to = {.iov_base = words, .iov_len = size};
    struct iovec source = {.iov_base = (void *)from, .iov_len = size};
    long got = race__sys6(SYS_process_vm_readv, race__getpid(), (long)&to, 1,
                          (long)&source, 1, 0);
    return got < 0 ? 0 : (size_t)got;
}

static bool returns_to(const goc_strand *strand, uintptr_t word)
{
    uint32_t depth = load_relaxed(&strand->depth);
    uint32_t last = depth > CALLS_MAX ? depth - CALLS_MAX : 0;
    const struct race__frame *frames = load_relaxed(&strand->frames);
    while (frames != NULL && depth > last)
        if ((uintptr_t)frames[--depth].pc == word)
            return true;
    return false;
}

/* The saved frame pointer below a return address leads further up the stack, or nowhere:
 * whatever started the strand had none. */
static bool is_frame_pointer(uintptr_t word, uintptr_t place)
{
    return word > place || word <= 1;
}

void race__frame_find(const goc_strand *strand, uintptr_t addr,
                      struct race__place_frame *frame)
{
    static uintptr_t words[WORDS]; // the record room's lock
    uintptr_t at = (addr + sizeof *words - 1) & ~(sizeof *words - 1);
    uintptr_t end = strand->stack_high < addr + REACH ? strand->stack_high : addr + REACH;
    uintptr_t before = 0;
    frame->returns_to = NULL;
    while (at < end) {
        size_t wanted = end - at < sizeof words ? end - at : sizeof words;
        size_t count = read_words(at, words, wanted) / sizeof *words;
        for (size_t i = 0; i < count; i++, at += sizeof *words) {
            if (is_frame_pointer(before, at) && returns_to(strand, words[i])) {
                frame->returns_to = (const void *)words[i];
                frame->below = (uint32_t)(at - addr);
                return;
            }
            before = words[i];
        }
        if (count == 0)
            return;
    }
}
