/* TSan's reports as race records. */
#ifndef GOC_TSAN_REPORT_H
#define GOC_TSAN_REPORT_H

#include <stdint.h>

/* Races that TSan has reported so far. */
uint32_t race__tsan_report_count(void);

#endif
