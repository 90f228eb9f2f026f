#include "generate.h"

#include <charconv>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "base/exact_integer.h"
#include "base/id.h"
#include "catalog/kinds.h"
#include "console.h"
#include "exit_status.h"
#include "follow.h"
#include "http/client.h"
#include "interrupt.h"
#include "server_link.h"

namespace ourvidz::cli {
namespace {

namespace fs = std::filesystem;

constexpr int call_ms_max = 30'000;
constexpr int transfer_ms_max = 600'000;
constexpr std::size_t prompt_bytes_max = 4096;

bool is_chat(const std::string& kind) {
    return catalog::medium_of(kind) == catalog::Medium::chat;
}

Result<std::string> read_prompt(const std::string& given) {
    if (given != "-") return given;
    std::string text(prompt_bytes_max + 1, '\0');
    std::cin.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(std::cin.gcount()));
    if (text.size() > prompt_bytes_max) return invalid_field("prompt", "is longer than 4096 bytes");
    return text;
}

std::string_view extension_of(std::string_view content_type) {
    if (content_type == "image/png") return ".png";
    if (content_type == "image/webp") return ".webp";
    if (content_type == "video/mp4") return ".mp4";
    return ".bin";
}

Result<std::string> picture_type(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string start(12, '\0');
    stream.read(start.data(), 12);
    if (start.starts_with("\x89PNG")) return std::string("image/png");
    if (start.starts_with("\xFF\xD8\xFF")) return std::string("image/jpeg");
    if (start.starts_with("RIFF") && start.substr(8) == "WEBP") return std::string("image/webp");
    return invalid_field("--source", "is neither a PNG, a JPEG or a WebP file nor the id of an asset");
}

// Refuses before anything is made, not after.
Result<void> check_outputs(const GenerateOptions& options) {
    if (options.out.empty() || options.force) return {};
    for (int position = 0; position < options.batch; ++position) {
        const auto path = output_path(options, "", position, "");
        std::error_code ignored;
        if (fs::exists(path, ignored))
            return invalid_field("--out", path.string() + " exists; --force writes over it");
    }
    const auto folder = options.out.has_parent_path() ? options.out.parent_path() : fs::path(".");
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
        return invalid_field("--out", folder.string() + " is not a folder");
    return {};
}

Error failure_of(const json::object& generation) {
    const auto state = text_member(generation, "state");
    if (state == "canceled") return Error{ErrorCode::canceled, "Canceled.", ""};
    const auto* error = generation.if_contains("error");
    if (error == nullptr || !error->is_object())
        return Error{ErrorCode::internal, "It failed without a reason.", ""};
    const auto code = error_code_from(text_member(error->get_object(), "code"));
    return Error{code.value_or(ErrorCode::internal), printable(text_member(error->get_object(), "detail")),
                 ""};
}

// While it lives, a request to stop ends the client's call. A request that came before leaves it alone, so
// that what was finished until then can still be fetched.
class StopsCall {
  public:
    StopsCall(Interrupt& interrupt, http::Client& client) : interrupt_(interrupt) {
        if (!interrupt_.requested()) interrupt_.on_request([&client] { client.interrupt(); });
    }
    ~StopsCall() { interrupt_.on_request({}); }
    StopsCall(const StopsCall&) = delete;
    StopsCall& operator=(const StopsCall&) = delete;

  private:
    Interrupt& interrupt_;
};

class Generate {
  public:
    Generate(const config::Settings& settings, const GenerateOptions& options, Interrupt& interrupt)
        : settings_(settings),
          options_(options),
          interrupt_(interrupt),
          line_(options.quiet || options.json) {}

