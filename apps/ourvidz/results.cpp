#include "results.h"

#include <cstdio>
#include <fstream>
#include <optional>

#include "assets/download_name.h"

namespace ourvidz::cli {
namespace {

namespace fs = std::filesystem;

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

std::int64_t integer_member(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

class Results {
  public:
    Results(Connection& connection, const Following& following, const OutputOptions& options,
            Interrupt& interrupt, ProgressLine& line)
        : connection_(connection),
          following_(following),
          options_(options),
          interrupt_(interrupt),
          line_(line),
          is_chat_(following.medium == kinds::Medium::chat) {}

    Result<void> run() {
        OURVIDZ_TRY(generation, follow_to_end());
        line_.clear();
        OURVIDZ_CHECK(save_all(generation));
        if (text_member(generation, "state") != "succeeded") return failure_of(generation);
        return {};
    }

  private:
    Result<json::object> follow_to_end() {
        FollowCallbacks callbacks;
        callbacks.progress = [this](const json::object& progress) {
            const auto* fraction = progress.if_contains("fraction");
            line_.show(progress_text(progress, following_.batch, line_.columns()),
                       fraction != nullptr && fraction->is_number() ? fraction->to_number<double>() : 0);
        };
        if (is_chat_ && !options_.json) {
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
        return follow(connection_.server(), following_.id, interrupt_, callbacks, following_.on_stop);
    }

    Result<void> save_all(const json::object& generation) {
        if (said_) std::fputc('\n', stdout);
        json::array files;
        if (is_chat_) OURVIDZ_CHECK(save_text(text_member(generation, "text")));
        std::optional<Error> fault;
        if (const auto* assets = generation.if_contains("assets"); assets != nullptr && assets->is_array()) {
            for (const auto& asset : assets->get_array()) {
                if (!asset.is_object()) continue;
                auto saved = save(asset.get_object());
                if (!saved && !fault) fault = saved.error();
                if (!saved || options_.to_stdout()) continue;
                files.emplace_back(saved->string());
                if (!options_.json) std::printf("%s\n", saved->c_str());
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
        // To standard output it has gone word by word.
        if (options_.out.empty() || options_.to_stdout() || text.empty()) return {};
        std::ofstream file(options_.out, std::ios::binary | std::ios::trunc);
        file << text << '\n';
        file.close();
        if (!file) return Error{ErrorCode::internal, options_.out.string() + " cannot be written.", "--out"};
        return {};
    }

    Result<fs::path> save(const json::object& asset) {
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
        if (options_.to_stdout()) return write_out(link);
        const auto* recipe = asset.if_contains("recipe");
        const auto words =
            recipe != nullptr && recipe->is_object() ? assets::prompt_of(recipe->get_object()) : "";
        const auto content_type = text_member(asset, "content_type");
        auto path = output_path(options_, {static_cast<int>(integer_member(asset, "position")),
                                           following_.batch, words, text_member(asset, "id"), content_type});
        std::error_code ignored;
        if (!options_.force && fs::exists(path, ignored)) {
            return invalid_field("--out", path.string() + " exists; --force writes over it");
        }
        OURVIDZ_CHECK(connection_.download(link, path));
        return path;
    }

    Result<fs::path> write_out(const std::string& link) {
        OURVIDZ_TRY(bytes, connection_.read(link));
        const bool written =
            std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size() && std::fflush(stdout) == 0;
        if (!written) return Error{ErrorCode::internal, "Standard output takes no more.", "--out"};
        return fs::path();
    }

    Connection& connection_;
    const Following& following_;
    const OutputOptions& options_;
    Interrupt& interrupt_;
    ProgressLine& line_;
    bool is_chat_;
    bool said_ = false;
};

}  // namespace

void tell_notes(const json::object& generation) {
    if (const auto* warnings = generation.if_contains("warnings");
        warnings != nullptr && warnings->is_array()) {
        for (const auto& warning : warnings->get_array()) {
            if (warning.is_object())
                std::fprintf(stderr, "Note: %s\n",
                             printable(text_member(warning.get_object(), "detail")).c_str());
        }
    }
    if (const auto hint = text_member(generation, "hint"); !hint.empty())
        std::fprintf(stderr, "Note: %s\n", printable(hint).c_str());
}

Result<void> follow_and_save(Connection& connection, const Following& following, const OutputOptions& options,
                             Interrupt& interrupt, ProgressLine& line) {
    return Results(connection, following, options, interrupt, line).run();
}

}  // namespace ourvidz::cli
