// `ourvidz models remove|default|profile`: the operator's decisions.
#include <sys/stat.h>

#include <algorithm>
#include <cstdio>

#include "config/machine.h"
#include "console.h"
#include "exit_status.h"
#include "models.h"

namespace ourvidz::cli {
namespace {

namespace fs = std::filesystem;
using catalog::Catalog;
using catalog::Entry;

bool lies_in(const fs::path& file, const fs::path& folder) {
    const auto relative = file.lexically_normal().lexically_relative(folder.lexically_normal());
    return !relative.empty() && *relative.begin() != "..";
}

// What would be removed, and what stays because of somebody else.
struct Removal {
    std::vector<fs::path> files;
    std::vector<std::string> kept;  // sentences
};

std::string user_of(const Catalog& catalog, const Entry& entry, const fs::path& file) {
    for (const auto& other : catalog.entries()) {
        const auto& status = catalog.status(other);
        if (other.name == entry.name || !status.installed) continue;
        const bool uses = std::any_of(status.files.begin(), status.files.end(),
                                      [&](const auto& used) { return used.second == file; });
        if (uses) return other.title;
    }
    return "";
}

Removal plan_removal(const config::Settings& settings, const Catalog& catalog, const Entry& entry) {
    const auto folder = fs::absolute(settings.data_dir / "models");
    Removal removal;
    for (const auto& [role, file] : catalog.status(entry).files) {
        if (!lies_in(file, folder)) {
            removal.kept.push_back(file.string() + " stays: it lies outside the studio's own models folder.");
        } else if (const auto user = user_of(catalog, entry, file); !user.empty()) {
            removal.kept.push_back(file.string() + " stays: " + user + " uses it.");
        } else {
            for (auto& part : parts_of(file)) removal.files.push_back(std::move(part));
        }
    }
    // What interrupted pulls have left.
    std::error_code ignored;
    for (auto walk = fs::directory_iterator(folder / entry.name, ignored); walk != fs::directory_iterator();
         walk.increment(ignored)) {
        const auto name = walk->path().filename().string();
        if (name.ends_with(".part") || name.ends_with(".part.json")) removal.files.push_back(walk->path());
    }
    return removal;
}

// The kinds that nothing would serve any more.
std::vector<std::string> orphaned_kinds(const Catalog& catalog, const Entry& entry) {
    std::vector<std::string> orphaned;
    for (const auto& kind : catalog.serves(entry)) {
        const bool other =
            std::any_of(catalog.entries().begin(), catalog.entries().end(), [&](const Entry& candidate) {
                return candidate.name != entry.name && candidate.find_kind(kind) != nullptr &&
                       catalog.usable(candidate);
            });
        if (!other) orphaned.push_back(kind);
    }
    return orphaned;
}

// Bytes that really become free: a file with another name elsewhere stays on the disk.
std::uint64_t freed_bytes(const std::vector<fs::path>& files) {
    std::uint64_t bytes = 0;
    for (const auto& file : files) {
        struct stat status {};
        if (stat(file.c_str(), &status) == 0 && status.st_nlink == 1)
            bytes += static_cast<std::uint64_t>(status.st_size);
    }
    return bytes;
}

Result<void> remove_model(const config::Settings& settings, const RemoveOptions& options) {
    OURVIDZ_TRY(catalog, load_catalog(settings));
    const auto* entry = catalog.find(options.name);
    if (entry == nullptr)
        return invalid_field(options.name, "is not a model of the catalogue; see: ourvidz models list");
    const auto removal = plan_removal(settings, catalog, *entry);
    const auto orphaned = orphaned_kinds(catalog, *entry);
    if (!removal.files.empty() && !orphaned.empty() && !options.anyway) {
        return Error{ErrorCode::conflict,
                     entry->title + " alone serves " + joined(orphaned) +
                         ". Install another model for it first, or say --anyway.",
                     ""};
    }
    const auto bytes = freed_bytes(removal.files);
    for (const auto& file : removal.files) {
        std::error_code failure;
        if (!fs::remove(file, failure) && failure)
            return Error{ErrorCode::unavailable, file.string() + ": " + failure.message(), ""};
        std::printf("Removed: %s\n", file.c_str());
    }
    for (const auto& sentence : removal.kept) std::printf("Kept:    %s\n", sentence.c_str());
    std::error_code ignored;
    fs::remove(settings.data_dir / "models" / entry->name, ignored);  // only where it is empty
    if (removal.files.empty())
        return Error{ErrorCode::conflict, "Nothing of " + entry->title + " can be removed.", ""};
    std::printf("Freed:   %s\n", size_text(bytes).c_str());
    tell_server(settings);
    return {};
}

int show_defaults(const Catalog& catalog) {
    std::vector<std::vector<std::string>> rows = {{"KIND", "MODEL", "BECAUSE", "ALSO INSTALLED"}};
    for (const auto& kind : kinds::all) {
        if (kinds::among(kinds::on_server, kind.work)) continue;
        const auto chosen = catalog.choices().defaults.find(std::string(kind.name));
        const auto serving = catalog.resolve(kind.name);
        std::vector<std::string> others;
        for (const auto& entry : catalog.entries()) {
            if (entry.find_kind(kind.name) == nullptr || !catalog.usable(entry)) continue;
            if (!serving || *serving != &entry) others.push_back(entry.name);
        }
        const bool by_choice =
            serving && chosen != catalog.choices().defaults.end() && chosen->second == (*serving)->name;
        rows.push_back({std::string(kind.name), serving ? (*serving)->name : "none",
                        by_choice ? "you chose it" : "highest rank", joined(others)});
    }
    std::printf("%s", printable(table(rows)).c_str());
    return exit_ok;
}

Result<void> choose_default(const config::Settings& settings, const Catalog& catalog, const std::string& kind,
                            const std::string& name) {
    const auto* known = kinds::find(kind);
    if (known == nullptr || kinds::among(kinds::on_server, known->work))
        return invalid_field(kind, "is not a job kind; see: ourvidz models default");
    OURVIDZ_TRY(choices, catalog::read_choices(choices_file(settings)));
    if (name == "auto") {
        choices.defaults.erase(kind);
    } else {
        const auto* entry = catalog.find(name);
        if (entry == nullptr)
            return invalid_field(name, "is not a model of the catalogue; see: ourvidz models list");
        if (entry->find_kind(kind) == nullptr) return invalid_field(name, "does not serve " + kind);
        if (!catalog.usable(*entry)) {
            return Error{ErrorCode::conflict,
                         entry->title + " is not installed, or does not fit into memory.", ""};
        }
        choices.defaults[kind] = name;
    }
    OURVIDZ_CHECK(catalog::write_choices(choices_file(settings), choices));
    OURVIDZ_TRY(after, load_catalog(settings));
    const auto serving = after.resolve(kind);
    std::printf("%s is now served by %s.\n", kind.c_str(), serving ? (*serving)->title.c_str() : "nothing");
    tell_server(settings);
    return {};
}

// What else such a machine should be told; the settings are the operator's, so they are only shown.
void print_settings(const catalog::Profile& profile) {
    if (profile.memory_mb == 0) return;
    const bool all = profile.name == "48gb";
    const bool pictures = all || profile.name == "24gb";
    std::printf(
        "\nFor the configuration file:\n  accelerator = true\n  memory_budget_mb = %d\n"
        "  image_always_loaded = %s\n  video_always_loaded = %s\n  chat_always_loaded = %s\n",
        profile.memory_mb, pictures ? "true" : "false", all ? "true" : "false", all ? "true" : "false");
}

Result<void> show_profile(const config::Settings& settings, const std::string& own_choice) {
    OURVIDZ_TRY(catalog, load_catalog(settings));
    const auto& current = *catalog::find_profile(catalog.choices().profile);
    std::vector<std::vector<std::string>> rows = {{"", "PROFILE", "FOR"}};
    for (const auto& profile : catalog::profiles) {
        rows.push_back(
            {&profile == &current ? "*" : "", std::string(profile.name), std::string(profile.title)});
    }
    std::printf("%s\n%s: %s.\n\n", table(rows).c_str(), std::string(current.name).c_str(),
                own_choice.empty() ? "by this machine's memory" : "you chose it");
    rows = {{"MODEL", "INSTALLED", "MEMORY", "HOW"}};
    for (const auto& entry : catalog.entries()) {
        for (const auto& configuration : entry.configurations) {
            if (configuration.profile != current.name) continue;
            rows.push_back({entry.name, catalog.status(entry).installed ? "yes" : "no",
                            std::to_string(configuration.memory_mb) + " MB", configuration.note});
        }
    }
    std::printf("%s", printable(table(rows)).c_str());
    print_settings(current);
    return {};
}

Result<void> choose_profile(const config::Settings& settings, const std::string& name) {
    OURVIDZ_TRY(choices, catalog::read_choices(choices_file(settings)));
    if (name.empty()) return show_profile(settings, choices.profile);
    if (name != "auto" && catalog::find_profile(name) == nullptr) {
        return invalid_field(name, "is not a profile; see: ourvidz models profile");
    }
    choices.profile = name == "auto" ? "" : name;
    OURVIDZ_CHECK(catalog::write_choices(choices_file(settings), choices));
    OURVIDZ_CHECK(show_profile(settings, choices.profile));
    tell_server(settings);
    return {};
}

}  // namespace

int models_remove(const config::Settings& settings, const RemoveOptions& options) {
    const auto done = remove_model(settings, options);
    return done ? exit_ok : report(done.error());
}

int models_default(const config::Settings& settings, const std::string& kind, const std::string& name) {
    const auto catalog = load_catalog(settings);
    if (!catalog) return report(catalog.error());
    if (kind.empty()) return show_defaults(*catalog);
    if (name.empty()) return report(invalid_field("NAME", "is missing: a model's name, or auto"));
    const auto done = choose_default(settings, *catalog, kind, name);
    return done ? exit_ok : report(done.error());
}

int models_profile(const config::Settings& settings, const std::string& name) {
    const auto done = choose_profile(settings, name);
    return done ? exit_ok : report(done.error());
}

}  // namespace ourvidz::cli
