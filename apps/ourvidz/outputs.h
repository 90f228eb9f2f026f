// Where pictures, clips and answers are saved, and under which names.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "kinds/kinds.h"

namespace ourvidz::cli {

struct OutputOptions {
    std::filesystem::path out;  // empty: names of our own in the current folder; "-": standard output
    bool force = false;         // write over files that exist
    bool json = false;
    bool quiet = false;

    [[nodiscard]] bool to_stdout() const { return out == "-"; }
};

// What would go wrong with saving, before anything is made. Errors: invalid_field naming --out.
[[nodiscard]] Result<void> check_outputs(const OutputOptions& options, kinds::Medium medium, int batch);

struct Output {
    int position = 0;   // in its batch
    int batch = 1;      // how many there are
    std::string words;  // the prompt
    std::string asset_id;
    std::string_view content_type;
};

// NAME.png, or NAME-1.png and so on for a batch; an ending that was left out is put there. Without a NAME, a
// name with words of the prompt.
[[nodiscard]] std::filesystem::path output_path(const OutputOptions& options, const Output& output);

}  // namespace ourvidz::cli
