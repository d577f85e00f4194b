/* Several tasks, at most two at a time; the first error stops those that have not begun and is
 * what wait returns. */
#include <errno.h>
#include <goc.h>
#include <goc/errgroup.h>
#include <stdio.h>

struct page {
    int number;
    goc_context *context;
};

static int fetch(void *argument)
{
    const struct page *page = argument;
    if (goc_sleep_context(page->number * GOC_MILLISECOND, page->context) < 0)
        return -ECANCELED;
    return page->number == 3 ? -ENOENT : 0;
}

int main(void)
{
    goc_errgroup group = {0};
    goc_context *context = goc_errgroup_with_context(&group, goc_context_background());
    goc_errgroup_set_limit(&group, 2);
    struct page pages[10];
    for (int i = 0; i < 10; i++) {
        pages[i] = (struct page){i < 4 ? i : 100000, context};
        goc_errgroup_go(&group, fetch, &pages[i]);
    }
    printf("%s\n",
           goc_errgroup_wait(&group) == -ENOENT ? "page 3 is not there" : "all there");
    goc_context_release(context);
}

// CHECK: page 3 is not there
