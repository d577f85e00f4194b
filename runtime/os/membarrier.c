#include "membarrier.h"

#include "base/atomic.h"
#include "base/panic.h"
#include "pages.h"
#include "syscall.h"

#include <linux/membarrier.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/mman.h>

static bool have_membarrier; /* const after goc__barrier_start */
static char *shot_page;      /* const after goc__barrier_start */
static uint32_t shot_lock;   // atomic: 0 free, 1 held; one shootdown at a time

void goc__barrier_start(void)
{
    have_membarrier =
        syscall3(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0;
    if (have_membarrier)
        return;
    int result = goc__pages_map(GOC_PAGE_BYTES, &shot_page);
    if (result != 0)
        goc__throw("no page for the process-wide barrier: errno %d", -result);
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
    if (!have_membarrier)
        shoot_down();
    else if (syscall3(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) != 0)
        goc__throw("membarrier failed");
}
