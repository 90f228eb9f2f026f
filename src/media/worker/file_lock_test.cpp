#include "media/worker/file_lock.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <new>
#include <thread>

namespace ourvidz::media {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool has_sanitizer = true;
#else
constexpr bool has_sanitizer = false;
#endif

// Runs in a process of its own, since there is no way back: exits with 0 if everything is as promised, else
// with the number of the first promise that was broken.
[[noreturn]] void locked_process() {
    std::atomic<bool> locked = false;
    std::atomic<int> seen_by_thread = 0;
    std::thread early([&] {
        locked.wait(false);
        seen_by_thread = ::open("/etc/hostname", O_RDONLY) >= 0 ? 0 : errno;
    });
    const int before = ::open("/dev/null", O_RDONLY);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    if (before < 0 || !forbid_files().ok()) ::_exit(1);
    locked = true;
    locked.notify_all();
    early.join();
    if (::open("/dev/null", O_RDONLY) >= 0 || errno != EPERM) ::_exit(2);
    if (seen_by_thread != EPERM) ::_exit(3);
    if (::kill(::getppid(), 0) == 0 || errno != EPERM) ::_exit(4);
    if (::unlink("/nowhere") == 0 || errno != EPERM) ::_exit(5);
    ::_exit(0);
}

[[noreturn]] void small_process() {
    if (!limit_memory(512ULL << 20U).ok()) ::_exit(1);
    ::_exit(::operator new(1ULL << 30U, std::nothrow) == nullptr ? 0 : 2);
}

TEST(FileLockDeathTest, NoThreadOpensAFileOrSignalsAnother) {
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_EXIT(locked_process(), ::testing::ExitedWithCode(0), "");
}

TEST(FileLockDeathTest, MemoryHasAnEnd) {
    if (has_sanitizer) GTEST_SKIP() << "there is no limit under a sanitizer";
    ::testing::FLAGS_gtest_death_test_style = "threadsafe";
    EXPECT_EXIT(small_process(), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace ourvidz::media
