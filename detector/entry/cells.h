/* Room in the address space for the cells of all words. */
#ifndef GOC_DETECTOR_ENTRY_CELLS_H
#define GOC_DETECTOR_ENTRY_CELLS_H

/* RACE_CELLS_BYTES of zeros.  Where the layout of the address space leaves no room, the
 * program starts again, as ARGUMENTS and ENVIRONMENT, under one that does; without
 * ARGUMENTS (NULL), or where that was in vain, the process ends. */
char *race__cells_reserve(char *const *arguments, char *const *environment);

#endif
