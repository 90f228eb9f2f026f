// What comes of a generation: waits for its end, shows how it goes, says what is worth knowing, and saves it.
#pragma once

#include <string>

#include "base/json.h"
#include "connection.h"
#include "console.h"
#include "follow.h"
#include "interrupt.h"
#include "outputs.h"

namespace ourvidz::cli {

// Prints what the server's answer says about the request: words that the model does not know, brackets
// without a partner, a LoRA that is not there.
void tell_notes(const json::object& generation);

struct Following {
    std::string id;
    kinds::Medium medium = kinds::Medium::image;
    int batch = 1;
    OnStop on_stop = OnStop::cancel;
};

// Errors: those of the calls, why the generation failed, and what could not be saved.
[[nodiscard]] Result<void> follow_and_save(Connection& connection, const Following& following,
                                           const OutputOptions& options, Interrupt& interrupt,
                                           ProgressLine& line);

}  // namespace ourvidz::cli
