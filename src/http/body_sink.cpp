#include "http/body_sink.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/id.h"

namespace ourvidz::http {

BodySink::~BodySink() {
    if (fd_ >= 0) ::close(fd_);
    if (!file_.empty()) ::unlink(file_.c_str());
}

Result<void> BodySink::open(RouteOptions options, const std::filesystem::path& spool_folder) {
    use_ = options.body;
    bytes_max_ = options.body_bytes_max;
    if (use_ != BodyUse::spool) return {};
    auto file = spool_folder / (random_hex(16) + ".spool");
    fd_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd_ < 0) return Error{ErrorCode::unavailable, "There is no place for uploads now.", ""};
    file_ = std::move(file);
    return {};
}

Result<void> BodySink::append(std::string_view bytes) {
    if (bytes.size() > bytes_max_ - bytes_) return body_too_large(bytes_max_);
    bytes_ += bytes.size();
    if (use_ == BodyUse::memory) memory_ += bytes;
    if (use_ != BodyUse::spool) return {};
    while (!bytes.empty()) {
        const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return Error{ErrorCode::unavailable, "There is no room for uploads now.", ""};
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return {};
}

void BodySink::finish(Request& request) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
    request.body = std::move(memory_);
    request.spooled = file_;
}

Error body_too_large(std::uint64_t bytes_max) {
    return Error{ErrorCode::too_large, "The body may have at most " + std::to_string(bytes_max) + " bytes.",
                 ""};
}

}  // namespace ourvidz::http
