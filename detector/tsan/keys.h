/* Addresses → synchronization objects of TSan.
 *
 * TSan knows order only through addresses, and cannot exchange what two of them hold, nor
 * take and leave at one of them without mixing.  So the bridge gives each object of the
 * runtime a key: 8 bytes of its own whose address stands for the object with TSan.
 * Exchanging two objects exchanges their keys.
 *
 * Objects are kept by page of 4 KiB, so that those in a range are forgotten quickly when a
 * block or a stack is used again.  A key that is given back is emptied first: a key in use
 * holds only what was released to its object.
 *
 * Each function may be called from any thread at any time.  That nobody else uses an
 * object between two calls is up to the caller, as goc/race.h says.
 */
#ifndef GOC_TSAN_KEYS_H
#define GOC_TSAN_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The key of ADDR, made where there is none. */
uintptr_t race__tsan_key(const void *addr);
/* The key of ADDR, 0 where nothing was ever released there. */
uintptr_t race__tsan_key_if_any(const void *addr);

/* Both keys of ADDR: the present one, and a second one.  A lock keeps there what its
 * readers released; for others its content is what nobody wants any more, and
 * race__tsan_keys_turn makes it the present one. */
void race__tsan_key_pair(const void *addr, uintptr_t *present, uintptr_t *second);
void race__tsan_keys_turn(const void *addr);

/* The objects at A and B exchange their present keys. */
void race__tsan_keys_exchange(const void *a, const void *b);

/* What is known of the lock at an address beside its order. */
enum race__tsan_lock_state {
    RACE_TSAN_LOCK_UNSEEN,
    RACE_TSAN_LOCK_SHOWN,  // TSan knows it as a mutex
    RACE_TSAN_LOCK_HIDDEN, // strands unlock it for each other, which TSan's mutexes bar
};
enum race__tsan_lock_state race__tsan_lock_state(const void *addr, const char **kind);
void race__tsan_lock_set_state(const void *addr, enum race__tsan_lock_state state,
                               const char *kind);

/* Forget the objects in [ADDR, ADDR + SIZE). */
void race__tsan_keys_forget(const void *addr, size_t size);

#endif
