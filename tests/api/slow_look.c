// Preloaded into a server: every look at the operator's choices of models computes for 100 ms, as if the folders of
// models were large and far away. Children are left alone.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const long long look_ns = 100000000LL;
static const char looked_at[] = "/models.json";

__attribute__((constructor)) static void start(void) { unsetenv("LD_PRELOAD"); }

static long long computed_ns(void) {
    struct timespec at;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &at);
    return at.tv_sec * 1000000000LL + at.tv_nsec;
}

static void look(const char *path) {
    const size_t length = strlen(path);
    const size_t end = sizeof looked_at - 1;
    if (length < end || strcmp(path + length - end, looked_at) != 0) return;
    const long long until = computed_ns() + look_ns;
    while (computed_ns() < until) continue;
}

int stat(const char *path, struct stat *status) {
    look(path);
    return fstatat(AT_FDCWD, path, status, 0);
}

// What stat() is called where the size of files is said to have 64 bits.
int stat64(const char *path, struct stat64 *status) {
    look(path);
    return fstatat64(AT_FDCWD, path, status, 0);
}
