// `ourvidz models pull`: fetches the files of a catalogue entry, so that an interruption costs nothing and
// what is not right is not kept.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>

#include "base/clock.h"
#include "catalog/inspect.h"
#include "config/machine.h"
#include "console.h"
#include "exit_status.h"
#include "http/file_download.h"
#include "install_file.h"
#include "interrupt.h"
#include "models.h"

namespace ourvidz::cli {
namespace {

namespace fs = std::filesystem;
using catalog::Entry;
using catalog::FileSpec;

constexpr int size_timeout_ms = 20'000;

struct Wanted {
    const FileSpec* spec = nullptr;
    const catalog::Pull* pull = nullptr;
    bool first_part = true;  // only this one says what the model is
    fs::path file;
    std::optional<std::uint64_t> bytes;
    std::uint64_t bytes_here = 0;

    [[nodiscard]] fs::path part() const { return file.string() + ".part"; }
};

std::uint64_t size_on_disk(const fs::path& path) {
    std::error_code failure;
    const auto bytes = fs::file_size(path, failure);
    return failure ? 0 : bytes;
}

class Pulling {
  public:
    Pulling(const config::Settings& settings, const PullOptions& options)
        : settings_(settings), options_(options) {}

    Result<void> run() {
        OURVIDZ_TRY(catalog, load_catalog(settings_));
        catalog_ = std::move(catalog);
        const auto* entry = catalog_->find(options_.name);
        if (entry == nullptr)
            return invalid_field(options_.name, "is not a model of the catalogue; see: ourvidz models list");
        if (settings_.model_source.empty()) {
            return invalid_field(
                "--model-source",
                "is not set: it is the web address below which the files of the catalogue lie, for "
                "example of your own mirror");
        }
        OURVIDZ_CHECK(plan(*entry));
        if (wanted_.empty()) {
            std::printf("Everything of %s is here.\n", entry->title.c_str());
            return {};
        }
        OURVIDZ_CHECK(ask_sizes());
        OURVIDZ_CHECK(check_room(*entry));
        if (options_.only_plan) return {};
        for (const auto& wanted : wanted_) OURVIDZ_CHECK(fetch(wanted));
        return tell_outcome();
    }

  private:
    Result<void> plan(const Entry& entry) {
        const auto& have = catalog_->status(entry).files;
        for (const auto& spec : entry.files) {
            if (have.contains(spec.role) || (spec.optional && !options_.optional_too)) continue;
            if (spec.pull.empty()) {
                if (spec.optional) continue;
                return invalid_field(entry.name, "cannot be pulled, since its file for " + spec.role +
                                                     " is not in one place for everybody. " + entry.source);
            }
            for (const auto& pull : spec.pull) {
                Wanted wanted{&spec, &pull, &pull == &spec.pull.front(), {}, pull.bytes, 0};
                wanted.file = settings_.data_dir / "models" / entry.name / pull.name;
                std::error_code ignored;
                const bool is_there = fs::is_regular_file(wanted.file, ignored);
                if (is_there && (!pull.bytes || size_on_disk(wanted.file) == *pull.bytes)) continue;
                wanted.bytes_here = size_on_disk(wanted.part());
                wanted_.push_back(std::move(wanted));
            }
        }
        return {};
    }

    [[nodiscard]] std::string url_of(const Wanted& wanted) const {
        return settings_.model_source + "/" + wanted.pull->path;
    }

    Result<void> ask_sizes() {
        for (auto& wanted : wanted_) {
            if (wanted.bytes) continue;
            OURVIDZ_TRY(bytes, http::size_of_remote_file(url_of(wanted), size_timeout_ms));
            wanted.bytes = bytes;
        }
        return {};
    }

    Result<void> check_room(const Entry& entry) const {
        std::uint64_t missing = 0;
        std::vector<std::vector<std::string>> rows = {{"FILE", "SIZE", "HERE", "HASH"}};
        for (const auto& wanted : wanted_) {
            rows.push_back({wanted.pull->name, wanted.bytes ? size_text(*wanted.bytes) : "unknown",
                            wanted.bytes_here > 0 ? size_text(wanted.bytes_here) : "",
                            wanted.pull->sha256 ? "known" : "not known"});
            const auto bytes = wanted.bytes.value_or(0);
            missing += bytes - std::min(bytes, wanted.bytes_here);
        }
        std::error_code failure;
        fs::create_directories(settings_.data_dir / "models", failure);
        const auto space = fs::space(settings_.data_dir / "models", failure);
        const bool disk_fits = !failure && space.available >= missing + spare_bytes;
        const int budget = config::memory_budget_mb(settings_, config::this_machine());
        std::printf("%sLicence: %s\nDisk:    %s to fetch, %s free: %s\nMemory:  %s\n",
                    printable(table(rows)).c_str(), entry.licence.c_str(), size_text(missing).c_str(),
                    failure ? "unknown" : size_text(space.available).c_str(),
                    disk_fits ? "it fits" : "IT DOES NOT FIT", memory_text(entry, budget).c_str());
        std::fflush(stdout);
        if (!disk_fits) return Error{ErrorCode::unavailable, "There is not enough space on the disk.", ""};
        if (entry.memory_mb > budget && !options_.anyway && !options_.only_plan) {
            return invalid_field("--anyway",
                                 "is needed to fetch a model that does not fit into this machine's memory");
        }
        return {};
    }

