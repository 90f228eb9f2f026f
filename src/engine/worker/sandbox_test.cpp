#include "engine/worker/sandbox.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <thread>

namespace ourvidz::engine {
namespace {

// Runs `action` in a locked-in child and returns its exit status: what `action` returned, 100 when the
// lock-in failed.
int in_locked_child(const std::function<int()>& action) {
    const pid_t child = fork();
    if (child == 0) _exit(lock_in().ok() ? action() : 100);
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 200 + WTERMSIG(status);
}

TEST(LockIn, LeavesNoWayToTheNetwork) {
    for (const int family : {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK, AF_PACKET}) {
        EXPECT_EQ(in_locked_child([family] { return socket(family, SOCK_STREAM, 0) < 0 ? errno : 0; }), EPERM)
            << family;
    }
    EXPECT_EQ(in_locked_child([] { return syscall(SYS_io_uring_setup, 1, nullptr) < 0 ? errno : 0; }), EPERM);
}

TEST(LockIn, KeepsTheSocketsThatAreThere) {
    int sockets[2];
    ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets), 0);
    EXPECT_EQ(in_locked_child([&] { return send(sockets[1], "x", 1, 0) == 1 ? 0 : errno; }), 0);
    char byte = 0;
    EXPECT_EQ(recv(sockets[0], &byte, 1, MSG_DONTWAIT), 1);
    close(sockets[0]);
    close(sockets[1]);
}

TEST(LockIn, StartsNoProgramsAndNoProcesses) {
    EXPECT_EQ(in_locked_child([] {
                  char* const none[] = {nullptr};
                  execve("/bin/true", none, none);
                  return errno;
              }),
              EPERM);
    EXPECT_EQ(in_locked_child([] { return fork() < 0 ? errno : 0; }), EPERM);
    EXPECT_EQ(in_locked_child([] { return ptrace(PTRACE_ATTACH, getppid(), 0, 0) < 0 ? errno : 0; }), EPERM);
}

TEST(LockIn, StillStartsThreads) {
    EXPECT_EQ(in_locked_child([] {
                  int answer = 1;
                  std::thread([&] { answer = 0; }).join();
                  return answer;
              }),
              0);
}

TEST(LockIn, WritesNoCoreFileAndGainsNothing) {
    EXPECT_EQ(in_locked_child([] {
                  rlimit core{};
                  getrlimit(RLIMIT_CORE, &core);
                  return core.rlim_max == 0 && prctl(PR_GET_DUMPABLE) == 0 &&
                                 prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1
                             ? 0
                             : 1;
              }),
              0);
}

TEST(LockIn, EndsWithTheParent) {
    // The grandchild holds the write end: the read end sees the end of the file when it is gone.
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) {
        if (fork() == 0) {
            if (!lock_in().ok()) _exit(1);
            const pid_t self = getpid();
            (void)!write(ends[1], &self, sizeof(self));
            while (true) pause();
        }
        pollfd ready{ends[0], POLLIN, 0};
        (void)poll(&ready, 1, -1);
        _exit(0);
    }
    close(ends[1]);
    waitpid(child, nullptr, 0);
    pid_t grandchild = 0;
    ASSERT_EQ(read(ends[0], &grandchild, sizeof(grandchild)), static_cast<ssize_t>(sizeof(grandchild)));
    pollfd end{ends[0], POLLIN, 0};
    const bool ended = poll(&end, 1, 10'000) == 1;
    EXPECT_TRUE(ended);
    if (!ended) kill(grandchild, SIGKILL);
    close(ends[0]);
}

}  // namespace
}  // namespace ourvidz::engine
