// `ourvidz generate`: asks a server for pictures, a clip or an answer, shows how it goes, and saves what
// comes. `ourvidz fetch`: the same for what was asked for before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "config/settings.h"
#include "outputs.h"

namespace ourvidz::cli {

struct GenerateOptions {
    std::string prompt;  // "-": read from standard input
    std::string kind = "sdxl_image_fast";
    std::optional<std::string> negative_prompt;
    std::optional<std::int64_t> seed;
    std::optional<int> steps;
    std::optional<double> guidance;
    std::optional<std::string> sampler;
    std::optional<std::string> size;  // "512x768"
    int batch = 1;
    std::string source;  // the id of an asset
    std::optional<double> strength;
    OutputOptions output;
};

// The body of POST /api/v1/generations.
[[nodiscard]] Result<json::object> generation_request(const GenerateOptions& options,
                                                      const std::string& prompt);

// The error of the API with the option of the command line that its field came from.
[[nodiscard]] Error in_words_of_options(Error error);

// The kinds for people, one a line: what to give to --kind, and what it is.
[[nodiscard]] std::string kinds_help();

[[nodiscard]] int generate(const config::Settings& settings, const GenerateOptions& options);

struct FetchOptions {
    std::string id;  // of a generation
    OutputOptions output;
};
[[nodiscard]] int fetch(const config::Settings& settings, const FetchOptions& options);

}  // namespace ourvidz::cli
