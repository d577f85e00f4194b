/* A slot of a channel orders the send before its receive and the receive before the send
 * that takes the slot again, over any number of rounds. */
#include <goc.h>
#include <stdlib.h>

enum { ROUNDS = 1000, CAPACITY = 3 };

struct message {
    int value;
};

static struct message pool[ROUNDS];
static chan(struct message *) messages;

static void produce(void)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct message *message = malloc(sizeof *message);
        message->value = i;
        chan_send(messages, message);
    }
    chan_close(messages);
}

/* Without a buffer the receive is before the send's completion: when this one sends message
 * k + 1, message k has been received, but not yet used up; so each has memory of its own. */
static void produce_from_pool(chan(struct message *) to)
{
    for (int i = 0; i < ROUNDS; i++) {
        struct message *message = &pool[i];
        message->value = i;
        chan_send(to, message);
    }
    chan_close(to);
}

int main(void)
{
    int sum = 0;
    messages = chan_make(struct message *, CAPACITY);
    go produce();
    chan_range(message, messages) {
        sum += message->value;
        free(message);
    }
    chan(struct message *) unbuffered = chan_make(struct message *, 0);
    go produce_from_pool(unbuffered);
    chan_range(message, unbuffered) {
        message->value++;
    }
    return sum == ROUNDS * (ROUNDS - 1) / 2 ? 0 : 1;
}
