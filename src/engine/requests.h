// What engines are asked to do. One request makes one picture, one clip or one answer; a batch is several.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "safety/gate.h"

namespace ourvidz::engine {

constexpr std::size_t prompt_bytes_max = 16U << 10U;
constexpr std::size_t turn_bytes_max = 128U << 10U;
constexpr std::size_t grammar_bytes_max = 64U << 10U;
constexpr std::size_t identifier_bytes_max = 100;
constexpr std::size_t path_bytes_max = 4096;
constexpr std::size_t turns_max = 1000;
constexpr std::size_t model_files_max = 128;
constexpr std::size_t loras_max = 8;
constexpr double lora_weight_max = 4;  // either side of 0
constexpr int side_min = 16;           // pixels
constexpr int side_max = 8192;
constexpr int steps_max = 150;
constexpr double guidance_max = 100;
constexpr int frames_max = 2000;
constexpr int fps_max = 120;
constexpr int tokens_max_max = 32'768;

// A LoRA laid over the model for one picture.
struct LoraWeight {
    std::string name;  // for people
    double weight = 1;
    std::string file;  // absolute
};

struct ImageRequest {
    std::string prompt;  // as prompts::engine_text() writes it
    std::string negative_prompt;
    int width = 0;  // pixels, a multiple of the model's size_step
    int height = 0;
    int steps = 0;        // 1..150
    double guidance = 1;  // classifier-free guidance scale, 1 = off
    std::string sampler;  // the engine's sample method name ("euler", "dpm++2m"), empty: the model's default
    std::string scheduler;  // "discrete", "karras", ...; empty: the model's default
    std::int64_t seed = 0;  // >= 0
    double strength = 1;    // with an input picture: 0 keeps it, 1 ignores it
    bool preview = true;
    // The input picture travels as the binary part: RGB8 of exactly width x height.
    bool has_input = false;
    bool second_network = false;  // draws with the model's second network, where it has one
    std::vector<LoraWeight> loras;
};

// What a field of it may be: words for the model, a name that the engine has, a number, a choice of two.
struct Words {};
struct Identifier {};
struct Whole {
    std::int64_t min = 0;
    std::int64_t max = 0;
};
struct Real {
    double min = 0;
    double max = 0;
};
struct Flag {};
enum class Need { required, optional };  // optional: it keeps its default

// Describes each of its fields but the LoRAs, once: field(name, member, shape, need). The protocol is written
// and read by that, and settings of the same name are taken over (src/node/picture_request.h).
template <class Field>
void each_field(Field field) {
    using R = ImageRequest;
    field("prompt", &R::prompt, Words{}, Need::required);
    field("negative_prompt", &R::negative_prompt, Words{}, Need::optional);
    field("width", &R::width, Whole{side_min, side_max}, Need::required);
    field("height", &R::height, Whole{side_min, side_max}, Need::required);
    field("steps", &R::steps, Whole{1, steps_max}, Need::required);
    field("guidance", &R::guidance, Real{0, guidance_max}, Need::optional);
    field("sampler", &R::sampler, Identifier{}, Need::optional);
    field("scheduler", &R::scheduler, Identifier{}, Need::optional);
    field("seed", &R::seed, Whole{0, std::numeric_limits<std::int64_t>::max()}, Need::required);
    field("strength", &R::strength, Real{0, 1}, Need::optional);
    field("preview", &R::preview, Flag{}, Need::optional);
    field("has_input", &R::has_input, Flag{}, Need::optional);
    field("second_network", &R::second_network, Flag{}, Need::optional);
}

struct VideoRequest {
    ImageRequest picture;  // prompt, size, steps, guidance, seed; the input is the first frame
    int frames = 0;        // 4k+1 for Wan
    int fps = 16;
};

struct ChatTurn {
    std::string role;  // "system", "user" or "assistant"
    std::string text;
};

struct ChatRequest {
    std::vector<ChatTurn> turns;
    int tokens_max = 512;
    double temperature = 0.7;
    double top_p = 0.9;
    double repetition_penalty = 1.1;
    std::int64_t seed = 0;
    std::string grammar;  // GBNF, root rule "root"; empty: free text
};

// Every text of a request that the engine reads, byte for byte, and what it reads there: words without their
// weights, and the names of LoRAs, which say what is laid over the picture.
[[nodiscard]] safety::TextToCheck text_to_check(const ImageRequest& request);
[[nodiscard]] safety::TextToCheck text_to_check(const VideoRequest& request);
[[nodiscard]] safety::TextToCheck text_to_check(const ChatRequest& request);

[[nodiscard]] json::object to_json(const ImageRequest& request);
[[nodiscard]] json::object to_json(const VideoRequest& request);
[[nodiscard]] json::object to_json(const ChatRequest& request);
[[nodiscard]] Result<ImageRequest> image_request_from(const json::object& body);
[[nodiscard]] Result<VideoRequest> video_request_from(const json::object& body);
[[nodiscard]] Result<ChatRequest> chat_request_from(const json::object& body);

// Which files make up a model and how to open it; comes from the model catalogue.
struct ModelFiles {
    std::string model;   // catalogue name
    std::string family;  // "z_image", "sdxl", "wan", "llama", ...
    std::map<std::string, std::string>
        files;             // role ("diffusion", "llm", "taesd", "vae", "model", ...) -> path
    json::object options;  // threads, vae_tiling, flash_attention, context_tokens, ...
};
[[nodiscard]] json::object to_json(const ModelFiles& model);
[[nodiscard]] Result<ModelFiles> model_files_from(const json::object& body);

}  // namespace ourvidz::engine
