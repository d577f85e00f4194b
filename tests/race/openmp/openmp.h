/* <omp.h>'s names that these programs use: the header goes with a compiler, the library may not. */
#ifndef GOC_TEST_OPENMP_H
#define GOC_TEST_OPENMP_H

#include "check.h"

typedef struct {
    void *lock;
} omp_lock_t;
typedef omp_lock_t omp_nest_lock_t;

int omp_get_thread_num(void);
void omp_init_lock(omp_lock_t *lock);
void omp_set_lock(omp_lock_t *lock);
int omp_test_lock(omp_lock_t *lock);
void omp_unset_lock(omp_lock_t *lock);
void omp_destroy_lock(omp_lock_t *lock);
void omp_init_nest_lock(omp_nest_lock_t *lock);
void omp_set_nest_lock(omp_nest_lock_t *lock);
int omp_test_nest_lock(omp_nest_lock_t *lock);
void omp_unset_nest_lock(omp_nest_lock_t *lock);
void omp_destroy_nest_lock(omp_nest_lock_t *lock);

#endif
