#include "catalog/inspect.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string_view>

#include "base/sha256.h"
#include "base/text.h"
#include "catalog/byte_reader.h"
#include "catalog/gguf.h"
#include "catalog/safetensors.h"

namespace ourvidz::catalog {
namespace {

constexpr std::size_t start_bytes = 512;
constexpr std::uint64_t sparse_checked_from_bytes = 64U << 20U;

// What a file that is no model is instead, judged by its first bytes; empty when nothing is recognised.
std::string_view what_else(std::string_view start) {
    const auto text = start.find_first_not_of(" \t\r\n");
    const auto words = in_lower_case(text == std::string_view::npos ? "" : start.substr(text, 64));
    if (words.starts_with("<!doctype") || words.starts_with("<html") || words.starts_with("<?xml")) {
        return "This is a web page, not a model. The download probably needs a sign-in or another link.";
    }
    if (start.starts_with("version https://git-lfs")) {
        return "This is a Git LFS pointer, not the model itself. Fetch the file that it points to.";
    }
    if (start.starts_with("PK\x03\x04")) {
        return "This is a zip archive, most likely a PyTorch pickle (.pt, .pth, .ckpt, .bin). Pickles can "
               "run programs "
               "when they are opened and are never read; get the model as .safetensors or .gguf.";
    }
    if (start.size() >= 2 && start[0] == '\x80' && start[1] >= 2 && start[1] <= 5) {
        return "This is a Python pickle. Pickles can run programs when they are opened and are never read; "
               "get the "
               "model as .safetensors or .gguf.";
    }
    if (start.starts_with("ggml") || start.starts_with("lmgg") || start.starts_with("tjgg") ||
        start.starts_with("fmgg")) {
        return "This is a model in the outdated GGML format; get it as .gguf.";
    }
    return "";
}

Result<void> check_stored(const ByteReader& reader) {
    if (reader.size() < sparse_checked_from_bytes) return {};
    if (reader.stored_bytes() < reader.size() / 2) {
        return bad_file("The file is mostly holes: its download did not finish. Download it again.");
    }
    return {};
}

}  // namespace

Result<Header> read_header(const std::filesystem::path& path, std::chrono::milliseconds limit) {
    OURVIDZ_TRY(reader, ByteReader::open(path, limit));
    if (reader.size() == 0) return bad_file("The file is empty.");
    std::string start(static_cast<std::size_t>(std::min<std::uint64_t>(start_bytes, reader.size())), '\0');
    OURVIDZ_CHECK(reader.bytes(start.data(), start.size()));
    if (const auto found = what_else(start); !found.empty()) return bad_file(std::string(found));
    if (start.size() < 24) return bad_file("The file is too short to be a model.");
    OURVIDZ_CHECK(check_stored(reader));
    OURVIDZ_TRY(again, ByteReader::open(path, limit));
    if (start.starts_with("GGUF")) {
        OURVIDZ_CHECK(again.skip(4));
        return read_gguf(again);
    }
    OURVIDZ_TRY(header_bytes, again.number<std::uint64_t>());
    if (start[8] != '{') return bad_file("This is neither a safetensors nor a GGUF file.");
    if (header_bytes > safetensors_header_bytes_max) return bad_file("The safetensors header is too large.");
    return read_safetensors(again, header_bytes);
}

Result<Inspection> inspect_file(const std::filesystem::path& path) {
    OURVIDZ_TRY(header, read_header(path));
    auto inspection = recognize(header);
    if (inspection.content == "unknown") {
        return bad_file("The file holds " + std::to_string(inspection.tensors) +
                        " tensors of a model that we do not know.");
    }
    return inspection;
}

Result<std::string> sha256_of_file(const std::filesystem::path& path,
                                   const std::function<bool(std::uint64_t, std::uint64_t)>& progress) {
    constexpr std::size_t piece_bytes = 4U << 20U;
    OURVIDZ_TRY(reader, ByteReader::open(path, std::chrono::hours(24)));
    Sha256 sum;
    std::vector<char> piece(piece_bytes);
    while (reader.position() < reader.size()) {
        const auto count =
            static_cast<std::size_t>(std::min<std::uint64_t>(piece_bytes, reader.size() - reader.position()));
        OURVIDZ_CHECK(reader.bytes(piece.data(), count));
        sum.update({piece.data(), count});
        if (progress && !progress(reader.position(), reader.size())) {
            return Error{ErrorCode::canceled, "Stopped.", ""};
        }
    }
    return sum.hex();
}

}  // namespace ourvidz::catalog
