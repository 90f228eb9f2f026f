// The only way by which what an engine made leaves the node. Every function takes what the gate has released
// and nothing else, so a result that nobody judged cannot be sent: it does not compile.
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "media/media_client.h"
#include "media/requests.h"
#include "node/attempt_link.h"
#include "node/job.h"
#include "safety/gate.h"

namespace ourvidz::node {

struct PictureOrder {
    int position = 0;
    std::int64_t seed = 0;
    json::object recipe;
    int upscale = 1;
    media::Upscaler upscaler = media::Upscaler::lanczos;
};

// A clip and everything encoded with it (poster, hover), released by the gate on the clip's sampled frames.
class ReleasedClip {
  public:
    // Errors: refused, held.
    [[nodiscard]] static Result<ReleasedClip> judge(const safety::Gate& gate, media::FinishedClip clip,
                                                    const safety::Origin& origin);
    [[nodiscard]] const media::FinishedClip& clip() const { return clip_; }
    [[nodiscard]] const safety::Verdict& verdict() const { return released_.verdict(); }

  private:
    ReleasedClip(media::FinishedClip clip, safety::Released<safety::Clip> released)
        : clip_(std::move(clip)), released_(std::move(released)) {}
    media::FinishedClip clip_;
    safety::Released<safety::Clip> released_;
};

struct ClipOrder {
    int position = 0;
    std::int64_t seed = 0;
    json::object recipe;
    int fps = 0;
    int seconds = 0;
};

// Belongs to one thread.
class Delivery {
  public:
    Delivery(AttemptLink& link, media::MediaClient& media) : link_(link), media_(media) {}

    [[nodiscard]] Result<void> preview(const safety::Released<safety::Picture>& picture, int position);
    // Enlarges, encodes and hands over; tried until the server has it.
    [[nodiscard]] Result<void> picture(const safety::Released<safety::Picture>& picture,
                                       const PictureOrder& order, std::stop_token stop);
    [[nodiscard]] Result<void> clip(const ReleasedClip& released, const ClipOrder& order);
    // The words of the answer from `offset` bytes on; `progress` is the rest of the report.
    [[nodiscard]] Result<void> words(const safety::Released<safety::Answer>& answer, std::size_t offset,
                                     json::object progress);
    // The attempt is over and good.
    [[nodiscard]] Result<void> succeeded(const JobResult& result);
    // It was stopped; what there is of an answer is kept.
    [[nodiscard]] Result<void> canceled(const std::optional<safety::Released<safety::Answer>>& answer);

  private:
    [[nodiscard]] Result<json::object> upload(const media::EncodedPicture& encoded);

    AttemptLink& link_;
    media::MediaClient& media_;
};

[[nodiscard]] json::object to_json(const safety::Verdict& verdict);

}  // namespace ourvidz::node
