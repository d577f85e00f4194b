/* A library that is opened while the program runs. */
static int data;

void library_touch(void)
{
    data++;
}
