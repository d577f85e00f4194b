/* The race record: what any detector writes and goc-race reads.
 *
 * A log is JSON Lines: one object a line, UTF-8, at most RACE_RECORD_LINE_MAX bytes a line.
 * docs/race-record.md describes every field; this file fixes the words, so that a writer and
 * the reader cannot drift apart.  A writer appends whole lines with one write(2) each, so
 * that several processes and both detectors may share a log.
 *
 *   {"goc_race":1,"type":"start","pid":7,"detector":"goc","exe":"/x/prog","argv":["prog"],"cwd":"/x"}
 *   {"goc_race":1,"type":"module","pid":7,"id":0,"path":"/x/prog","build_id":"ab12…"}
 *   {"goc_race":1,"type":"race","pid":7,"detector":"goc",
 *    "accesses":[ACCESS,ACCESS],"strands":[STRAND…],"memory":MEMORY}
 *       (+"kind":"use-after-free" where the block had been freed before)
 *   {"goc_race":1,"type":"error","pid":7,"detector":"goc","kind":"…","message":"…"}
 *       (+"stack":STACK, or +"locks":[LOCKNAME…],"steps":[STEP…],"strands":[STRAND…])
 *   {"goc_race":1,"type":"end","pid":7,"detector":"goc","races":1,"status":66}
 *
 * ACCESS  {"op":"write","atomic":false,"addr":"0x55…","size":4,"strand":7,
 *          "stack":STACK,"locks":[{"addr":"0x…","kind":"goc_mutex","exclusive":true,"stack":STACK}]}
 *         accesses[0] is the later one, the one that found the conflict; op is "read",
 *         "write" or "free".  Without "locks" nobody knows which were held; a lock may have a
 *         "memory":MEMORY, by which it gets its name.
 * STRAND  {"id":7,"kind":"goroutine","goid":6,"parent":1,"stack":STACK}
 *         kind is "main", "goroutine", "thread" or "signal"; goid for goroutines, tid for threads;
 *         stack is where it was created.  Every strand an access names is there, and its parents.
 * MEMORY  {"kind":"heap","addr":"0x…","size":40,"strand":1,"stack":STACK}       a block, where allocated
 *         (+"freed":{"strand":3,"stack":STACK} where the block was freed)
 *         {"kind":"global","module":0,"offset":"0x4010"}     goc-race finds name and size
 *         {"kind":"stack","strand":7}                        {"kind":"channel", … as heap}
 *         (+"frame":[MODULE,"0xOFFSET"],"below":40 where the function is known whose frame it
 *         is, and how far below its return address)
 *         {"kind":"descriptor","number":5,"strand":1,"stack":STACK}   a file's, where opened: a read
 *         is a use, a write its close; the last two only where the detector knows
 *         {"kind":"tls","strand":7,"module":0,"offset":"0x8"}  OFFSET is in the module's storage
 *         (module and offset where they are known; "tid":71 in place of the strand where the thread
 *         is a runtime's own)                                {"kind":"unknown"}
 * LOCKNAME {"addr":"0x…","kind":"pthread_mutex","memory":MEMORY}
 * STEP    {"what":"take","lock":"0x…","exclusive":true,"strand":3,"stack":STACK}
 *         what somebody does or did: RACE_STEP_… below (+"count":2: so many times)
 * STACK   [[MODULE,"0xOFFSET"],…], innermost first.  MODULE is the id of a module line of the same
 *         pid, or -1 for code in no file, with OFFSET the address.  OFFSET is an address as
 *         the module's file has it (the load bias taken off), already inside the call or access
 *         instruction: symbolize it as it is.  An empty stack says that it could not be had.
 */
#ifndef GOC_RACE_RECORD_H
#define GOC_RACE_RECORD_H

#define RACE_RECORD_VERSION 1
#define RACE_RECORD_LINE_MAX (1 << 20)

/* Kinds of errors that goc's detector reports. */
#define RACE_ERROR_LOCK_ORDER "lock-order"
#define RACE_ERROR_DEADLOCK "deadlock"
#define RACE_ERROR_DOUBLE_LOCK "double-lock"
#define RACE_ERROR_UNLOCK_OF_UNLOCKED "unlock-of-unlocked"
#define RACE_ERROR_UNLOCK_BY_OTHER "unlock-by-other"
#define RACE_ERROR_DESTROY_OF_LOCKED "destroy-of-locked"
#define RACE_ERROR_USE_OF_DESTROYED "use-of-destroyed"
#define RACE_ERROR_THREAD_LEAK "thread-leak"

/* What somebody does or did, in a step of an error. */
#define RACE_STEP_TAKE "take"
#define RACE_STEP_WAIT "wait"
#define RACE_STEP_HOLD "hold"
#define RACE_STEP_UNLOCK "unlock"
#define RACE_STEP_USE "use"
#define RACE_STEP_DESTROY "destroy"
#define RACE_STEP_CREATE "create"

/* How a race or an error ends a program, unless exitcode= says otherwise. */
#define RACE_EXIT_STATUS 66

#endif
