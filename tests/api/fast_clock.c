// Preloaded into a server, so that tests see in seconds what it does every ten minutes: the monotonic clock runs 300
// times as fast, or FAST_CLOCK_TIMES, timers end as much sooner, and the wall clock is two hours ahead, or
// FAST_CLOCK_AHEAD seconds. Children are left alone.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static long faster = 300;
static long ahead_seconds = 7200;
static const long long second = 1000000000LL;
static long long begin;

static long long count(const struct timespec *at) { return at->tv_sec * second + at->tv_nsec; }

static struct timespec spread(long long nanoseconds) {
    return (struct timespec){.tv_sec = nanoseconds / second, .tv_nsec = nanoseconds % second};
}

__attribute__((constructor)) static void start(void) {
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    begin = count(&now);
    const char *times = getenv("FAST_CLOCK_TIMES");
    const char *ahead = getenv("FAST_CLOCK_AHEAD");
    if (times) faster = strtol(times, NULL, 10);
    if (ahead) ahead_seconds = strtol(ahead, NULL, 10);
    unsetenv("LD_PRELOAD");
}

int clock_gettime(clockid_t clock, struct timespec *at) {
    const int failed = (int)syscall(SYS_clock_gettime, clock, at);
    if (!failed && clock == CLOCK_REALTIME) at->tv_sec += ahead_seconds;
    if (!failed && clock == CLOCK_MONOTONIC) *at = spread(begin + (count(at) - begin) * faster);
    return failed;
}

int timerfd_settime(int timer, int flags, const struct itimerspec *wanted, struct itimerspec *old) {
    struct itimerspec sooner = *wanted;
    const long long wait = count(&wanted->it_value);
    if (!(flags & TFD_TIMER_ABSTIME) && wait > 0) sooner.it_value = spread(wait / faster > 0 ? wait / faster : 1);
    return (int)syscall(SYS_timerfd_settime, timer, flags, &sooner, old);
}
