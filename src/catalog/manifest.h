// One model as its manifest (models/catalog/NAME.json) describes it. models/catalog/README.md documents every
// field.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "catalog/layers.h"
#include "catalog/near_words.h"
#include "kinds/kinds.h"

namespace ourvidz::catalog {

template <class Number>
struct Range {
    Number min{};
    Number max{};
    Number preset{};  // what is used when the request says nothing
};

struct Size {
    std::string label;  // "square", "portrait" or "landscape"
    int width = 0;      // pixels of what the user gets
    int height = 0;
    int render_width = 0;   // pixels that the engine draws, multiples of the entry's size_step; the result is
    int render_height = 0;  // enlarged by KindSpec::upscale, then covered and cropped to width x height
};

struct Upscale {
    int factor = 1;      // 1: the engine's pixels are delivered as they are
    std::string method;  // "srvgg" (the small network) or "lanczos"; empty for factor 1
};

// Words that a picture model has learnt for where and how a thing stands. One word of each axis, in this
// order, goes to the end of the prompt. Nobody types them: clips are made with them.
struct PoseWords {
    static constexpr std::size_t grades = 9;   // words of an axis
    static constexpr std::size_t neutral = 4;  // upright in the middle; of `size` the last is the neutral one
    std::vector<std::string> across;           // from left to right, a twentieth of the width each
    std::vector<std::string> down;             // from top to bottom, a twentieth of the height each
    std::vector<std::string> tilt;             // clockwise, 7.5 degrees each
    std::vector<std::string> size;             // growing, from 0.52 of the full size by 0.06 each
    std::vector<std::string> not_with;  // words of a prompt that arrange things themselves ("two", "left")
    double strength = 0.13;             // how far a key frame is drawn anew: 0 not at all, 1 wholly
};

struct Clip {
    std::string method;  // "native": the engine's own video; "keyframes": built from picture calls
    int seconds = 0;
    int fps = 0;
    int frames = 0;                       // what the engine is asked for (native only; 4k+1 for Wan)
    std::optional<PoseWords> pose_words;  // keyframes only
};

struct ChatSpec {
    Range<int> tokens;  // of the answer
    double temperature = 0.7;
    double top_p = 0.9;
    double repetition_penalty = 1.1;
    // The model keeps to a persona only after one worked example.
    bool needs_example = false;
};

// How an entry serves one job kind. Pictures and clips have sizes, steps and so on; chat kinds have `chat`.
struct KindSpec {
    std::string name;
    int rank = 0;             // among the installed entries that serve the kind, the highest wins
    std::vector<Size> sizes;  // the first is the preset
    Upscale upscale;
    std::map<std::string, Range<double>, std::less<>> ranges;  // of settings that differ by model, by name
    std::vector<std::string> samplers;                         // engine names; the first is the preset
    std::vector<std::string> schedulers;                       // engine names; the first is the preset
    std::vector<int> batches;
    bool image_to_image = false;
    std::optional<Clip> clip;
    std::optional<ChatSpec> chat;

    [[nodiscard]] const Size* find_size(int width, int height) const;
    // Null where the model takes no such setting.
    [[nodiscard]] const Range<double>* find_range(std::string_view setting) const;
};

// One file that `ourvidz models pull` fetches.
struct Pull {
    std::string path;  // below the base address of --model-source, already encoded
    std::string name;  // what it is called here
    std::optional<std::uint64_t> bytes;
    std::optional<std::string> sha256;  // lower-case hex
};

struct FileSpec {
    std::string role;  // "diffusion", "llm", "taesd", "vae", "t5xxl", "model": engine::ModelFiles' roles
    // Patterns with `*`, case-insensitive. With a slash: a path inside a model folder; without: a file name
    // anywhere in it. Earlier patterns win, then names in alphabetical order. NAME/ROLE.gguf and .safetensors
    // always fit, so that any file can be put into place.
    std::vector<std::string> names;
    std::string content;     // what inspect_file() must say, such as "sdxl/checkpoint"; empty: not looked at
    bool optional = false;   // the model works without it
    bool unclaimed = false;  // only files that no other entry's names fit
    std::optional<std::uint64_t> bytes;
    std::optional<std::string> sha256;  // lower-case hex
    std::vector<Pull> pull;             // in the order of its numbered parts; empty: nowhere to be had
};

// How a model is set up for one profile (catalog/choices.h).
struct Configuration {
    std::string profile;
    int memory_mb = 0;     // in place of Entry::memory_mb
    json::object options;  // laid over Entry::options
    std::string note;      // for people
};

// The lists of words are sorted, for has().
struct Vocabulary {
    std::vector<std::string> known;       // words that were trained
    std::vector<std::string> also_known;  // words that borrow a trained meaning
    std::vector<std::string> ignored;     // words without a picture of their own ("a", "the", "in")
    std::vector<std::string> things;      // by name, which may be of several words
    // Known words that alone are no picture ("red", "two", "background"); empty: any known word is one.
    std::vector<std::string> describing;
};

// A file of the folder "loras", which prompts may name, whatever the model of its family.
struct Lora {
    std::string name;    // the file's name without its extension, composed (NFC)
    std::string family;  // as Entry::family; empty where it is unusable
    std::filesystem::path file;
    std::string unusable;  // a sentence that says why; empty: it can be used
};

struct Entry {
    std::string name;
    std::string title;
    std::string description;
    std::string family;  // "z_image", "sdxl", "wan", "llama": engine::ModelFiles::family
    std::string engine;  // "diffusion" or "llama"
    std::string domain;  // of its pictures, as safety::picture_domain_from() reads it; empty for chat models
    std::string licence;
    std::string source;  // where a person gets it; empty for what comes with the studio
    int memory_mb = 0;   // that a worker needs with it loaded, working buffers included
    int size_step = 1;   // render sizes are multiples of this
    std::vector<FileSpec> files;
    json::object options;  // engine::ModelFiles::options
    std::vector<Configuration> configurations;
    std::string unsupported;               // why nothing here uses it yet; such entries have no kinds
    std::optional<int> prompt_tokens_max;  // where the model's own limit is lower than its family's
    bool prompt_weights = true;            // whether "(word:1.3)" changes anything for the model
    // Words that the model has learnt for the sets of drawings it was trained on: the seed chooses one, which
    // goes behind the prompt, so that another seed is another drawing. Nobody types them.
    std::vector<std::string> style_words;
    std::string prompt_hint;
    std::vector<std::string> example_prompts;
    std::optional<Vocabulary> vocabulary;
    std::string near_words_file;                  // beside the manifest; empty: none
    std::shared_ptr<const NearWords> near_words;  // what it says; parse_manifest() does not read it
    std::optional<Layers> layers;
    std::vector<KindSpec> kinds;

    [[nodiscard]] const KindSpec* find_kind(std::string_view kind) const;
};

// In which line of the queue this entry's work at a kind waits, and on which kind of place of a node it is
// done.
[[nodiscard]] kinds::Medium line_of(const Entry& entry, const kinds::Kind& kind);

// Errors: invalid_field with the field's path inside the manifest.
[[nodiscard]] Result<Entry> parse_manifest(std::string_view text);

}  // namespace ourvidz::catalog
