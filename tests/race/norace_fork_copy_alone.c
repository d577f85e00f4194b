/* So it is where those threads have ended and nobody waited for them: the child is alone with
 * what they left. */
// BEYOND TSAN: it sees a race with a thread that was not joined, in whichever process
#include "pair.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static int was_read;
static int was_written;

static void first(void)
{
    CHECK_EQ(was_read, 0);
    was_written = 1;
}

/* The process's threads, as the kernel counts them. */
static int threads(void)
{
    int count = 0;
    DIR *tasks = opendir("/proc/self/task");
    CHECK(tasks != NULL);
    for (struct dirent *entry = readdir(tasks); entry != NULL; entry = readdir(tasks))
        count += entry->d_name[0] != '.';
    CHECK_EQ(closedir(tasks), 0);
    return count;
}

static void second(void)
{
    was_read = 2;
    was_written = 3;
}

int main(void)
{
    pthread_t thread;
    CHECK_EQ(pthread_create(&thread, NULL, pair_first, NULL), 0);
    CHECK_EQ(pthread_detach(thread), 0);
    barrier_await(&step, 1);
    while (threads() > 1)
        continue;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        second();
        exit(was_read + was_written == 5 ? 0 : 1);
    }
    int status;
    CHECK_EQ(waitpid(child, &status, 0), child);
    CHECK(WIFEXITED(status));
    exit(WEXITSTATUS(status));
}
