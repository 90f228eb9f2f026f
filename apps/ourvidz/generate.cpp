#include "generate.h"

#include <array>
#include <charconv>
#include <iostream>
#include <utility>

#include "base/exact_integer.h"
#include "base/id.h"
#include "base/text.h"
#include "catalog/kinds.h"
#include "connection.h"
#include "console.h"
#include "exit_status.h"
#include "interrupt.h"
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
    const auto medium = catalog::medium_of(options.kind).value_or(catalog::Medium::image);
    OURVIDZ_CHECK(check_outputs(options.output, medium, options.batch));
    const auto& output = options.output;
    ProgressLine line(output.quiet || output.json);
    OURVIDZ_TRY(connection, Connection::open(settings, interrupt, line));
    OURVIDZ_TRY(accepted, connection.post_once("/api/v1/generations", request));
    line.clear();
    if (!output.quiet && !output.json) tell_notes(accepted);
    const Following following{text_member(accepted, "id"), options.kind, options.batch, OnStop::cancel};
    return follow_and_save(connection, following, output, interrupt, line);
}

Result<void> fetch_one(const config::Settings& settings, const FetchOptions& options, Interrupt& interrupt) {
    if (!is_id(options.id, "gen"))
        return invalid_field("id", "must be the id of a generation: gen_ and 26 letters and digits");
    const auto& output = options.output;
    ProgressLine line(output.quiet || output.json);
    OURVIDZ_TRY(connection, Connection::open(settings, interrupt, line));
    OURVIDZ_TRY(generation, connection.get("/api/v1/generations/" + options.id));
    Following following{options.id, text_member(generation, "kind"), 1, OnStop::leave};
    if (const auto* batch = generation.if_contains("batch"); batch != nullptr && batch->is_int64())
        following.batch = static_cast<int>(batch->get_int64());
    const auto medium = catalog::medium_of(following.kind).value_or(catalog::Medium::image);
    OURVIDZ_CHECK(check_outputs(output, medium, following.batch));
    line.clear();
    if (!output.quiet && !output.json) tell_notes(generation);
    return follow_and_save(connection, following, output, interrupt, line);
}

int end(const Result<void>& done) {
    return done ? exit_ok : report(in_words_of_options(done.error()));
}

}  // namespace

Result<json::object> generation_request(const GenerateOptions& options, const std::string& prompt) {
    const auto medium = catalog::medium_of(options.kind);
    if (!medium) {
        auto kinds = kinds_help();
        kinds.pop_back();  // the last line's end
        return invalid_field("--kind", "must be one of these:\n" + kinds);
    }
    if (is_blank(prompt)) return invalid_field("prompt", "must not be empty");
    if (prompt.size() > prompt_bytes_max) return invalid_field("prompt", "is longer than 4096 bytes");
    if (!options.source.empty() && !is_id(options.source, "ast"))
        return invalid_field("--source", std::string(own_pictures));
    json::object request{{"kind", options.kind}};
    if (options.kind == "chat_conversation" || options.kind == "chat_unrestricted") {
        request["messages"] = json::array{json::object{{"role", "user"}, {"text", prompt}}};
    } else {
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
    return table({{"", "sdxl_image_fast", "Picture, fast: in few steps"},
                  {"", "sdxl_image_high", "Picture, high: more steps, finer detail"},
                  {"", "image_fast", "Still, fast: one frame of the clip model"},
                  {"", "image_high", "Still, high: one frame of the clip model, with more care"},
                  {"", "video_fast", "Clip, fast: a short moving picture"},
                  {"", "video_high", "Clip, high: a short moving picture, with more care"},
                  {"", "chat_enhance", "Prompt help: a richer prompt"},
                  {"", "chat_conversation", "Conversation: an answer"},
                  {"", "chat_unrestricted", "Open conversation: for verified adults"}});
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
