// What is in a model file? Answered from the file's own header, never from its name, and without loading
// weights. The files come from anywhere, so every count and offset in them is hostile until it has been
// checked.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"

namespace ourvidz::catalog {

constexpr std::uint64_t safetensors_header_bytes_max = 16U << 20U;
constexpr std::uint64_t gguf_header_bytes_max = 96U << 20U;
constexpr std::uint64_t tensors_max = 65'536;
constexpr std::chrono::milliseconds inspect_ms_max{2000};

struct Tensor {
    std::string name;
    std::vector<std::uint64_t> shape;  // outermost dimension first, as PyTorch prints it
};

// The header of a file, checked against the file's size but not yet understood.
struct Header {
    std::string format;  // "safetensors" or "gguf"
    std::vector<Tensor> tensors;
    std::map<std::string, std::string> metadata;  // short texts and numbers only
    std::uint64_t bytes = 0;                      // of the whole file
};

struct Inspection {
    std::string format;
    std::string
        content;        // "sdxl/checkpoint", "qwen2/language_model": what FileSpec::content is compared with
    std::string title;  // the same for people: "SDXL checkpoint"
    std::uint64_t bytes = 0;
    std::uint64_t tensors = 0;
    std::uint64_t parameters = 0;
};

// Reads and checks the header. Errors: invalid_field with field "file" and a sentence that says what the file
// is instead (a pickle, a web page, cut off, mostly holes), not_found, unavailable when reading took too
// long.
[[nodiscard]] Result<Header> read_header(const std::filesystem::path& path,
                                         std::chrono::milliseconds limit = inspect_ms_max);

// Names what the tensors are. Content "unknown" when nothing fits.
[[nodiscard]] Inspection recognize(const Header& header);

// Both in one; unknown content is an error.
[[nodiscard]] Result<Inspection> inspect_file(const std::filesystem::path& path);

// SHA-256 of a file in lower-case hex. `progress(done, total)` may answer false to stop
// (ErrorCode::canceled).
[[nodiscard]] Result<std::string> sha256_of_file(
    const std::filesystem::path& path, const std::function<bool(std::uint64_t, std::uint64_t)>& progress);

}  // namespace ourvidz::catalog
