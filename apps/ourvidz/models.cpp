#include "models.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <regex>

#include "base/text.h"
#include "catalog/inspect.h"
#include "config/machine.h"
#include "console.h"
#include "exit_status.h"
#include "install_file.h"
#include "interrupt.h"
#include "prompts/lora_tag.h"
#include "server_link.h"

namespace ourvidz::cli {
namespace {

namespace fs = std::filesystem;
using catalog::Catalog;
using catalog::Entry;
using catalog::FileSpec;

json::object as_object(const Catalog& catalog, const Entry& entry) {
    const auto& status = catalog.status(entry);
    json::object files;
    for (const auto& [role, path] : status.files) files[role] = path.string();
    json::array kinds;
    for (const auto& kind : entry.kinds) kinds.emplace_back(kind.name);
    bool can_be_pulled = true;
    for (const auto& file : entry.files)
        can_be_pulled = can_be_pulled && (file.optional || !file.pull.empty());
    return {{"name", entry.name},
            {"title", entry.title},
            {"family", entry.family},
            {"engine", entry.engine},
            {"licence", entry.licence},
            {"source", entry.source},
            {"installed", status.installed},
            {"missing", json::value_from(status.missing)},
            {"can_be_pulled", can_be_pulled},
            {"unsupported", entry.unsupported},
            {"files", std::move(files)},
            {"bytes", status.bytes},
            {"memory_mb", entry.memory_mb},
            {"kinds", std::move(kinds)},
            {"serves", json::value_from(catalog.serves(entry))}};
}

bool name_fits(const fs::path& file, const FileSpec& spec) {
    const auto name = file.filename().string();
    return std::any_of(spec.names.begin(), spec.names.end(), [&](const std::string& pattern) {
        return pattern.find('/') == std::string::npos && catalog::matches_pattern(name, pattern);
    });
}

struct Target {
    const Entry* entry = nullptr;            // null: a LoRA that belongs to none
    fs::path path;                           // inside the models folder
    std::optional<std::string> sha256 = {};  // that the file must have
};

bool holds(const FileSpec& spec, const catalog::Inspection& inspection) {
    return spec.content == inspection.content && (!spec.bytes || *spec.bytes == inspection.bytes);
}

// Files of one kind and size may still be told apart where the catalogue knows their hashes.
void keep_what_the_hash_fits(std::vector<Target>& targets, const fs::path& file) {
    const bool all_known =
        std::all_of(targets.begin(), targets.end(), [](const Target& target) { return target.sha256; });
    if (!all_known) return;
    const auto hash = catalog::sha256_of_file(file, {});
    if (!hash) return;
    std::erase_if(targets, [&](const Target& target) { return *target.sha256 != *hash; });
}

// Which model the file belongs to. A name that says it beats the contents alone; among names, the narrower
// one.
Result<Target> choose_target(const Catalog& catalog, const AddOptions& options,
                             const catalog::Inspection& inspection) {
    std::vector<Target> by_name;
    std::vector<Target> by_content;
    std::vector<std::string> names;
    for (const auto& entry : catalog.entries()) {
        if (!options.as.empty() && entry.name != options.as) continue;
        for (const auto& spec : entry.files) {
            if (!holds(spec, inspection)) continue;
            const fs::path extension = inspection.format == "gguf" ? ".gguf" : ".safetensors";
            const bool extension_fits = options.file.extension() == extension;
            if (name_fits(options.file, spec) && extension_fits) {
                const Target target{&entry, options.file.filename()};
                spec.unclaimed ? by_name.push_back(target) : void(by_name.insert(by_name.begin(), target));
            }
            by_content.push_back(
                {&entry, fs::path(entry.name) / (spec.role + extension.string()), spec.sha256});
            if (names.empty() || names.back() != entry.name) names.push_back(entry.name);
        }
    }
    if (!by_name.empty()) return by_name.front();
    // A LoRA of no model of the catalogue is one that prompts name.
    if (options.as.empty() && inspection.content.ends_with("/lora") &&
        !inspection.content.starts_with("unknown")) {
        const auto name = options.file.stem().string();
        if (character_fault(name, Characters::line))
            return invalid_field("file",
                                 "has characters in its name that no prompt can have; rename it first");
        return Target{nullptr, fs::path("loras") / (name + ".safetensors")};
    }
    if (by_content.size() > 1) keep_what_the_hash_fits(by_content, options.file);
    if (by_content.size() == 1) return by_content.front();
    if (by_content.empty()) {
        return invalid_field("file", "This is: " + inspection.title + " (" + inspection.content + "). " +
                                         (options.as.empty() ? "No model of the catalogue" : options.as) +
                                         " needs such a file.");
    }
    return invalid_field(
        "--as", "This is: " + inspection.title + ". Several models could use it; name one: " + joined(names));
}

Result<void> install(const std::vector<fs::path>& parts, const fs::path& target, ProgressLine& line) {
    Interrupt interrupt;
    for (const auto& part : parts) {
        const auto to = parts.size() == 1 ? target : target.parent_path() / part.filename();
        const auto header = catalog::read_header(part);
        if (!header) return header.error();
        auto done = install_file(part, to, [&](std::uint64_t bytes, std::uint64_t total) {
            const double fraction = total == 0 ? 1 : static_cast<double>(bytes) / static_cast<double>(total);
            line.show(
                "copying " + part.filename().string() + ", " + size_text(bytes) + " of " + size_text(total),
                fraction);
            return !interrupt.requested();
        });
        line.clear();
        if (!done) return done;
    }
    return {};
}

Result<void> add_lora(const config::Settings& settings, const AddOptions& options,
                      const catalog::Inspection& inspection, const fs::path& path) {
    std::printf("Recognised: %s, %s\n", printable(inspection.title).c_str(),
                size_text(inspection.bytes).c_str());
    ProgressLine line(options.quiet);
    OURVIDZ_CHECK(install({options.file}, path, line));
    std::printf("Installed:  %s\nSay:        %s in a prompt\n", path.c_str(),
                printable(prompts::lora_tag(path.stem().string(), "0.8")).c_str());
    tell_server(settings);
    return {};
}

Result<void> add(const config::Settings& settings, const AddOptions& options) {
    OURVIDZ_TRY(before, load_catalog(settings));
    if (!options.as.empty() && before.find(options.as) == nullptr) {
        return invalid_field("--as", "is not a model of the catalogue; see: ourvidz models list");
    }
    const auto parts = parts_of(options.file);
    OURVIDZ_TRY(inspection, catalog::inspect_file(parts.front()));
    auto chosen = options;
    chosen.file = parts.front();
    OURVIDZ_TRY(target, choose_target(before, chosen, inspection));
    const auto path = settings.data_dir / "models" / target.path;
    if (target.entry == nullptr) return add_lora(settings, chosen, inspection, path);
    const int budget = config::memory_budget_mb(settings, config::this_machine());
    std::printf("Recognised: %s, %s\nMemory:     %s\n", printable(inspection.title).c_str(),
                size_text(inspection.bytes).c_str(), memory_text(*target.entry, budget).c_str());
    std::fflush(stdout);
    ProgressLine line(options.quiet);
    OURVIDZ_CHECK(install(parts, path, line));
    OURVIDZ_TRY(after, load_catalog(settings));
    const auto& entry = *after.find(target.entry->name);
    std::printf("Installed:  %s\n", path.c_str());
    const auto& status = after.status(entry);
    for (const auto& missing : status.missing)
        std::printf("Missing:    %s needs %s\n", entry.title.c_str(), missing.c_str());
    if (status.installed) {
        std::printf("Serves:     %s\n", what_it_serves(after, entry).c_str());
    }
    tell_server(settings);
    return {};
}

// The file's own, or that of the file of this name which the catalogue would fetch.
std::optional<std::string> expected_hash(const FileSpec& spec, const fs::path& file) {
    if (spec.sha256) return spec.sha256;
    for (const auto& pull : spec.pull) {
        if (pull.name == file.filename()) return pull.sha256;
    }
    return std::nullopt;
}

}  // namespace

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) text.append(text.empty() ? "" : ", ").append(word);
    return text;
}

