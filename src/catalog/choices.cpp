#include "catalog/choices.h"

#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>

#include "base/id.h"
#include "base/json.h"
#include "kinds/kinds.h"

namespace ourvidz::catalog {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t choices_schema = 1;
constexpr std::size_t profile_bytes_max = 64;
constexpr std::uintmax_t file_bytes_max = 64U << 10U;

Result<Choices> parse(std::string_view text) {
    OURVIDZ_TRY(object, parse_json_object(text));
    FieldReader reader(object);
    Choices choices;
    if (reader.required_integer("schema", 1, choices_schema) != choices_schema)
        reader.fail("schema", "must be 1");
    choices.profile = reader.text("profile", profile_bytes_max).value_or("");
    if (!choices.profile.empty() && find_profile(choices.profile) == nullptr) {
        reader.fail("profile", "is not a profile");
    }
    if (const auto* defaults = reader.object("defaults")) {
        for (const auto& member : *defaults) {
            if (kinds::find(member.key()) == nullptr || !member.value().is_string()) {
                reader.fail("defaults", "must name a model for each job kind");
                continue;
            }
            choices.defaults[std::string(member.key())] = std::string(member.value().get_string());
        }
    }
    OURVIDZ_CHECK(reader.finish());
    return choices;
}

}  // namespace

const Profile* find_profile(std::string_view name) {
    const auto* found = std::find_if(profiles.begin(), profiles.end(),
                                     [&](const Profile& profile) { return profile.name == name; });
    return found == profiles.end() ? nullptr : found;
}

const Profile& profile_for(bool accelerator, int memory_mb) {
    if (!accelerator) return profiles.back();
    for (const auto& profile : profiles) {
        if (profile.memory_mb > 0 && memory_mb >= profile.memory_mb) return profile;
    }
    return profiles[profiles.size() - 2];
}

Result<Choices> read_choices(const fs::path& file) {
    std::error_code failure;
    const auto bytes = fs::file_size(file, failure);
    if (failure == std::errc::no_such_file_or_directory) return Choices{};
    if (failure || bytes > file_bytes_max)
        return invalid_field("models", file.string() + " cannot be read or is too large.");
    std::ifstream in(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    auto choices = parse(text);
    if (choices) return choices;
    const auto& error = choices.error();
    return invalid_field(
        "models", file.string() + ": " + error.field + (error.field.empty() ? "" : " ") + error.detail);
}

Result<void> write_choices(const fs::path& file, const Choices& choices) {
    json::object defaults;
    for (const auto& [kind, name] : choices.defaults) defaults[kind] = name;
    json::object body{{"schema", choices_schema}, {"defaults", std::move(defaults)}};
    if (!choices.profile.empty()) body["profile"] = choices.profile;
    std::error_code failure;
    fs::create_directories(file.parent_path(), failure);
    const fs::path temporary = file.string() + "." + random_hex(4) + ".new";
    {
        std::ofstream out(temporary, std::ios::binary);
        out << json::serialize(body) << "\n";
        out.flush();
        if (!out) {
            fs::remove(temporary, failure);
            return Error{ErrorCode::unavailable, file.string() + " cannot be written.", ""};
        }
    }
    fs::rename(temporary, file, failure);
    if (failure) return Error{ErrorCode::unavailable, file.string() + ": " + failure.message(), ""};
    return {};
}

}  // namespace ourvidz::catalog
