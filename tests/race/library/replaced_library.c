/* Two libraries of one size, by -DTOUCH=its function and, of the second, -DLATER=another, which
 * puts that function elsewhere: the addresses of two calls are two stacks. */
static int data;

#ifdef LATER
void LATER(void)
{
    data = 0;
}
#endif

void TOUCH(void)
{
    data++;
}
