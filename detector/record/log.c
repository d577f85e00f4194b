/* Files and sockets for lines. */
#include "record/log.h"

#include "base/assert.h"
#include "base/flags.h"
#include "base/out.h"
#include "base/sys.h"
#include "record/reporter.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>

#define STDERR 2
#define FILE_MODE 0666
#define PATH_BYTES (RACE_FLAG_TEXT_MAX + 32)

static int owner = -1;   // the process that has the log open
static int fd = -1;      // of that process
static bool is_reporter; // FD is a socket to a reporter

bool race__log_is_open(void)
{
    return owner == race__getpid();
}

static int open_file(void)
{
    char bytes[PATH_BYTES];
    struct race__text path = {.bytes = bytes, .capacity = sizeof bytes - 1};
    race__text_format(&path, "%s.%d", race__flags.log_path, race__getpid());
    bytes[path.length] = '\0';
    long result = race__sys4(SYS_open, (long)bytes,
                             O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, FILE_MODE, 0);
    if (result >= 0)
        return (int)result;
    race__warn("cannot open the race log %s (errno %ld); its lines follow here", bytes,
               -result);
    return STDERR;
}

static void open_log(void)
{
    owner = race__getpid();
    is_reporter = false;
    if (race__flags.log_path[0] != '\0') {
        fd = open_file();
        return;
    }
    fd = race__reporter_start();
    is_reporter = fd >= 0;
    if (is_reporter)
        return;
    race__warn("cannot start goc-race (errno %d): races follow as records without names; "
               "keep them in a file and run \"goc-race report FILE\"",
               -fd);
    fd = STDERR;
}

/* A reporter that is gone must not end the program by SIGPIPE. */
static void send_all(const char *bytes, size_t size)
{
    while (size != 0) {
        long sent =
            race__sys6(SYS_sendto, fd, (long)bytes, (long)size, MSG_NOSIGNAL, 0, 0);
        if (sent == -EINTR)
            continue;
        if (sent < 0)
            return;
        bytes += sent;
        size -= (size_t)sent;
    }
}

void race__log_write(const char *line, size_t size)
{
    if (!race__log_is_open())
        open_log();
    if (is_reporter)
        send_all(line, size);
    else
        (void)race__write_all(fd, line, size); // nobody is left to tell
}

void race__log_close(void)
{
    if (!race__log_is_open())
        return;
    if (is_reporter)
        race__reporter_finish(fd);
    else if (fd != STDERR)
        race__sys3(SYS_close, fd, 0, 0);
    owner = -1;
}
