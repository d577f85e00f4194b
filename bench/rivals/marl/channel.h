/* What marl's programs share: the scheduler, and a channel.
 *
 * marl has no channels; what a program of its would have is a queue under its mutex and its
 * condition variables.  One of a single place stands for an unbuffered channel.
 * GOMAXPROCS is how many threads it works with, as it is goc's.
 */
#ifndef BENCH_RIVALS_MARL_CHANNEL_H
#define BENCH_RIVALS_MARL_CHANNEL_H

#include "../../bench.h"

#include <marl/conditionvariable.h>
#include <marl/mutex.h>
#include <marl/scheduler.h>
#include <marl/waitgroup.h>
#include <vector>

template <typename T> class Channel
{
  public:
    explicit Channel(size_t capacity = 1) : places(capacity) {}

    void send(T value)
    {
        marl::lock held(mutex);
        has_room.wait(held, [this] { return count < places.size(); });
        places[(first + count++) % places.size()] = value;
        has_value.notify_one();
    }

    T receive()
    {
        marl::lock held(mutex);
        has_value.wait(held, [this] { return count > 0; });
        T value = places[first];
        first = (first + 1) % places.size();
        count--;
        has_room.notify_one();
        return value;
    }

  private:
    marl::mutex mutex;
    marl::ConditionVariable has_room, has_value;
    std::vector<T> places; // mutex
    size_t first = 0;      // mutex
    size_t count = 0;      // mutex
};

/* MEASURE on a fiber of marl's; the process ends with it, whatever still waits. */
template <typename Measure> void run(Measure measure)
{
    const char *threads = getenv("GOMAXPROCS");
    marl::Scheduler::Config config;
    config.setWorkerThreadCount(threads ? atoi(threads) : 1);
    config.setFiberStackSize(64 << 10);
    marl::Scheduler scheduler(config);
    marl::WaitGroup done(1);
    scheduler.bind();
    marl::schedule([=] {
        measure();
        fflush(stdout);
        _Exit(0);
    });
    done.wait();
}

#endif
