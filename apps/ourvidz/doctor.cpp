#include "doctor.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

#include "catalog/inspect.h"
#include "config/machine.h"
#include "console.h"
#include "exit_status.h"
#include "models.h"
#include "port.h"
#include "program.h"
#include "server_link.h"

namespace ourvidz::cli {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto worker_answer_max = 20s;
constexpr std::uint64_t disk_free_warn_bytes = 10ULL * 1000 * 1000 * 1000;
constexpr std::uint64_t disk_free_fail_bytes = 500ULL * 1000 * 1000;
constexpr std::uint64_t hashed_bytes_max = 200ULL * 1000 * 1000;
constexpr std::uint64_t memory_mb_warn = 2000;

std::string_view word(Health health) {
    switch (health) {
        case Health::ok:
            return "ok";
        case Health::warn:
            return "warn";
        case Health::fail:
            return "FAIL";
    }
    return "";
}

void examine_machine(const config::Settings& settings, std::vector<Finding>& findings) {
    const auto machine = config::this_machine();
    std::string features;
    for (const auto& feature : machine.features) features.append(features.empty() ? "" : " ").append(feature);
    const bool fast =
        std::find(machine.features.begin(), machine.features.end(), "avx2") != machine.features.end() ||
        std::find(machine.features.begin(), machine.features.end(), "asimd") != machine.features.end();
    findings.push_back(
        {fast ? Health::ok : Health::warn, "processor",
         std::to_string(machine.cores) + " cores, " + machine.processor + " (" + features + ")",
         fast ? "" : "Without AVX2 the engines are several times slower; use a newer machine."});
    const int budget = config::memory_budget_mb(settings, machine);
    const bool enough = machine.memory_mb >= memory_mb_warn;
    findings.push_back({enough ? Health::ok : Health::warn, "memory",
                        std::to_string(machine.memory_mb) + " MB, " + std::to_string(machine.memory_free_mb) +
                            " MB free, " + std::to_string(budget) + " MB for workers",
                        enough ? "" : "The default models need about 1 GB free in all."});
}

// The closest folder on the way up that exists.
fs::path existing_folder(fs::path folder) {
    std::error_code ignored;
    while (!fs::exists(folder, ignored) && folder.has_relative_path()) folder = folder.parent_path();
    return folder;
}

void examine_data(const config::Settings& settings, std::vector<Finding>& findings) {
    const auto folder = existing_folder(settings.data_dir);
    std::error_code failure;
    const bool writable = fs::is_directory(folder, failure) && access(folder.c_str(), W_OK | X_OK) == 0;
    findings.push_back(
        {writable ? Health::ok : Health::fail, "data folder", settings.data_dir.string(),
         writable ? "" : "It cannot be written; give this user the right to, or set --data-dir."});
    const auto space = fs::space(folder, failure);
    if (failure) return;
    const auto health = space.available < disk_free_fail_bytes   ? Health::fail
                        : space.available < disk_free_warn_bytes ? Health::warn
                                                                 : Health::ok;
    findings.push_back({health, "disk", size_text(space.available) + " free for the data folder",
                        health == Health::ok ? "" : "Make room, or set --data-dir to a larger disk."});
}

void examine_port(const config::Settings& settings, std::vector<Finding>& findings) {
    const auto address = config::to_string(settings.listen);
    if (const auto url = listening_server(settings); !url.empty()) {
        findings.push_back({Health::ok, "server", "running at " + url, ""});
        return;
    }
    const auto why = why_port_is_taken(settings.listen);
    const bool free = why.empty();
    findings.push_back({free ? Health::ok : Health::fail, "port", address + (free ? " is free" : ": " + why),
                        free ? "" : "Stop what listens there, or choose another: --listen 127.0.0.1:PORT"});
}

std::string first_line(const std::string& text) {
    return printable(text.substr(0, text.find('\n')));
}

void examine_workers(const config::Settings& settings, std::vector<Finding>& findings) {
    for (const auto* name : {"diffusion_worker", "chat_worker", "media_worker"}) {
        const auto path = config::worker_path(settings, name);
        const auto answer = output_of(path, {"--version"}, worker_answer_max);
        if (answer) {
            findings.push_back({Health::ok, name, first_line(*answer), ""});
            continue;
        }
        const bool missing = answer.error().code == ErrorCode::not_found;
        findings.push_back({Health::fail, name, first_line(answer.error().detail),
                            missing ? "Build it, or set --worker-folder to where it is."
                                    : "Run it by hand with --version to see what is wrong."});
    }
    const bool upscaler = !settings.upscaler.empty();
    findings.push_back({upscaler ? Health::ok : Health::warn, "upscaler",
                        upscaler ? settings.upscaler.string()
                                 : "not installed: pictures cannot be enlarged, and are finished more softly",
                        upscaler ? "" : "Run models/upscaler/fetch.sh (once, 45 MB)."});
}

// A hash where it is known and quickly computed; empty when nothing is wrong.
std::string damage_of(const catalog::Entry& entry, const catalog::Status& status) {
    for (const auto& spec : entry.files) {
        const auto file = status.files.find(spec.role);
        if (file == status.files.end() || !spec.sha256) continue;
        std::error_code failure;
        if (fs::file_size(file->second, failure) > hashed_bytes_max || failure) continue;
        const auto hash = catalog::sha256_of_file(file->second, nullptr);
        if (!hash) return hash.error().detail;
        if (*hash != *spec.sha256)
            return file->second.filename().string() + " has another hash than it should";
    }
    return "";
}

void examine_models(const config::Settings& settings, std::vector<Finding>& findings) {
    const auto catalog = load_catalog(settings);
    if (!catalog) {
        findings.push_back({Health::fail, "catalogue", catalog.error().detail,
                            "Restore models/catalog, or set --catalog-folder."});
        return;
    }
    for (const auto& entry : catalog->entries()) {
        const auto& status = catalog->status(entry);
        if (!status.installed) continue;
        const auto damage = damage_of(entry, status);
        std::string serves;
        for (const auto& kind : catalog->serves(entry))
            serves.append(serves.empty() ? "serves " : ", ").append(kind);
        findings.push_back({damage.empty() ? Health::ok : Health::fail, "model " + entry.name,
                            !damage.empty()  ? damage
                            : serves.empty() ? "installed, serves nothing now"
                                             : serves,
                            damage.empty() ? "" : "Put the file there again."});
    }
    for (const auto& kind : kinds::all) {
        if (kinds::among(kinds::on_server, kind.work)) continue;
        const auto entry = catalog->resolve(kind.name);
        if (entry) continue;
        findings.push_back({Health::warn, "kind " + std::string(kind.name), entry.error().detail,
                            kind.medium() == kinds::Medium::chat
                                ? "Run models/catalog/fetch.sh (once, 93 MB)."
                                : "See: ourvidz models list"});
    }
}

void examine_folders(const config::Settings& settings, std::vector<Finding>& findings) {
    std::error_code ignored;
    const bool web = fs::is_regular_file(settings.web_folder / "index.html", ignored);
    findings.push_back({web ? Health::ok : Health::warn, "web app",
                        settings.web_folder.string() + (web ? "" : " has no index.html"),
                        web ? "" : "Build it: cd web && npm ci && npm run build. The API works without it."});
    const bool migrations = fs::is_directory(settings.migrations_folder, ignored) &&
                            !fs::is_empty(settings.migrations_folder, ignored);
    findings.push_back({migrations ? Health::ok : Health::fail, "migrations",
                        settings.migrations_folder.string(),
                        migrations ? "" : "Set --migrations-folder to the migrations of this version."});
}

}  // namespace

