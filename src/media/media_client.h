// Every decode, encode and resize that the server and the node need, done in media worker processes. A
// picture that crashes or exhausts a decoder costs one worker process, which the next call replaces.
//
// Outputs are not checked by the safety gate here: callers give samples and pictures to it before anyone sees
// them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"
#include "media/picture.h"
#include "media/requests.h"

namespace ourvidz::media {

struct MediaOptions {
    std::string executable;             // absolute path of media_worker
    std::string upscaler_path;          // srvgg-x4.onnx; empty: Lanczos only
    int threads = 1;                    // of each worker, 1..16
    int memory_mb = memory_mb_default;  // address space of each worker
    int workers_max = 2;                // processes at once; a further call waits for one to be free
    int idle_max = 16;                  // of them, so many are kept for the next call; the others end
    int silence_max_ms = 120'000;  // a worker that gives no sign of life for so long is replaced; in a clip
                                   // session frames have to come more often than that
};

struct EncodedPicture {
    std::string bytes;
    std::string content_type;  // "image/png", "image/webp", "video/mp4"
    int width = 0;
    int height = 0;
};

struct DecodedUploadFile {
    EncodedPicture picture;    // PNG, upright, sRGB, nothing but pixels
    EncodedPicture thumbnail;  // WebP, longest side thumbnail_side
    Rgb8 sample;               // for the safety check, longest side at most sample_side
    std::string type;          // what was uploaded: "png", "jpeg", "webp"
    bool animated = false;     // it had more frames; the first one was taken
};

struct FinishedPicture {
    EncodedPicture picture;    // PNG with the recipe inside
    EncodedPicture thumbnail;  // WebP
    std::string upscaler;      // "srvgg" or "lanczos": what was really used
};

struct FinishedClip {
    EncodedPicture clip;    // MP4: H.264, index in front
    EncodedPicture poster;  // WebP of the first frame
    std::optional<EncodedPicture>
        hover;                  // animated WebP, at most 200 kB; absent if the clip does not fit into that
    std::vector<Rgb8> samples;  // for the safety check: spread evenly, and the first frame after each cut
    int frames = 0;
    int last_frame_to_file_ms = 0;
    std::string upscaler;
};

class ClipSession;

// Thread-safe. Blocking: call it from threads that may wait.
class MediaClient {
  public:
    // Starts the first worker. The clock must outlive the client. Errors: unavailable.
    [[nodiscard]] static Result<std::unique_ptr<MediaClient>> start(MediaOptions options, const Clock& clock);
    ~MediaClient();  // no call and no session may be in progress

    // What the workers can do: "upscaler:lanczos", "upscaler:srvgg", ...
    [[nodiscard]] bool has(std::string_view capability) const;

    // Errors of all calls: engine_failed (the worker died or hung), unavailable (no worker can be started, or
    // they keep dying), canceled (after `stop`), and those named below.

    // An untrusted file. invalid_field "file": not a PNG, JPEG or WebP picture, damaged, or so packed that it
    // takes more work than its size explains; too_large.
    [[nodiscard]] Result<DecodedUploadFile> decode_upload(std::string bytes, std::stop_token stop = {});
    // A stored PNG or WebP as raw pixels of exactly this size (covering it). invalid_field "file".
    [[nodiscard]] Result<Rgb8> decode_source(std::string bytes, int width, int height,
                                             std::stop_token stop = {});
    // A small WebP, quickly.
    [[nodiscard]] Result<EncodedPicture> preview(Rgb8 picture, std::stop_token stop = {});
    // request.width and height must be those of `picture`. `enlarged` is told which share (0..1) of the
    // enlarging is done, on the calling thread; it may be empty.
    [[nodiscard]] Result<FinishedPicture> finish_picture(Rgb8 picture, const FinishRequest& request,
                                                         std::stop_token stop = {},
                                                         const std::function<void(double)>& enlarged = {});
    // Takes a worker of its own until the session ends. The client must outlive it. `encoded` is told after
    // each frame of the clip which share (0..1) of them is done, on a thread of the session's own; it may be
    // empty.
    [[nodiscard]] Result<std::unique_ptr<ClipSession>> start_clip(const ClipRequest& request,
                                                                  std::function<void(double)> encoded = {});

    // Process ids of the workers that are alive.
    [[nodiscard]] std::vector<int> worker_pids() const;

  private:
    friend class ClipSession;
    class Pool;
    explicit MediaClient(std::unique_ptr<Pool> pool);
    std::unique_ptr<Pool> pool_;
};

// One clip in the making; used by one thread. Dropping it cancels.
class ClipSession {
  public:
    ~ClipSession();

    // The next frame, of the size that the request names. Waits while the worker is some frames behind. An
    // error ends the session; finish() then gives the same one.
    [[nodiscard]] Result<void> add(Rgb8 frame);
    // After the last frame. May be called once.
    [[nodiscard]] Result<FinishedClip> finish();
    void cancel();

  private:
    friend class MediaClient;
    struct State;
    explicit ClipSession(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace ourvidz::media
