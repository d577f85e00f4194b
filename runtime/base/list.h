/* An intrusive doubly linked list: circular, with a head that is a node of no object.
 *
 * The guard of a list is its owner's; nothing here is atomic.  A node that is in no list
 * is linked to itself, so list_remove is safe to repeat.
 */
#ifndef GOC_BASE_LIST_H
#define GOC_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *next;
    struct list *previous;
};

#define LIST_OBJECT(node, type, member)                                                  \
    ((type *)(void *)((char *)(node) - offsetof(type, member)))

static inline void list_init(struct list *list)
{
    list->next = list;
    list->previous = list;
}

static inline bool list_empty(const struct list *list)
{
    return list->next == list;
}

/* Insert NODE, which is in no list, before POSITION: before the head means last. */
static inline void list_insert_before(struct list *position, struct list *node)
{
    node->next = position;
    node->previous = position->previous;
    position->previous->next = node;
    position->previous = node;
}

static inline void list_push_back(struct list *head, struct list *node)
{
    list_insert_before(head, node);
}

static inline void list_push_front(struct list *head, struct list *node)
{
    list_insert_before(head->next, node);
}

static inline void list_remove(struct list *node)
{
    node->previous->next = node->next;
    node->next->previous = node->previous;
    list_init(node);
}

/* The first node, taken out; NULL when there is none. */
static inline struct list *list_pop_front(struct list *head)
{
    struct list *node = head->next;
    if (node == head)
        return NULL;
    list_remove(node);
    return node;
}

#endif
