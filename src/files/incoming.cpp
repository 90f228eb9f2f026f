#include "files/incoming.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "base/id.h"

namespace ourvidz::files {
namespace {

namespace fs = std::filesystem;

constexpr int name_bytes = 8;

int lock_of(const fs::path& folder) {
    const int opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened >= 0 && flock(opened, LOCK_EX | LOCK_NB) == 0) return opened;
    if (opened >= 0) ::close(opened);
    return -1;
}

// Whoever is alive holds the lock of its folder.
void remove_abandoned(const fs::path& root) {
    std::error_code failure;
    std::vector<fs::path> folders;
    for (const auto& entry : fs::directory_iterator(root, failure)) folders.push_back(entry.path());
    for (const auto& folder : folders) {
        const Descriptor lock(lock_of(folder));
        std::error_code ignored;
        if (lock.get() >= 0 || fs::is_regular_file(folder, ignored)) fs::remove_all(folder, ignored);
    }
}

}  // namespace

Result<std::unique_ptr<Incoming>> Incoming::open(const fs::path& root) {
    std::error_code failure;
    fs::create_directories(root, failure);
    if (failure) {
        return Error{ErrorCode::unavailable,
                     "The folder for incoming files is not writable: " + failure.message(), ""};
    }
    // Of those who open at the same moment one must not take another's new folder for an abandoned one.
    const Descriptor turn(::open(root.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (turn.get() < 0 || flock(turn.get(), LOCK_EX) != 0)
        return disk_error("Opening the folder for incoming files");
    remove_abandoned(root);
    const auto folder = root / random_hex(name_bytes);
    if (!fs::create_directory(folder, failure)) return disk_error("Making the folder for incoming files");
    const int lock = lock_of(folder);
    if (lock < 0) return disk_error("Locking the folder for incoming files");
    return std::unique_ptr<Incoming>(new Incoming(folder, lock));
}

Incoming::~Incoming() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
}

}  // namespace ourvidz::files
