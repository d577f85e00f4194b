/* GLib's main loop drives goroutines: a GSource on the runtime's descriptor, a timer of
 * GLib's, and channels between the callbacks and the goroutines.  Compile with
 * $(pkg-config --cflags --libs glib-2.0). */
#include <glib.h>
#include <goc.h>
#include <goc/loop.h>
#include <stdio.h>

/* ---- what every GLib program can use as it is --------------------------------------- */

struct goc_source {
    GSource source;
    gpointer tag;
};

/* The descriptor is readable: let goroutines run for a moment, then serve other sources. */
static gboolean dispatch(GSource *source, GSourceFunc after, gpointer data)
{
    (void)source;
    goc_step(GOC_MILLISECOND);
    return after ? after(data) : G_SOURCE_CONTINUE;
}

static gboolean check(GSource *source)
{
    gpointer tag = ((struct goc_source *)source)->tag;
    return g_source_query_unix_fd(source, tag) != 0;
}

/* AFTER is called, with DATA, whenever goroutines have run. */
static void drive_goroutines(GSourceFunc after, gpointer data)
{
    static GSourceFuncs functions = {.check = check, .dispatch = dispatch};
    GSource *source = g_source_new(&functions, sizeof(struct goc_source));
    ((struct goc_source *)source)->tag =
        g_source_add_unix_fd(source, goc_poll_fd(), G_IO_IN);
    g_source_set_callback(source, after, data, NULL);
    g_source_attach(source, NULL);
    g_source_unref(source);
}

/* ---- the program --------------------------------------------------------------------- */

struct program {
    GMainLoop *loop;
    chan(int) questions;
    chan(int) answers;
    int asked;
};

static void answer(chan_recv_only(int) questions, chan_send_only(int) answers)
{
    chan_range(question, questions) {
        goc_sleep(GOC_MILLISECOND);
        chan_send(answers, question * question);
        goc_poll_wake(); /* the loop may be asleep, if this runs on another thread */
    }
    chan_close(answers);
    goc_poll_wake();
}

/* A callback of GLib's: sends into a buffered channel, so it does not wait. */
static gboolean ask(gpointer data)
{
    struct program *program = data;
    chan_send(program->questions, ++program->asked);
    if (program->asked < 3)
        return G_SOURCE_CONTINUE;
    chan_close(program->questions);
    return G_SOURCE_REMOVE;
}

/* Goroutines have run: take what they have sent. */
static gboolean show(gpointer data)
{
    struct program *program = data;
    for (;;) {
        int value;
        bool open;
        chan_select {
            chan_case_recv(program->answers, value, open) {
                if (!open) {
                    g_main_loop_quit(program->loop);
                    return G_SOURCE_REMOVE;
                }
                printf("answer %d\n", value);
            }
            chan_default {
                return G_SOURCE_CONTINUE;
            }
        }
    }
}

int main(void)
{
    struct program program = {
        .loop = g_main_loop_new(NULL, FALSE),
        .questions = chan_make(int, 3),
        .answers = chan_make(int, 3),
    };
    go answer(program.questions, program.answers);
    drive_goroutines(show, &program);
    g_timeout_add(2, ask, &program);
    g_main_loop_run(program.loop);
    goc_poll_end();
    g_main_loop_unref(program.loop);
    chan_free(program.questions);
    chan_free(program.answers);
    printf("over\n");
}

// CHECK:      answer 1
// CHECK-NEXT: answer 4
// CHECK-NEXT: answer 9
// CHECK-NEXT: over
