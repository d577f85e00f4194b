/* What gdb needs: the name of the script that it loads, and a table that tells the script where
 * everything is, so that it works without debug information, and on a core file. */
#ifndef GOC_DEBUG_GDB_H
#define GOC_DEBUG_GDB_H

/* Called so that the linker keeps the rest. */
void goc__gdb_keep(void);

#endif
