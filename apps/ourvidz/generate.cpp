#include "generate.h"

#include <array>
#include <charconv>
#include <iostream>
#include <utility>

#include "base/exact_integer.h"
#include "base/id.h"
#include "base/text.h"
#include "connection.h"
#include "console.h"
#include "exit_status.h"
#include "interrupt.h"
#include "kinds/kinds.h"
#include "results.h"

namespace ourvidz::cli {
namespace {

constexpr std::size_t prompt_bytes_max = 4096;
constexpr std::string_view own_pictures =
    "must be the id of a picture that was made here (ast_...). Files of your own cannot be used yet: there "
    "are "
    "no safety checks for them, so they would be held.";

// The line that an editor or `echo` ends is not part of what was said.
Result<std::string> read_prompt(const std::string& given) {
    if (given != "-") return given;
    std::string text(prompt_bytes_max + 2, '\0');
    std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::cin.gcount()));
    if (text.ends_with('\n')) text.pop_back();
    if (text.ends_with('\r')) text.pop_back();
    return text;
}

Result<void> add_size(json::object& request, const std::string& text) {
    int width = 0;
    int height = 0;
    const auto* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, width);
    const bool crossed = first.ec == std::errc() && first.ptr != end && *first.ptr == 'x';
    const auto second = crossed ? std::from_chars(first.ptr + 1, end, height) : first;
    if (!crossed || second.ec != std::errc() || second.ptr != end || width < 1 || height < 1)
        return invalid_field("--size", "must be WIDTHxHEIGHT, two whole numbers of pixels");
    request["width"] = width;
    request["height"] = height;
    return {};
}

Result<void> make(const config::Settings& settings, const GenerateOptions& options, Interrupt& interrupt) {
    OURVIDZ_TRY(prompt, read_prompt(options.prompt));
    // All of it is checked here first, so that a slip costs no server start.
    OURVIDZ_TRY(request, generation_request(options, prompt));
    OURVIDZ_TRY(kind, kinds::require(options.kind));
    OURVIDZ_CHECK(check_outputs(options.output, kind->medium(), options.batch));
    const auto& output = options.output;
    ProgressLine line(output.quiet || output.json);
    OURVIDZ_TRY(connection, Connection::open(settings, interrupt, line));
    OURVIDZ_TRY(accepted, connection.post_once("/api/v1/generations", request));
    line.clear();
    if (!output.quiet && !output.json) tell_notes(accepted);
    const Following following{text_member(accepted, "id"), kind->medium(), options.batch, OnStop::cancel};
    return follow_and_save(connection, following, output, interrupt, line);
}

Result<void> fetch_one(const config::Settings& settings, const FetchOptions& options, Interrupt& interrupt) {
    if (!is_id(options.id, "gen"))
        return invalid_field("id", "must be the id of a generation: gen_ and 26 letters and digits");
    const auto& output = options.output;
    ProgressLine line(output.quiet || output.json);
    OURVIDZ_TRY(connection, Connection::open(settings, interrupt, line));
    OURVIDZ_TRY(generation, connection.get("/api/v1/generations/" + options.id));
    const auto medium = kinds::medium_named(text_member(generation, "medium"));
    if (!medium)
        return Error{ErrorCode::unavailable,
                     "It is nothing that this version of the program can save: use that of the studio.", ""};
    Following following{options.id, *medium, 1, OnStop::leave};
    if (const auto* batch = generation.if_contains("batch"); batch != nullptr && batch->is_int64())
        following.batch = static_cast<int>(batch->get_int64());
    OURVIDZ_CHECK(check_outputs(output, *medium, following.batch));
    line.clear();
    if (!output.quiet && !output.json) tell_notes(generation);
    return follow_and_save(connection, following, output, interrupt, line);
}

int end(const Result<void>& done) {
    return done ? exit_ok : report(in_words_of_options(done.error()));
}

}  // namespace

Result<json::object> generation_request(const GenerateOptions& options, const std::string& prompt) {
    const auto* kind = kinds::find(options.kind);
    if (kind == nullptr) {
        auto known = kinds_help();
        known.pop_back();  // the last line's end
        return invalid_field("--kind", "must be one of these:\n" + known);
    }
    const bool needs_words = kind->work != kinds::Work::enlarge;
    if (needs_words && is_blank(prompt)) return invalid_field("prompt", "must not be empty");
    if (prompt.size() > prompt_bytes_max) return invalid_field("prompt", "is longer than 4096 bytes");
    if (!options.source.empty() && !is_id(options.source, "ast"))
        return invalid_field("--source", std::string(own_pictures));
    json::object request{{"kind", options.kind}};
    if (kinds::among(kinds::listening, kind->work)) {
        request["messages"] = json::array{json::object{{"role", "user"}, {"text", prompt}}};
    } else if (!prompt.empty()) {
        request["prompt"] = prompt;
    }
    if (options.negative_prompt) request["negative_prompt"] = *options.negative_prompt;
    if (options.seed) request["seed"] = exact_integer(*options.seed);
    if (options.steps) request["steps"] = *options.steps;
    if (options.guidance) request["guidance"] = *options.guidance;
    if (options.sampler) request["sampler"] = *options.sampler;
    if (options.size) OURVIDZ_CHECK(add_size(request, *options.size));
    if (options.batch != 1) request["batch"] = options.batch;
    if (options.strength) request["strength"] = *options.strength;
    if (!options.source.empty()) request["source_asset_id"] = options.source;
    return request;
}

Error in_words_of_options(Error error) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 11> options{{
        {"kind", "--kind"},
        {"negative_prompt", "--negative"},
        {"seed", "--seed"},
        {"steps", "--steps"},
        {"guidance", "--guidance"},
        {"sampler", "--sampler"},
        {"width", "--size"},
        {"height", "--size"},
        {"batch", "--batch"},
        {"source_asset_id", "--source"},
        {"strength", "--strength"},
    }};
    for (const auto& [field, option] : options) {
        if (error.field == field) error.field = option;
    }
    return error;
}

std::string kinds_help() {
    std::vector<std::vector<std::string>> rows;
    for (const auto& kind : kinds::all) rows.push_back({"", std::string(kind.name), std::string(kind.about)});
    return table(rows);
}

int generate(const config::Settings& settings, const GenerateOptions& options) {
    Interrupt interrupt;
    return end(make(settings, options, interrupt));
}

int fetch(const config::Settings& settings, const FetchOptions& options) {
    Interrupt interrupt;
    return end(fetch_one(settings, options, interrupt));
}

}  // namespace ourvidz::cli
