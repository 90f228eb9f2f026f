// The command line of `ourvidz`: what there is to say, and which function does it.
#pragma once

namespace ourvidz::cli {

// Answers with the program's exit status (exit_status.h).
[[nodiscard]] int run(int argc, char** argv);

}  // namespace ourvidz::cli
