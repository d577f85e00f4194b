/* Typed fields of a JSON object, with one message for the first that is wrong.
 *
 * The take_ functions answer false and note the fault, as `"size" of accesses[0] is
 * missing`; after a fault the caller gives the record up.  Unknown fields are no fault:
 * a later writer may add some without a new version.
 */
#ifndef REPORT_FIELDS_H
#define REPORT_FIELDS_H

#include "report/arena.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FAULT_SIZE = 200 };

struct fields {
    struct arena *arena; // strings are copied here
    char fault[FAULT_SIZE];
};

/* An object of the record and what to call it in a message. */
struct object {
    const json_t *json;
    const char *name; // "the record", "accesses[0]", …
};

/* Notes a fault, if it is the first; always false. */
__attribute__((__format__(__printf__, 2, 3))) bool fields_fault(struct fields *fields,
                                                                const char *format, ...);

bool object_has(struct object object, const char *key);

/* Each sets *OUT only where it answers true. */
bool take_string(struct fields *fields, struct object object, const char *key,
                 const char **out);
bool take_bool(struct fields *fields, struct object object, const char *key, bool *out);
bool take_number(struct fields *fields, struct object object, const char *key,
                 uint64_t *out);
bool take_object(struct fields *fields, struct object object, const char *key,
                 struct object *out);
bool take_array(struct fields *fields, struct object object, const char *key,
                const json_t **out);

/* A "0x…" string. */
bool take_address(struct fields *fields, struct object object, const char *key,
                  uint64_t *out);

/* One of COUNT WORDS; *OUT is its index. */
bool take_word(struct fields *fields, struct object object, const char *key,
               const char *const *words, unsigned count, unsigned *out);

/* "0x…" as a number. */
bool parse_address(const char *text, uint64_t *out);

#endif
