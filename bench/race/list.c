/* Linked list: built, walked, freed; small heap blocks and pointer chasing. */
#include "bench.h"

struct node {
    struct node *next;
    long value;
};

int main(int argc, char **argv)
{
    int count = bench_argument(argc, argv, 1, 200000);
    int64_t start = bench_now_ns();
    struct node *head = NULL;
    for (int i = 0; i < count; i++) {
        struct node *node = malloc(sizeof(*node));
        node->next = head;
        node->value = i;
        head = node;
    }
    long sum = 0;
    for (int pass = 0; pass < 20; pass++)
        for (struct node *node = head; node; node = node->next)
            sum += node->value;
    if (sum != 10L * count * (count - 1L))
        abort();
    while (head) {
        struct node *next = head->next;
        free(head);
        head = next;
    }
    bench_print((double)(bench_now_ns() - start) / 1e6);
}
