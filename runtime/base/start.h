/* Where the variables are that every process touches before its first goroutine has run.
 *
 * The first touch of a page is a fault, about a microsecond on a virtual machine, and the linker
 * puts small variables between the large arrays of their files.  Those marked AT_START lie side by
 * side in .data, whose first page the dynamic linker has written anyway.  They cost the
 * program's file their size, some 6 KiB altogether; so nothing large belongs here.
 */
#ifndef GOC_BASE_START_H
#define GOC_BASE_START_H

#define AT_START __attribute__((__section__(".data.goc_start")))

#endif
