/* getaddrinfo: what needs no network. */
#include "isolated.h"
#include "loopback.h"
#include "party.h"

#include <netdb.h>

static void finds_localhost(void)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM};
    const goc_time deadlines[] = {GOC_NEVER, goc_deadline_after(GOC_MINUTE)};
    for (int i = 0; i < 2; i++) {
        struct addrinfo *found = NULL;
        CHECK_EQ(goc_getaddrinfo_until("localhost", "80", &hints, &found, deadlines[i]),
                 0);
        const struct sockaddr_in *address = (const void *)found->ai_addr;
        CHECK_EQ(ntohl(address->sin_addr.s_addr) >> 24, 127);
        CHECK_EQ(ntohs(address->sin_port), 80);
        freeaddrinfo(found);
    }
}

static void finds_numbers(void)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    CHECK_EQ(goc_getaddrinfo("127.0.0.1", NULL, &hints, &found), 0);
    freeaddrinfo(found);
    CHECK_EQ(goc_getaddrinfo_until("no number", NULL, &hints, &found,
                                   goc_deadline_after(GOC_MINUTE)),
             EAI_NONAME);
}

/* Given up at about the moment at which it is found. */
static void given_up(void)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST};
    struct addrinfo *found = NULL;
    CHECK_EQ(goc_getaddrinfo_until("127.0.0.1", NULL, &hints, &found, 0), EAI_AGAIN);
    for (int i = 0; i < 200; i++) {
        int status = goc_getaddrinfo_until("127.0.0.1", NULL, &hints, &found,
                                           goc_deadline_after(i * GOC_MICROSECOND));
        CHECK(status == 0 || status == EAI_AGAIN);
        if (status == 0)
            freeaddrinfo(found);
    }
}

static void *all_in_thread(void *unused)
{
    finds_localhost();
    finds_numbers();
    given_up();
    return unused;
}

static void from_a_thread(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, all_in_thread, NULL), 0);
    CHECK_EQ(pthread_join(thread, NULL), 0);
}

static const struct isolated_case cases[] = {
    ISOLATED(finds_localhost),
    ISOLATED(finds_numbers),
    ISOLATED(given_up),
    ISOLATED(from_a_thread),
};

ISOLATED_MAIN(cases)
