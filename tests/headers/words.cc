/* The functions that are partly inlined, called from C++. */
#include <goc.h>

static goc_mutex mutex;
static goc_rwmutex table;
static goc_waitgroup group;
static goc_once once;

static void nothing()
{
}

static void done(void *)
{
    goc_waitgroup_done(&group);
}

int main()
{
    goc_chan *c = goc_chan_make(sizeof(int), 1);
    int value = 1;
    goc_select_case arm = {};
    arm.chan = c;
    arm.op = GOC_SELECT_RECV;
    arm.elem = &value;
    if (goc_select(&arm, 1, true) == 0)
        return 1;
    goc_once_do(&once, nothing);
    goc_waitgroup_add(&group, 1);
    goc_go(done, nullptr, 0);
    goc_mutex_lock(&mutex);
    goc_mutex_unlock(&mutex);
    goc_rwmutex_rlock(&table);
    goc_rwmutex_runlock(&table);
    goc_waitgroup_wait(&group);
    goc_chan_free(c);
    return value - 1;
}
