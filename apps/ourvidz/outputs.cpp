#include "outputs.h"

#include "assets/download_name.h"
#include "assets/media.h"
#include "base/text.h"

namespace ourvidz::cli {
namespace {

namespace fs = std::filesystem;
using kinds::Medium;

std::string_view content_type_of(Medium medium) {
    return medium == Medium::video ? "video/mp4" : "image/png";
}

Result<void> check_ending(const fs::path& out, Medium medium) {
    const auto ending = std::string(assets::extension_of(content_type_of(medium)));
    const auto given = in_lower_case(out.extension().string());
    if (medium == Medium::chat || given.empty() || given == ending) return {};
    const std::string what = medium == Medium::video ? "Clips are saved as MP4" : "Pictures are saved as PNG";
    auto name = out.filename();
    return invalid_field(
        "--out", what + ": name it " + name.replace_extension(ending).string() + ", or leave the ending out");
}

Result<void> check_stdout(const OutputOptions& options, int batch) {
    if (options.json) return invalid_field("--out", "- and --json both want standard output");
    if (batch > 1) return invalid_field("--out", "- takes one picture; name a file for a batch");
    return {};
}

}  // namespace

Result<void> check_outputs(const OutputOptions& options, Medium medium, int batch) {
    if (options.out.empty()) return {};
    if (options.to_stdout()) return check_stdout(options, batch);
    OURVIDZ_CHECK(check_ending(options.out, medium));
    std::error_code ignored;
    for (int position = 0; position < batch && !options.force; ++position) {
        const auto path = medium == Medium::chat
                              ? options.out
                              : output_path(options, {position, batch, "", "", content_type_of(medium)});
        if (fs::exists(path, ignored))
            return invalid_field("--out", path.string() + " exists; --force writes over it");
    }
    const auto folder = options.out.has_parent_path() ? options.out.parent_path() : fs::path(".");
    if (!fs::is_directory(folder, ignored))
        return invalid_field("--out", folder.string() + " is not a folder");
    return {};
}

fs::path output_path(const OutputOptions& options, const Output& output) {
    if (options.out.empty()) return assets::download_name(output.words, output.asset_id, output.content_type);
    auto path = options.out;
    if (!path.has_extension()) path += std::string(assets::extension_of(output.content_type));
    if (output.batch == 1) return path;
    const auto number = "-" + std::to_string(output.position + 1);
    return path.parent_path() / (path.stem().string() + number + path.extension().string());
}

}  // namespace ourvidz::cli