    Result<void> fetch(const Wanted& wanted) {
        const auto begun_ms = steady_ms();
        std::optional<std::uint64_t> begun_at;
        http::FileDownload download;
        download.url = url_of(wanted);
        download.part = wanted.part();
        download.bytes = wanted.pull->bytes;
        download.silence_ms = options_.silence_ms;
        download.attempts_max = options_.attempts_max;
        download.wait = [this](int wait_ms) { return interrupt_.wait(std::chrono::milliseconds(wait_ms)); };
        download.progress = [&](std::uint64_t done, std::optional<std::uint64_t> total) {
            if (!begun_at) begun_at = done;
            show(wanted.pull->name, done, total, done - std::min(done, *begun_at), steady_ms() - begun_ms);
            return !interrupt_.requested();
        };
        auto done = http::download_file(download);
        line_.clear();
        if (!done) return with_name(done.error(), wanted);
        return accept(wanted);
    }

    void show(const std::string& name, std::uint64_t done, std::optional<std::uint64_t> total,
              std::uint64_t fetched, std::int64_t ms) {
        std::string text = "fetching " + name + ", " + size_text(done);
        if (total) text += " of " + size_text(*total);
        if (ms > 1000 && fetched > 0) {
            const auto rate = static_cast<double>(fetched) * 1000 / static_cast<double>(ms);
            text += ", " + size_text(static_cast<std::uint64_t>(rate)) + "/s";
            if (total && *total > done) {
                const auto left_ms = static_cast<double>(*total - done) / rate * 1000;
                text += ", " + duration_text(static_cast<std::int64_t>(left_ms)) + " left";
            }
        }
        const double fraction =
            total && *total > 0 ? static_cast<double>(done) / static_cast<double>(*total) : 0;
        line_.show(text, fraction);
    }

    // Only what is the right file gets its name; anything else is removed.
    Result<void> accept(const Wanted& wanted) {
        const auto fault = fault_of(wanted);
        if (fault && fault->code == ErrorCode::canceled) return *fault;
        if (fault) {
            std::error_code ignored;
            fs::remove(wanted.part(), ignored);
            return with_name({fault->code, fault->detail + " It was not kept.", fault->field}, wanted);
        }
        if (rename(wanted.part().c_str(), wanted.file.c_str()) != 0)
            return Error{ErrorCode::unavailable, wanted.file.string() + " cannot be made.", ""};
        const int folder = open(wanted.file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder >= 0) {
            fsync(folder);
            close(folder);
        }
        std::printf(
            "Fetched:  %s%s\n", wanted.file.c_str(),
            wanted.pull->sha256 ? ", hash verified" : " (its hash is not known, so it was not compared)");
        return {};
    }

    std::optional<Error> fault_of(const Wanted& wanted) {
        const auto header = catalog::read_header(wanted.part());
        if (!header) return header.error();
        if (wanted.first_part && !wanted.spec->content.empty()) {
            const auto content = catalog::recognize(*header).content;
            if (content != wanted.spec->content)
                return invalid_field("file", "The server's file holds " + content + " instead of " +
                                                 wanted.spec->content + ".");
        }
        if (!wanted.pull->sha256) return std::nullopt;
        const auto hash = catalog::sha256_of_file(wanted.part(), [&](std::uint64_t done,
                                                                     std::uint64_t total) {
            line_.show("verifying " + wanted.pull->name + ", " + size_text(done) + " of " + size_text(total),
                       static_cast<double>(done) / static_cast<double>(total));
            return !interrupt_.requested();
        });
        line_.clear();
        if (!hash) return hash.error();
        if (*hash == *wanted.pull->sha256) return std::nullopt;
        return invalid_field(
            "file", "The file that came has the hash " + *hash + " instead of " + *wanted.pull->sha256 + ".");
    }

    static Error with_name(Error error, const Wanted& wanted) {
        error.detail = wanted.pull->name + ": " + error.detail;
        error.field.clear();
        return error;
    }

    Result<void> tell_outcome() const {
        OURVIDZ_TRY(catalog, load_catalog(settings_));
        const auto& entry = *catalog.find(options_.name);
        std::printf("Serves:   %s\n", what_it_serves(catalog, entry).c_str());
        tell_server(settings_);
        return {};
    }

    const config::Settings& settings_;
    const PullOptions& options_;
    Interrupt interrupt_;
    ProgressLine line_{options_.quiet};
    std::optional<catalog::Catalog> catalog_;
    std::vector<Wanted> wanted_;  // points into the catalogue
};

}  // namespace

int models_pull(const config::Settings& settings, const PullOptions& options) {
    const auto done = Pulling(settings, options).run();
    return done ? exit_ok : report(done.error());
}

}  // namespace ourvidz::cli
