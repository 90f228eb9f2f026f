// `ourvidz generate`: asks a server for pictures, a clip or an answer, shows how it goes, and saves what
// comes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "base/json.h"
#include "base/result.h"
#include "config/settings.h"

namespace ourvidz::cli {

struct GenerateOptions {
    std::string prompt;  // "-": read from standard input
    std::string kind = "sdxl_image_fast";
    std::filesystem::path out;  // empty: a name of our own in the current folder
    bool force = false;         // write over files that exist
    std::optional<std::string> negative_prompt;
    std::optional<std::int64_t> seed;
    std::optional<int> steps;
    std::optional<double> guidance;
    std::optional<std::string> sampler;
    std::optional<std::string> size;  // "1024x768"
    int batch = 1;
    std::string source;  // a picture file or the id of an asset
    std::optional<double> strength;
    bool json = false;
    bool quiet = false;
};

// The body of POST /api/v1/generations. `source_asset_id` may be empty.
[[nodiscard]] Result<json::object> generation_request(const GenerateOptions& options,
                                                      const std::string& prompt,
                                                      const std::string& source_asset_id);

// Where the picture or clip at `position` is saved: NAME.png, or NAME-1.png and so on for a batch.
[[nodiscard]] std::filesystem::path output_path(const GenerateOptions& options,
                                                const std::string& generation_id, int position,
                                                std::string_view content_type);

[[nodiscard]] int generate(const config::Settings& settings, const GenerateOptions& options);

}  // namespace ourvidz::cli
