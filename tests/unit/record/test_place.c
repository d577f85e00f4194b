/* What an address is: a block, a global, somebody's stack, somebody's storage. */
#include "entry/boot.h"
#include "entry/events.h"
#include "entry/threads.h"
#include "record/place.h"
#include "state/storage.h"
#include "state/strand.h"
#include "unit.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int global;
static _Thread_local int local;

static int boot(void **state)
{
    (void)state;
    race__boot();
    race__modules_refresh();
    return 0;
}

static struct race__place place_of(const void *addr)
{
    struct race__place place;
    race__place_of((uintptr_t)addr, &place);
    return place;
}

static void all_kinds(void **state)
{
    (void)state;
    int automatic = 0;
    static char block[100];
    race__block_add((uintptr_t)block, sizeof block, "heap", 1, 2);
    assert_int_equal(place_of(&block[99]).kind, RACE_PLACE_BLOCK);
    assert_int_equal(place_of(&block[99]).block.addr, (uintptr_t)block);
    assert_int_equal(place_of(&global).kind, RACE_PLACE_GLOBAL);
    assert_int_equal(place_of(&automatic).kind, RACE_PLACE_STACK);
    assert_int_equal(place_of(&automatic).birth, race__self.strand->birth);
    assert_int_equal(place_of(&local).kind, RACE_PLACE_TLS);
    assert_int_equal(place_of(&local).birth, race__self.strand->birth);
}

static uintptr_t storage_of(int module)
{
    uintptr_t offset;
    assert_int_equal(race__module_of((uintptr_t)&global, &offset), module);
    return race__thread_pointer() - race__module_at(module)->tls_below;
}

static void a_thread_local_object_is_of_a_module(void **state)
{
    uintptr_t offset;
    (void)state;
    struct race__place place = place_of(&local);
    assert_int_equal(place.module, race__module_of((uintptr_t)&boot, &offset));
    assert_int_equal(storage_of(place.module) + place.offset, (uintptr_t)&local);
    place = place_of(&errno);
    assert_true(place.module != RACE_MODULE_NONE);
    assert_true(strstr(race__module_at(place.module)->path, "libc") != NULL);
}

static int *seen_local;
static int turn; // atomic

static void wait_for(int wanted)
{
    while (__atomic_load_n(&turn, __ATOMIC_ACQUIRE) != wanted)
        sched_yield();
}

static void *run_unseen(void *unused)
{
    seen_local = &local;
    __atomic_store_n(&turn, 1, __ATOMIC_RELEASE);
    wait_for(2);
    race__thread_stop();
    return unused;
}

/* As those of a runtime's are, which has its threads made where nobody looks. */
static void a_thread_that_is_no_strand_has_storage_until_it_ends(void **state)
{
    pthread_t thread;
    (void)state;
    race__on_internal_begin();
    assert_int_equal(pthread_create(&thread, NULL, run_unseen, NULL), 0);
    race__on_internal_end();
    wait_for(1);
    struct race__place place = place_of(seen_local);
    assert_int_equal(place.kind, RACE_PLACE_TLS);
    assert_int_equal(place.birth, 0);
    assert_true(place.tid != 0 && place.tid != (uint32_t)gettid());
    assert_int_equal(place.offset, place_of(&local).offset);
    __atomic_store_n(&turn, 2, __ATOMIC_RELEASE);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_not_equal(place_of(seen_local).kind, RACE_PLACE_TLS);
}

static void a_word_that_stands_for_a_descriptor(void **state)
{
    (void)state;
    static uint64_t words[4];
    race__place_descriptors(words, sizeof words[0], 4);
    race__block_add((uintptr_t)&words[3], sizeof words[3], RACE_DESCRIPTOR, 1, 2);
    assert_int_equal(place_of(&words[3]).kind, RACE_PLACE_DESCRIPTOR);
    assert_int_equal(place_of(&words[3]).descriptor, 3);
    assert_int_equal(place_of(&words[3]).block.leaf, 2);
    assert_int_equal(place_of(&words[0]).descriptor, 0);
    assert_int_equal(place_of(&words[0]).block.size, 0);
    assert_int_equal(place_of(&words[4]).kind, RACE_PLACE_GLOBAL);
}

static void a_mapping_is_nothing_of_these(void **state)
{
    (void)state;
    void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_ptr_not_equal(page, MAP_FAILED);
    assert_int_equal(place_of(page).kind, RACE_PLACE_UNKNOWN);
    assert_int_equal(munmap(page, 4096), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_kinds),
        cmocka_unit_test(a_thread_local_object_is_of_a_module),
        cmocka_unit_test(a_thread_that_is_no_strand_has_storage_until_it_ends),
        cmocka_unit_test(a_word_that_stands_for_a_descriptor),
        cmocka_unit_test(a_mapping_is_nothing_of_these),
    };
    return cmocka_run_group_tests(tests, boot, NULL);
}
