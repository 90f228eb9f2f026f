#include "node/delivery.h"

#include <utility>

#include "base/exact_integer.h"
#include "node/job.h"

namespace ourvidz::node {

json::object to_json(const safety::Verdict& verdict) {
    json::object body{{"decision", safety::to_string(verdict.decision)}, {"policy", verdict.policy}};
    if (!verdict.reason_code.empty()) body["reason_code"] = verdict.reason_code;
    if (!verdict.sentence.empty()) body["sentence"] = verdict.sentence;
    return body;
}

Result<ReleasedClip> ReleasedClip::judge(const safety::Gate& gate, media::FinishedClip clip,
                                         const safety::Origin& origin) {
    safety::Clip judged;
    for (auto& sample : clip.samples) judged.samples.push_back(to_picture(std::move(sample)));
    clip.samples.clear();
    OURVIDZ_TRY(released, gate.release(std::move(judged), origin));
    return ReleasedClip(std::move(clip), std::move(released));
}

Result<json::object> Delivery::upload(const media::EncodedPicture& encoded) {
    OURVIDZ_TRY(file, link_.file(encoded.content_type, encoded.bytes));
    return json::object{{"file", file}, {"content_type", encoded.content_type}};
}

Result<void> Delivery::preview(const safety::Released<safety::Picture>& picture, int position) {
    OURVIDZ_TRY(webp, media_.preview(to_rgb8(picture.artifact())));
    return link_.preview(position, webp.bytes);
}

Result<void> Delivery::picture(const safety::Released<safety::Picture>& picture, const PictureOrder& order,
                               std::stop_token stop) {
    media::FinishRequest request;
    request.width = picture.artifact().width;
    request.height = picture.artifact().height;
    request.upscale = order.upscale;
    request.upscaler = order.upscaler;
    request.recipe = order.recipe;
    OURVIDZ_TRY(finished, media_.finish_picture(to_rgb8(picture.artifact()), request, std::move(stop)));
    OURVIDZ_TRY(original, upload(finished.picture));
    OURVIDZ_TRY(thumbnail, upload(finished.thumbnail));
    return link_.output({{"position", order.position},
                         {"medium", "image"},
                         {"files", {{"original", std::move(original)}, {"thumbnail", std::move(thumbnail)}}},
                         {"width", finished.picture.width},
                         {"height", finished.picture.height},
                         {"seed", exact_integer(order.seed)},
                         {"recipe", order.recipe},
                         {"verdict", to_json(picture.verdict())}});
}

Result<void> Delivery::clip(const ReleasedClip& released, const ClipOrder& order) {
    const media::FinishedClip& clip = released.clip();
    OURVIDZ_TRY(original, upload(clip.clip));
    OURVIDZ_TRY(poster, upload(clip.poster));
    json::object files{{"original", std::move(original)}, {"poster", std::move(poster)}};
    if (clip.hover) {
        OURVIDZ_TRY(hover, upload(*clip.hover));
        files["hover"] = std::move(hover);
    }
    return link_.output({{"position", order.position},
                         {"medium", "video"},
                         {"files", std::move(files)},
                         {"width", clip.clip.width},
                         {"height", clip.clip.height},
                         {"duration_ms", order.seconds * 1000},
                         {"facts", {{"fps", order.fps}, {"frames", order.fps * order.seconds}}},
                         {"seed", exact_integer(order.seed)},
                         {"recipe", order.recipe},
                         {"verdict", to_json(released.verdict())}});
}

Result<void> Delivery::words(const safety::Released<safety::Answer>& answer, std::size_t offset,
                             json::object progress) {
    progress["text"] = answer.artifact().text.substr(offset);
    return link_.progress(std::move(progress));
}

Result<void> Delivery::succeeded(const JobResult& result) {
    json::object body{{"outcome", "succeeded"}, {"engine_ms", result.engine_ms}, {"work_ms", result.work_ms}};
    if (result.answer) {
        body["text"] = result.answer->artifact().text;
        body["cut"] = result.cut;
    }
    return link_.finish(std::move(body));
}

Result<void> Delivery::canceled(const std::optional<safety::Released<safety::Answer>>& answer) {
    json::object body{{"outcome", "canceled"}};
    if (answer) body["text"] = answer->artifact().text;
    return link_.finish(std::move(body));
}

}  // namespace ourvidz::node
