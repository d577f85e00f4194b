/* A goroutine that blocks its thread in read() does not stop the others, not even on one P:
 * the byte that it waits for is written by one of them. */
#include <goc.h>
#include <stdio.h>
#include <unistd.h>

enum { READERS = 3 };

static void read_byte(int fd, chan_send_only(char) out)
{
    char byte = 0;
    if (read(fd, &byte, 1) == 1)
        chan_send(out, byte);
}

static void write_byte(int fd, char byte)
{
    for (int i = 0; i < 100; i++)
        goc_yield();
    if (write(fd, &byte, 1) != 1)
        printf("nothing written\n");
}

int main(void)
{
    chan(char) bytes = chan_make(char, 0);
    int ends[READERS][2];
    for (int i = 0; i < READERS; i++) {
        if (pipe(ends[i]) != 0)
            return 1;
        go read_byte(ends[i][0], bytes);
    }
    for (int i = 0; i < READERS; i++)
        go write_byte(ends[i][1], 'x');
    int count = 0;
    for (int i = 0; i < READERS; i++)
        count += chan_recv(bytes) == 'x';
    printf("%d bytes\n", count);
}

// CHECK: 3 bytes
