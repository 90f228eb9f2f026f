#include "http/body_sink.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/id.h"

namespace ourvidz::http {

BodySink::~BodySink() {
    if (fd_ >= 0) ::close(fd_);
    if (!file_.empty()) ::unlink(file_.c_str());
}

Result<void> BodySink::open(RouteOptions options, BodyPlace place) {
    use_ = options.body;
    bytes_max_ = options.body_bytes_max;
    now_ms_ = &place.now_ms;
    if (use_ == BodyUse::memory) {
        share_.emplace(place.budget, place.now_ms, [this, told = std::move(place.on_lost)] {
            std::string().swap(memory_);
            told();
        });
        return make_room(place.length.value_or(0));
    }
    if (use_ != BodyUse::spool) return {};
    auto file = place.spool_folder / (random_hex(16) + ".spool");
    fd_ = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd_ < 0) return Error{ErrorCode::unavailable, "There is no place for uploads now.", ""};
    file_ = std::move(file);
    return {};
}

// Text doubles what it has when that is full, so what is asked for is what it will have.
Result<void> BodySink::make_room(std::uint64_t bytes) {
    if (bytes <= memory_.capacity()) return {};
    const auto wanted = std::min(bytes_max_, std::max<std::uint64_t>(bytes, 2 * memory_.size()));
    if (!share_->extend_to(wanted, *now_ms_)) return no_room_for_body();
    memory_.reserve(wanted);
    return {};
}

Result<void> BodySink::append(std::string_view bytes) {
    if (lost()) return no_room_for_body();
    if (bytes.size() > bytes_max_ - bytes_) return body_too_large(bytes_max_);
    bytes_ += bytes.size();
    if (use_ == BodyUse::memory) {
        OURVIDZ_CHECK(make_room(bytes_));
        memory_ += bytes;
        share_->received(bytes.size());
    }
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
    if (share_) share_->keep();
    request.body = std::move(memory_);
    request.spooled = file_;
}

Error body_too_large(std::uint64_t bytes_max) {
    return Error{ErrorCode::too_large, "The body may have at most " + std::to_string(bytes_max) + " bytes.",
                 ""};
}

Error no_room_for_body() {
    return Error{ErrorCode::unavailable,
                 "The studio is being sent more than it has memory for. Send this again in a moment.", ""};
}

}  // namespace ourvidz::http
