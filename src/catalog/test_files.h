// Writes small model files for tests: real containers with real tensor names and no weights worth having.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <ranges>
#include <string>
#include <vector>

#include "base/id.h"

namespace ourvidz::catalog::testing {

// A folder that disappears with the object.
class TemporaryFolder {
  public:
    TemporaryFolder() : path_(std::filesystem::temp_directory_path() / ("ourvidz-catalog-" + random_hex(8))) {
        std::filesystem::create_directories(path_);
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    std::filesystem::path write(const std::string& name, const std::string& bytes) const {
        const auto path = path_ / name;
        std::filesystem::create_directories(path.parent_path());
        std::ofstream(path, std::ios::binary) << bytes;
        return path;
    }

  private:
    std::filesystem::path path_;
};

struct TestTensor {
    std::string name;
    std::vector<std::uint64_t> shape;  // outermost first
};

template <class Number>
std::string raw(Number number) {
    return std::string(reinterpret_cast<const char*>(&number), sizeof number);
}

inline std::string counted(const std::string& text) {
    return raw<std::uint64_t>(text.size()) + text;
}

// Zeros of type U8, so that shapes may be large without the file being so: rows are given, data is one byte
// each.
inline std::string safetensors(const std::vector<TestTensor>& tensors) {
    std::string header = "{";
    std::uint64_t at = 0;
    for (const auto& tensor : tensors) {
        std::uint64_t items = 1;
        std::string shape;
        for (const auto length : tensor.shape) {
            items *= length;
            shape += (shape.empty() ? "" : ",") + std::to_string(length);
        }
        if (header.size() > 1) header += ',';
        header += "\"" + tensor.name + "\":{\"dtype\":\"U8\",\"shape\":[" + shape + "],\"data_offsets\":[" +
                  std::to_string(at) + "," + std::to_string(at + items) + "]}";
        at += items;
    }
    header += "}";
    return counted(header) + std::string(static_cast<std::size_t>(at), '\0');
}

// F16 zeros under the given architecture.
inline std::string gguf(const std::string& architecture, const std::vector<TestTensor>& tensors) {
    std::string file =
        "GGUF" + raw<std::uint32_t>(3) + raw<std::uint64_t>(tensors.size()) + raw<std::uint64_t>(2);
    file += counted("general.architecture") + raw<std::uint32_t>(8) + counted(architecture);
    file += counted("tokenizer.ggml.tokens") + raw<std::uint32_t>(9) + raw<std::uint32_t>(8) +
            raw<std::uint64_t>(2) + counted("a") + counted("fox");
    std::uint64_t at = 0;
    for (const auto& tensor : tensors) {
        file += counted(tensor.name) + raw<std::uint32_t>(static_cast<std::uint32_t>(tensor.shape.size()));
        std::uint64_t items = 1;
        for (const auto length : std::ranges::reverse_view(tensor.shape)) {
            file += raw<std::uint64_t>(length);
            items *= length;
        }
        file += raw<std::uint32_t>(1) + raw<std::uint64_t>(at);
        at += (items * 2 + 31) / 32 * 32;
    }
    file.resize((file.size() + 31) / 32 * 32);
    return file + std::string(static_cast<std::size_t>(at), '\0');
}

// The tensors by which an SDXL checkpoint is known.
inline std::vector<TestTensor> sdxl_checkpoint() {
    return {{"model.diffusion_model.input_blocks.0.0.weight", {320, 4, 3, 3}},
            {"model.diffusion_model.input_blocks.1.0.in_layers.0.weight", {320}},
            {"model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_k.weight", {2, 2048}},
            {"conditioner.embedders.0.transformer.text_model.embeddings.token_embedding.weight", {2, 768}},
            {"first_stage_model.decoder.conv_in.weight", {8, 4, 3, 3}}};
}

inline std::vector<TestTensor> language_model() {
    return {{"token_embd.weight", {64, 32}}, {"blk.0.attn_norm.weight", {32}}};
}

}  // namespace ourvidz::catalog::testing
