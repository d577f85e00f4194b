/* Races made by hand, resolved already. */
#ifndef TESTS_UNIT_REPORT_RACES_H
#define TESTS_UNIT_REPORT_RACES_H

#include "report/model.h"

enum { FRAMES = 2, MAIN_ID = 1, CHILD_ID = 2 };

struct made_race {
    struct race race;
    struct frame frames[2][FRAMES];
    struct strand strands[2];
    struct lock locks[2];
};

/* A write by CHILD_ID, a goroutine of MAIN_ID's, after a read by MAIN_ID.  The stacks are
 * FUNCTION called by "main", at LINES[0] and LINES[1]. */
static inline void make_race(struct made_race *made, struct process *process,
                             enum detector detector, const char *function,
                             const uint32_t lines[2])
{
    static const uint64_t ids[] = {CHILD_ID, MAIN_ID};
    *made = (struct made_race){0};
    for (int i = 0; i < 2; i++) {
        made->frames[i][0] = (struct frame){
            .function = function, .file = "/s/a.c", .line = lines[i], .column = 5};
        made->frames[i][1] = (struct frame){
            .function = "main", .file = "/s/a.c", .line = 50 + lines[i], .column = 9};
        made->race.accesses[i] = (struct access){
            .op = i == 0 ? ACCESS_WRITE : ACCESS_READ,
            .addr = 0x1000,
            .size = 4,
            .strand = ids[i],
            .stack = {.frame_count = FRAMES, .frames = made->frames[i]},
            .locks_known = true,
            .locks = &made->locks[i],
        };
    }
    made->strands[0] = (struct strand){.id = MAIN_ID, .kind = STRAND_MAIN, .number = 1};
    made->strands[1] = (struct strand){.id = CHILD_ID,
                                       .kind = STRAND_GOROUTINE,
                                       .number = 6,
                                       .has_parent = true,
                                       .parent = MAIN_ID};
    made->race.process = process;
    made->race.detector = detector;
    made->race.cast.strand_count = 2;
    made->race.cast.strands = made->strands;
}

#endif
