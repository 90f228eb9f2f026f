#include "engine/diffusion/sd_watch.h"

#include <new>

#include "base/clock.h"

namespace ourvidz::engine {
namespace {

constexpr std::size_t kept_lines_max = 4;

struct Canceled {};

Error canceled() {
    return Error{ErrorCode::canceled, "The request was canceled.", ""};
}

}  // namespace

Watch::Watch(RunIo& io, sd_ctx_t* context, bool previews) : io_(io), context_(context), pace_(steady_ms()) {
    sd_set_log_callback([](sd_log_level_t level, const char* text,
                           void* self) { static_cast<Watch*>(self)->log(level, text); },
                        this);
    sd_set_progress_callback(
        [](int step, int steps, float, void* self) { static_cast<Watch*>(self)->progress(step, steps); },
        this);
    previews_ = previews;
    allow_preview(false);
}

Watch::~Watch() {
    sd_set_log_callback(nullptr, nullptr);
    sd_set_progress_callback(nullptr, nullptr);
    sd_set_preview_callback(nullptr, PREVIEW_NONE, 1, false, false, nullptr);
#ifdef OURVIDZ_SD_CANCEL
    if (context_ != nullptr) sd_cancel_generation(context_, SD_CANCEL_RESET);
#endif
}

Result<void> Watch::call(const std::function<bool()>& engine) {
    bool good = false;
    try {
        good = engine();
    } catch (const Canceled&) {
        return canceled();
    } catch (const std::bad_alloc&) {
        return Error{ErrorCode::engine_failed, "The engine ran out of memory.", ""};
    }
    if (io_.canceled()) return canceled();
    if (!good) return Error{ErrorCode::engine_failed, last_lines(), ""};
    return {};
}

void Watch::log(sd_log_level_t level, std::string_view text) {
    phase_.take_log(text);
    if (level < SD_LOG_WARN) return;
    // "file.cpp:123  - message\n": the place in the engine's source helps nobody.
    if (const auto dash = text.find(" - "); dash != std::string_view::npos) text.remove_prefix(dash + 3);
    while (text.ends_with('\n')) text.remove_suffix(1);
    lines_.emplace_back(text);
    if (lines_.size() > kept_lines_max) lines_.pop_front();
}

std::string Watch::last_lines() const {
    if (lines_.empty()) return "The engine failed without a reason.";
    std::string text;
    for (const auto& line : lines_) text += (text.empty() ? "" : " | ") + line;
    return text;
}

void Watch::progress(int step, int steps) {
    const auto phase = phase_.now();
    if (step > 0) io_.progress(to_string(phase), step, steps);
    if (phase == Phase::denoise) {
        steps_done_ += step > 0 ? 1 : 0;
        if (previews_) allow_preview(pace_.wanted_next(step, steps, steady_ms()));
    }
    if (io_.canceled()) stop(phase);
}

void Watch::stop(Phase phase) {
#ifdef OURVIDZ_SD_CANCEL
    (void)phase;
    if (context_ != nullptr) sd_cancel_generation(context_, SD_CANCEL_ALL);
#else
    // Between two steps the engine holds nothing that unwinding does not free. While it loads weights it
    // has threads running, which must not be unwound.
    if (phase == Phase::denoise) throw Canceled{};
#endif
}

// The engine asks before each step whether the step is to be shown, so this decides for the next one.
void Watch::allow_preview(bool allowed) {
    const auto shown = [](int, int count, sd_image_t* images, bool, void* self) {
        static_cast<Watch*>(self)->preview(images, count);
    };
    sd_set_preview_callback(shown, PREVIEW_VAE, 1, allowed, false, this);
}

void Watch::preview(const sd_image_t* images, int count) {
    if (count < 1 || images[0].data == nullptr || images[0].channel != 3) return;
    const auto& image = images[0];
    const auto bytes = static_cast<std::size_t>(image.width) * image.height * 3;
    io_.preview(static_cast<int>(image.width), static_cast<int>(image.height),
                {reinterpret_cast<const char*>(image.data), bytes});
    pace_.shown(steady_ms());
}

}  // namespace ourvidz::engine