    Result<void> run() {
        OURVIDZ_CHECK(check_outputs(options_));
        OURVIDZ_TRY(prompt, read_prompt(options_.prompt));
        // The request is checked here first, so that a slip costs no server start.
        OURVIDZ_TRY(unsent, generation_request(options_, prompt, ""));
        (void)unsent;
        OURVIDZ_CHECK(connect());
        OURVIDZ_TRY(source, source_asset());
        OURVIDZ_TRY(request, generation_request(options_, prompt, source));
        OURVIDZ_TRY(id, submit(request));
        OURVIDZ_TRY(generation, follow_to_end(id));
        line_.clear();
        if (const auto hint = text_member(generation, "hint"); !hint.empty() && !options_.quiet) {
            std::fprintf(stderr, "%s\n", printable(hint).c_str());
        }
        if (text_member(generation, "state") != "succeeded") {
            OURVIDZ_CHECK(save_all(generation));
            return failure_of(generation);
        }
        return save_all(generation);
    }

  private:
    Result<void> connect() {
        server_.token = settings_.token;
        server_.url = settings_.server_url.empty() ? listening_server(settings_) : settings_.server_url;
        if (server_.url.empty()) {
            line_.show("starting a server", 0);
            OURVIDZ_TRY(own, OwnServer::start(settings_, interrupt_));
            own_ = std::make_unique<OwnServer>(std::move(own));
            server_.url = own_->url();
        }
        client_ = std::make_unique<http::Client>(server_.url, server_.token);
        if (interrupt_.requested()) return Error{ErrorCode::canceled, "Canceled.", ""};
        return {};
    }

    Result<std::string> source_asset() {
        if (options_.source.empty() || is_id(options_.source, "ast")) return options_.source;
        OURVIDZ_TRY(type, picture_type(options_.source));
        const StopsCall stops(interrupt_, *client_);
        OURVIDZ_TRY(reply, client_->upload("POST", "/api/v1/assets", options_.source,
                                           {{"Content-Type", type}}, transfer_ms_max));
        OURVIDZ_TRY(answer, parse_json_object(reply.body));
        if (reply.status != 201) {
            const auto code = error_code_from(text_member(answer, "code"));
            return Error{code.value_or(ErrorCode::unavailable), printable(text_member(answer, "detail")),
                         "--source"};
        }
        return text_member(answer, "id");
    }

    Result<std::string> submit(const json::object& request) {
        const StopsCall stops(interrupt_, *client_);
        const http::Client::Headers headers = {{"Content-Type", "application/json"},
                                               {"Idempotency-Key", random_hex(16)}};
        OURVIDZ_TRY(reply, client_->send("POST", "/api/v1/generations", json::serialize(request), headers,
                                         call_ms_max));
        OURVIDZ_TRY(answer, parse_json_object(reply.body));
        if (reply.status == 202) return text_member(answer, "id");
        const auto code = error_code_from(text_member(answer, "code"));
        return Error{code.value_or(ErrorCode::unavailable), printable(text_member(answer, "detail")),
                     text_member(answer, "field")};
    }

    Result<json::object> follow_to_end(const std::string& id) {
        FollowCallbacks callbacks;
        callbacks.progress = [this](const json::object& progress) {
            const auto* fraction = progress.if_contains("fraction");
            line_.show(progress_text(progress, options_.batch, line_.columns()),
                       fraction != nullptr && fraction->is_number() ? fraction->to_number<double>() : 0);
        };
        if (is_chat(options_.kind) && !options_.json) {
            callbacks.words = [this](std::string_view words) {
                line_.clear();
                const auto text = printable(words);
                std::fwrite(text.data(), 1, text.size(), stdout);
                std::fflush(stdout);
                said_ = true;
            };
            // Progress would be drawn over the words.
            callbacks.progress = [this, show = callbacks.progress](const json::object& progress) {
                if (!said_) show(progress);
            };
        }
        return follow(server_, id, interrupt_, callbacks);
    }

    Result<void> save_all(const json::object& generation) {
        if (said_) std::fputc('\n', stdout);
        json::array files;
        if (is_chat(options_.kind)) OURVIDZ_CHECK(save_text(text_member(generation, "text")));
        std::optional<Error> fault;
        if (const auto* assets = generation.if_contains("assets"); assets != nullptr && assets->is_array()) {
            for (const auto& asset : assets->get_array()) {
                if (!asset.is_object()) continue;
                auto saved = save(generation, asset.get_object());
                if (saved) {
                    files.emplace_back(saved->string());
                    if (!options_.json) std::printf("%s\n", saved->c_str());
                } else if (!fault) {
                    fault = saved.error();
                }
            }
        }
        if (options_.json) {
            auto answer = generation;
            answer["files"] = std::move(files);
            std::printf("%s\n", json::serialize(answer).c_str());
        }
        if (fault) return *fault;
        return {};
    }

