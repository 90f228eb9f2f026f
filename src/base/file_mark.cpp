#include "base/file_mark.h"

#include <sys/stat.h>

#include <cerrno>
#include <ctime>

namespace ourvidz {
namespace {

// A kernel stamps files with the time of its last tick, some network file systems with whole seconds.
constexpr std::int64_t fresh_ns = 2'000'000'000;

std::int64_t nanoseconds(const timespec& time) {
    return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

}  // namespace

bool FileMark::same_as(const FileMark& other) const {
    return exists == other.exists && barred == other.barred && device == other.device &&
           number == other.number && bytes == other.bytes && modified_ns == other.modified_ns &&
           changed_ns == other.changed_ns;
}

FileMark mark_of(const std::filesystem::path& path) {
    struct stat status {};
    FileMark mark;
    if (stat(path.c_str(), &status) != 0) {
        mark.barred = errno == EACCES;
        return mark;
    }
    timespec now{};
    clock_gettime(CLOCK_REALTIME, &now);
    mark.exists = true;
    mark.device = status.st_dev;
    mark.number = status.st_ino;
    mark.bytes = static_cast<std::uint64_t>(status.st_size);
    mark.modified_ns = nanoseconds(status.st_mtim);
    mark.changed_ns = nanoseconds(status.st_ctim);
    mark.fresh = nanoseconds(now) - mark.changed_ns < fresh_ns;
    return mark;
}

}  // namespace ourvidz