std::string what_it_serves(const catalog::Catalog& catalog, const catalog::Entry& entry) {
    const auto kinds = catalog.serves(entry);
    if (!kinds.empty()) return joined(kinds);
    return entry.unsupported.empty() ? "nothing, since a better model is installed" : entry.unsupported;
}

std::vector<fs::path> parts_of(const fs::path& file) {
    static const std::regex numbered(R"((.*-)\d{5}(-of-)(\d{5})(\.gguf))");
    std::smatch match;
    const std::string name = file.filename().string();
    if (!std::regex_match(name, match, numbered)) return {file};
    std::vector<fs::path> parts;
    const int count = std::stoi(match[3]);
    for (int i = 1; i <= count; ++i) {
        const std::string number = std::to_string(100'000 + i).substr(1);
        parts.push_back(file.parent_path() /
                        (match[1].str() + number + match[2].str() + match[3].str() + match[4].str()));
    }
    return parts;
}

std::string memory_text(const Entry& entry, int budget_mb) {
    return std::to_string(entry.memory_mb) + " MB needed, " + std::to_string(budget_mb) +
           " MB set aside for workers: " +
           (entry.memory_mb <= budget_mb ? "it fits" : "IT DOES NOT FIT, so it will not be used");
}

void tell_server(const config::Settings& settings) {
    const auto url = listening_server(settings);
    if (!url.empty()) std::printf("The server at %s knows of it.\n", url.c_str());
}

fs::path choices_file(const config::Settings& settings) {
    return settings.data_dir / "models.json";
}

Result<catalog::Places> catalog_places(const config::Settings& settings) {
    OURVIDZ_TRY(choices, catalog::read_choices(choices_file(settings)));
    const int budget_mb = config::memory_budget_mb(settings, config::this_machine());
    if (choices.profile.empty()) choices.profile = catalog::profile_for(settings.accelerator, budget_mb).name;
    return catalog::Places{settings.catalog_folder, config::model_places(settings), budget_mb,
                           std::move(choices)};
}

Result<Catalog> load_catalog(const config::Settings& settings) {
    OURVIDZ_TRY(places, catalog_places(settings));
    return Catalog::load(places);
}

catalog::LiveCatalog::Load reload_catalog(const config::Settings& settings) {
    return [settings, inspections = std::make_shared<catalog::Inspections>()]() -> Result<Catalog> {
        auto places = catalog_places(settings);
        if (places) places->inspections = inspections;
        auto catalog = places ? Catalog::load(*places) : places.error();
        if (catalog) {
            spdlog::info("the models have changed; the catalogue was read again");
        } else {
            spdlog::error("the models have changed, but not as the catalogue can be read: {}",
                          catalog.error().detail);
        }
        return catalog;
    };
}

int models_list(const config::Settings& settings, bool as_json) {
    const auto catalog = load_catalog(settings);
    if (!catalog) return report(catalog.error());
    if (as_json) {
        json::array items;
        for (const auto& entry : catalog->entries()) items.emplace_back(as_object(*catalog, entry));
        json::array loras;
        for (const auto& lora : catalog->loras())
            loras.push_back({{"name", lora.name},
                             {"family", lora.family},
                             {"file", lora.file.string()},
                             {"unusable", lora.unusable}});
        std::printf(
            "%s\n",
            json::serialize(json::object{{"items", std::move(items)}, {"loras", std::move(loras)}}).c_str());
        return exit_ok;
    }
    std::vector<std::vector<std::string>> rows = {{"NAME", "INSTALLED", "SIZE", "MEMORY", "SERVES"}};
    std::string notes;
    for (const auto& entry : catalog->entries()) {
        const auto& status = catalog->status(entry);
        rows.push_back({entry.name, status.installed ? "yes" : "no",
                        status.bytes == 0 ? "" : size_text(status.bytes),
                        std::to_string(entry.memory_mb) + " MB", joined(catalog->serves(entry))});
        if (status.installed) continue;
        notes += "\n" + entry.name + ": " + entry.title + "\n";
        for (const auto& missing : status.missing) notes += "  missing " + missing + "\n";
        if (!entry.source.empty()) notes += "  from: " + entry.source + "\n";
        if (!entry.unsupported.empty()) notes += "  note: " + entry.unsupported + "\n";
    }
    for (const auto& lora : catalog->loras()) {
        notes += lora.unusable.empty()
                     ? "\nLoRA for " + lora.family + ": " + prompts::lora_tag(lora.name, "0.8") + "\n"
                     : "\nLoRA " + lora.name + " cannot be used. " + lora.unusable + "\n";
    }
    for (const auto& note : catalog->notes()) notes += "\n" + note + "\n";
    std::printf("%s%s\nSet up for: %s (see: ourvidz models profile)\n", table(rows).c_str(),
                printable(notes).c_str(), catalog->choices().profile.c_str());
    return exit_ok;
}

int models_verify(const config::Settings& settings, const std::vector<std::string>& names) {
    const auto catalog = load_catalog(settings);
    if (!catalog) return report(catalog.error());
    for (const auto& name : names) {
        if (catalog->find(name) == nullptr)
            return report(invalid_field(name, "is not a model of the catalogue"));
    }
    Interrupt interrupt;
    ProgressLine line(isatty(STDERR_FILENO) == 0);
    bool intact = true;
    for (const auto& entry : catalog->entries()) {
        if (!names.empty() && std::find(names.begin(), names.end(), entry.name) == names.end()) continue;
        const auto& status = catalog->status(entry);
        for (const auto& spec : entry.files) {
            const auto file = status.files.find(spec.role);
            if (file == status.files.end()) {
                if (!names.empty() && !spec.optional) {
                    std::printf("MISSING  %s %s\n", entry.name.c_str(), spec.role.c_str());
                    intact = false;
                }
                continue;
            }
            const auto hash =
                catalog::sha256_of_file(file->second, [&](std::uint64_t done, std::uint64_t total) {
                    line.show("reading " + file->second.filename().string() + ", " + size_text(done) +
                                  " of " + size_text(total),
                              static_cast<double>(done) / static_cast<double>(total));
                    return !interrupt.requested();
                });
            line.clear();
            if (!hash) return report(hash.error());
            const auto expected = expected_hash(spec, file->second);
            const bool matches = !expected || *hash == *expected;
            intact = intact && matches;
            std::printf("%-8s %s %s  %s\n",
                        !expected ? "unknown"
                        : matches ? "ok"
                                  : "DAMAGED",
                        entry.name.c_str(), hash->c_str(), file->second.c_str());
        }
    }
    return intact ? exit_ok : exit_failed;
}

int models_add(const config::Settings& settings, const AddOptions& options) {
    const auto done = add(settings, options);
    return done ? exit_ok : report(done.error());
}

}  // namespace ourvidz::cli
