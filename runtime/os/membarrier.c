#include "membarrier.h"

#include "base/atomic.h"
#include "base/panic.h"
#include "base/start.h"
#include "pages.h"
#include "syscall.h"

#include <linux/membarrier.h>
#include <stddef.h>
#include <sys/mman.h>

enum { UNKNOWN, THERE, MISSING };

AT_START static uint32_t membarrier; // atomic, relaxed: one of these
static char *shot_page;              /* const after goc__barrier_start */
static uint32_t shot_lock;           // atomic: 0 free, 1 held; one shootdown at a time

/* Two threads that do this at once do no harm: the kernel is told twice. */
bool goc__barrier_register(void)
{
    uint32_t known = load_relaxed(&membarrier);
    if (known == UNKNOWN) {
        int command = MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED;
        known = syscall3(SYS_membarrier, command, 0, 0) == 0 ? THERE : MISSING;
        store_relaxed(&membarrier, known);
    }
    return known == THERE;
}

void goc__barrier_start(void)
{
    if (goc__barrier_register())
        return;
    int result = goc__pages_map(GOC_PAGE_BYTES, &shot_page);
    if (result != 0)
        goc__throwf("no page for the process-wide barrier: errno %d", -result);
}

static void shoot_down(void)
{
    uint32_t expected = 0;
    while (!cas_acquire(&shot_lock, &expected, 1u)) {
        cpu_relax();
        expected = 0;
    }
    long page = (long)shot_page;
    long failed = syscall3(SYS_mprotect, page, GOC_PAGE_BYTES, PROT_READ | PROT_WRITE);
    /* Touched, so that there is a mapping to take back from every CPU. */
    fetch_add_seq_cst(&shot_page[0], (char)1);
    failed |= syscall3(SYS_mprotect, page, GOC_PAGE_BYTES, PROT_READ);
    store_release(&shot_lock, 0u);
    if (failed != 0)
        goc__throw("the process-wide barrier failed");
}

void goc__barrier_heavy(void)
{
    if (load_relaxed(&membarrier) != THERE)
        shoot_down();
    else if (syscall3(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) != 0)
        goc__throw("membarrier failed");
}
