/* The intrusive list: order, removal from anywhere, and removal twice. */
#include "base/list.h"
#include "unit.h"

struct item {
    int value;
    struct list link;
};

static struct item items[4] = {{.value = 0}, {.value = 1}, {.value = 2}, {.value = 3}};

static int pop(struct list *head)
{
    struct list *node = list_pop_front(head);
    return node != NULL ? LIST_OBJECT(node, struct item, link)->value : -1;
}

static void keeps_order(void **state)
{
    (void)state;
    struct list head;
    list_init(&head);
    assert_true(list_empty(&head));
    list_push_back(&head, &items[1].link);
    list_push_back(&head, &items[2].link);
    list_push_front(&head, &items[0].link);
    assert_false(list_empty(&head));
    assert_int_equal(pop(&head), 0);
    assert_int_equal(pop(&head), 1);
    assert_int_equal(pop(&head), 2);
    assert_int_equal(pop(&head), -1);
}

static void removes_twice(void **state)
{
    (void)state;
    struct list head;
    list_init(&head);
    for (int i = 0; i < 4; i++)
        list_push_back(&head, &items[i].link);
    list_remove(&items[2].link);
    assert_true(list_empty(&items[2].link));
    list_remove(&items[2].link);
    assert_int_equal(pop(&head), 0);
    assert_int_equal(pop(&head), 1);
    assert_int_equal(pop(&head), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_order),
        cmocka_unit_test(removes_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
