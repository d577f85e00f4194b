/* A library that is opened while the program runs. */
static int data;

struct counts {
    int seen;
    int lost;
};

static _Thread_local long before[100];
static _Thread_local struct counts own = {0, 1};
static struct counts *escaped;

void library_touch(void)
{
    data++;
}

/* The first caller's own counts, for all. */
void library_count(void)
{
    if (escaped == 0)
        escaped = &own;
    before[0]++;
    escaped->lost++;
}
