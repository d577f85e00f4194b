/* Numbers every 250 ms, letters every 400 ms, main for 1.2 s: who sleeps lets others run.
 *
 * The pauses make an interleaving likely, no more: sleeping orders nothing, so the
 * strings are printed whole and nothing else is shared.
 */
#include <goc.h>
#include <stdio.h>

static void numbers(int count, goc_duration pause)
{
    for (int i = 1; i <= count; i++) {
        goc_sleep(pause);
        printf("%d ", i);
    }
}

static void letters(int count, goc_duration pause)
{
    for (int i = 0; i < count; i++) {
        goc_sleep(pause);
        printf("%c ", 'a' + i);
    }
}

int main(void)
{
    go numbers(3, 250 * GOC_MILLISECOND);
    go letters(2, 400 * GOC_MILLISECOND);
    goc_sleep(1200 * GOC_MILLISECOND);
    printf("main ends\n");
}

// CHECK: {{^([1-3ab] )*main ends$}}
