#include "engine/worker/sandbox.h"

#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <memory>
#include <string>

namespace ourvidz::engine {
namespace {

struct FilterCloser {
    void operator()(void* filter) const { seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, FilterCloser>;

// io_uring is in the list because it can do the work of the others without calling them.
constexpr std::array forbidden{
    SCMP_SYS(socket),
    SCMP_SYS(connect),
    SCMP_SYS(bind),
    SCMP_SYS(listen),
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(io_uring_setup),
    SCMP_SYS(io_uring_enter),
    SCMP_SYS(io_uring_register),
    SCMP_SYS(bpf),
    SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd),
    SCMP_SYS(keyctl),
    SCMP_SYS(add_key),
    SCMP_SYS(request_key),
    SCMP_SYS(mount),
    SCMP_SYS(umount2),
    SCMP_SYS(pivot_root),
    SCMP_SYS(chroot),
    SCMP_SYS(unshare),
    SCMP_SYS(setns),
    SCMP_SYS(init_module),
    SCMP_SYS(finit_module),
    SCMP_SYS(delete_module),
    SCMP_SYS(kexec_load),
    SCMP_SYS(reboot),
    SCMP_SYS(swapon),
    SCMP_SYS(swapoff),
    SCMP_SYS(quotactl),
    SCMP_SYS(acct),
    SCMP_SYS(settimeofday),
    SCMP_SYS(clock_settime),
    SCMP_SYS(pidfd_open),
    SCMP_SYS(pidfd_getfd),
    SCMP_SYS(open_by_handle_at),
};

Error cannot(const std::string& what, int error) {
    return Error{ErrorCode::internal,
                 "The worker cannot lock itself in: " + what + ": " + std::strerror(error), ""};
}

Result<void> filter_calls() {
    const Filter filter(seccomp_init(SCMP_ACT_ALLOW));
    if (!filter) return cannot("seccomp_init", ENOMEM);
    for (const int call : forbidden) {
        const int failure = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), call, 0);
        if (failure < 0) return cannot("seccomp rule " + std::to_string(call), -failure);
    }
    // Threads share the caller's thread group, processes do not. The C library falls back from clone3, whose
    // flags a filter cannot see, to clone.
    const auto thread_flag = static_cast<scmp_datum_t>(CLONE_THREAD);
    int failure = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                                   SCMP_A0(SCMP_CMP_MASKED_EQ, thread_flag, 0));
    if (failure < 0) return cannot("seccomp rule for clone", -failure);
    failure = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    if (failure < 0) return cannot("seccomp rule for clone3", -failure);
    failure = seccomp_load(filter.get());
    if (failure < 0) return cannot("seccomp_load", -failure);
    return {};
}

}  // namespace

Result<void> lock_in() {
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return cannot("PR_SET_PDEATHSIG", errno);
    const rlimit no_core{0, 0};
    if (setrlimit(RLIMIT_CORE, &no_core) != 0) return cannot("RLIMIT_CORE", errno);
    if (prctl(PR_SET_DUMPABLE, 0) != 0) return cannot("PR_SET_DUMPABLE", errno);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return cannot("PR_SET_NO_NEW_PRIVS", errno);
    return filter_calls();
}

}  // namespace ourvidz::engine
