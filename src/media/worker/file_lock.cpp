#include "media/worker/file_lock.h"

#include <seccomp.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <string>

namespace ourvidz::media {
namespace {

constexpr std::array forbidden{
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(openat2),
    SCMP_SYS(creat),
    SCMP_SYS(unlink),
    SCMP_SYS(unlinkat),
    SCMP_SYS(rename),
    SCMP_SYS(renameat),
    SCMP_SYS(renameat2),
    SCMP_SYS(link),
    SCMP_SYS(linkat),
    SCMP_SYS(symlink),
    SCMP_SYS(symlinkat),
    SCMP_SYS(mkdir),
    SCMP_SYS(mkdirat),
    SCMP_SYS(rmdir),
    SCMP_SYS(mknod),
    SCMP_SYS(mknodat),
    SCMP_SYS(chmod),
    SCMP_SYS(fchmodat),
    SCMP_SYS(chown),
    SCMP_SYS(fchownat),
    SCMP_SYS(truncate),
    SCMP_SYS(chdir),
    SCMP_SYS(name_to_handle_at),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(rt_sigqueueinfo),
    SCMP_SYS(shmget),
    SCMP_SYS(memfd_create),
    SCMP_SYS(setrlimit),
    SCMP_SYS(prlimit64),
    SCMP_SYS(inotify_init1),
};

Error cannot(const std::string& what, int error) {
    return Error{ErrorCode::internal,
                 "The media worker cannot lock itself in: " + what + ": " + std::strerror(error), ""};
}

struct FilterCloser {
    void operator()(void* filter) const { seccomp_release(filter); }
};

}  // namespace

Result<void> forbid_files() {
    const std::unique_ptr<void, FilterCloser> filter(seccomp_init(SCMP_ACT_ALLOW));
    if (!filter) return cannot("seccomp_init", ENOMEM);
    // The codecs' threads are there already: the filter must hold for them too.
    int failure = seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1);
    if (failure < 0) return cannot("seccomp for all threads", -failure);
    for (const int call : forbidden) {
        failure = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), call, 0);
        if (failure < 0) return cannot("seccomp rule " + std::to_string(call), -failure);
    }
    // abort() signals its own thread; other processes are none of our business.
    failure = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill), 1,
                               SCMP_A0(SCMP_CMP_NE, static_cast<scmp_datum_t>(getpid())));
    if (failure < 0) return cannot("seccomp rule for tgkill", -failure);
    failure = seccomp_load(filter.get());
    if (failure < 0) return cannot("seccomp_load", -failure);
    return {};
}

Result<void> limit_memory(unsigned long long bytes) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    // Sanitizers reserve terabytes of address space for their own books.
    (void)bytes;
    return {};
#endif
    const rlimit limit{bytes, bytes};
    if (setrlimit(RLIMIT_AS, &limit) != 0) return cannot("RLIMIT_AS", errno);
    return {};
}

}  // namespace ourvidz::media