    Result<void> save_text(const std::string& text) {
        if (options_.out.empty() || text.empty()) return {};
        std::ofstream file(options_.out, std::ios::binary | std::ios::trunc);
        file << text << '\n';
        file.close();
        if (!file) return Error{ErrorCode::internal, options_.out.string() + " cannot be written.", "--out"};
        return {};
    }

    Result<fs::path> save(const json::object& generation, const json::object& asset) {
        const auto* links = asset.if_contains("links");
        const auto link =
            links != nullptr && links->is_object() ? text_member(links->get_object(), "original") : "";
        if (link.empty()) {
            const auto* verdict = asset.if_contains("verdict");
            const auto sentence = verdict != nullptr && verdict->is_object()
                                      ? text_member(verdict->get_object(), "sentence")
                                      : "";
            return Error{ErrorCode::held,
                         sentence.empty() ? "It is held by the safety rules." : printable(sentence), ""};
        }
        const auto* number = asset.if_contains("position");
        const int position =
            number != nullptr && number->is_int64() ? static_cast<int>(number->get_int64()) : 0;
        auto path = output_path(options_, text_member(generation, "id"), position,
                                text_member(asset, "content_type"));
        std::error_code ignored;
        if (!options_.force && fs::exists(path, ignored)) {
            return invalid_field("--out", path.string() + " exists; --force writes over it");
        }
        const StopsCall stops(interrupt_, *client_);
        OURVIDZ_CHECK(client_->download(link, path, transfer_ms_max));
        return path;
    }

    const config::Settings& settings_;
    const GenerateOptions& options_;
    Interrupt& interrupt_;
    ProgressLine line_;
    std::unique_ptr<OwnServer> own_;
    Server server_;
    std::unique_ptr<http::Client> client_;
    bool said_ = false;
};

Result<void> add_size(json::object& request, const std::string& text) {
    int width = 0;
    int height = 0;
    const auto* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, width);
    const bool crossed = first.ec == std::errc() && first.ptr != end && *first.ptr == 'x';
    const auto second = crossed ? std::from_chars(first.ptr + 1, end, height) : first;
    if (!crossed || second.ec != std::errc() || second.ptr != end || width < 1 || height < 1)
        return invalid_field("--size", "must be WIDTHxHEIGHT such as 1024x768");
    request["width"] = width;
    request["height"] = height;
    return {};
}

}  // namespace

Result<json::object> generation_request(const GenerateOptions& options, const std::string& prompt,
                                        const std::string& source_asset_id) {
    const auto medium = catalog::medium_of(options.kind);
    if (!medium) {
        std::string list;
        for (const auto& kind : catalog::kinds) list.append(list.empty() ? "" : ", ").append(kind.name);
        return invalid_field("--kind", "must be one of: " + list);
    }
    if (prompt.empty()) return invalid_field("prompt", "must not be empty");
    if (prompt.size() > prompt_bytes_max) return invalid_field("prompt", "is longer than 4096 bytes");
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
    if (!source_asset_id.empty()) request["source_asset_id"] = source_asset_id;
    return request;
}

fs::path output_path(const GenerateOptions& options, const std::string& generation_id, int position,
                     std::string_view content_type) {
    fs::path path = options.out;
    if (path.empty()) path = "ourvidz-" + generation_id + std::string(extension_of(content_type));
    if (options.batch == 1) return path;
    const auto name = path.stem().string() + "-" + std::to_string(position + 1) + path.extension().string();
    return path.parent_path() / name;
}

int generate(const config::Settings& settings, const GenerateOptions& options) {
    Interrupt interrupt;
    const auto done = Generate(settings, options, interrupt).run();
    return done ? exit_ok : report(done.error());
}

}  // namespace ourvidz::cli