std::vector<Finding> diagnose(const config::Settings& settings) {
    std::vector<Finding> findings;
    examine_machine(settings, findings);
    examine_data(settings, findings);
    examine_port(settings, findings);
    examine_folders(settings, findings);
    examine_workers(settings, findings);
    examine_models(settings, findings);
    return findings;
}

int doctor(const config::Settings& settings, bool as_json) {
    const auto findings = diagnose(settings);
    const bool failed = std::any_of(findings.begin(), findings.end(),
                                    [](const Finding& finding) { return finding.health == Health::fail; });
    if (as_json) {
        json::array items;
        for (const auto& finding : findings) {
            items.push_back(json::object{{"health", word(finding.health)},
                                         {"part", finding.part},
                                         {"detail", finding.detail},
                                         {"remedy", finding.remedy}});
        }
        std::printf("%s\n",
                    json::serialize(json::object{{"ok", !failed}, {"items", std::move(items)}}).c_str());
        return failed ? exit_failed : exit_ok;
    }
    std::vector<std::vector<std::string>> rows;
    for (const auto& finding : findings) {
        rows.push_back({std::string(word(finding.health)), finding.part, printable(finding.detail)});
        if (!finding.remedy.empty()) rows.push_back({"", "", "-> " + finding.remedy});
    }
    std::printf("%s", table(rows).c_str());
    return failed ? exit_failed : exit_ok;
}

}  // namespace ourvidz::cli
