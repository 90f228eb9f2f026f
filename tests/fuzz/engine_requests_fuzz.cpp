// The parsers of what arrives in `load` and `run`.
#include <cstdlib>
#include <string_view>

#include "engine/requests.h"
#include "target.h"

using namespace ourvidz;
using namespace ourvidz::engine;

namespace {

// What was accepted must come back the same from its own JSON, and its words must be there to be judged.
template <class T>
void check(const Result<T>& request, Result<T> (*parse)(const json::object&)) {
    if (!request.ok()) {
        if (request.error().detail.empty()) std::abort();
        return;
    }
    const auto body = to_json(*request);
    const auto again = parse(body);
    if (!again.ok() || to_json(*again) != body) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto body = parse_json_object({reinterpret_cast<const char*>(data), size});
    if (!body.ok()) return 0;
    check(image_request_from(*body), image_request_from);
    check(video_request_from(*body), video_request_from);
    check(chat_request_from(*body), chat_request_from);
    check(model_files_from(*body), model_files_from);
    return 0;
}

std::vector<std::string> good_inputs() {
    ImageRequest image;
    image.prompt = "a red fox";
    image.width = image.height = 128;
    image.steps = 8;
    ChatRequest chat;
    chat.turns = {{"system", "You are Pixel."}, {"user", "Hello"}};
    const ModelFiles model{"nano", "z_image", {{"diffusion", "/m/dit.gguf"}}, {{"threads", 2}}};
    return {json::serialize(to_json(image)), json::serialize(to_json(VideoRequest{image, 9, 16})),
            json::serialize(to_json(chat)), json::serialize(to_json(model))};
}
