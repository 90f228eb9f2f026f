#include "prompts/word_lists.h"

#include <algorithm>
#include <array>
#include <fstream>

namespace ourvidz::prompts {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t entry_bytes_max = 1024;
constexpr std::size_t kept_max = 200;  // lists, those that are not there included

struct BuiltIn {
    std::string_view name;
    std::string_view entries;  // separated by '|'
};
// In words that the built-in picture model knows too, where it can.
constexpr std::array built_in{
    BuiltIn{"colour", "red|orange|yellow|green|blue|purple|pink|brown|black|white|gray"},
    BuiltIn{"color", "red|orange|yellow|green|blue|purple|pink|brown|black|white|gray"},
    BuiltIn{"animal", "cat|dog|fox|panda|pig|frog|penguin|owl|fish"},
    BuiltIn{"fruit", "apple|banana|strawberry"},
    BuiltIn{"thing", "car|rocket|house|tree|sunflower|cactus|star|robot"},
    BuiltIn{
        "place",
        "in a forest|on a beach|in the mountains|in a harbour|in a greenhouse|in a quiet street|by a lake"},
    BuiltIn{"light", "morning light|golden hour|soft daylight|overcast sky|moonlight|candlelight|neon light"},
    BuiltIn{"style",
            "oil painting|watercolour|pencil drawing|photograph|flat vector drawing|woodcut|paper cut-out"},
    BuiltIn{"weather", "in the rain|in the snow|in fog|on a clear day|in a storm"},
    BuiltIn{"season", "spring|summer|autumn|winter"},
    BuiltIn{"view", "close-up|wide shot|from above|from below|side view"},
};

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    while (true) {
        const auto end = text.find('|');
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

bool is_file_name(std::string_view name) {
    return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    });
}

std::vector<std::string> read_list(const fs::path& file) {
    std::error_code failure;
    const auto bytes = fs::file_size(file, failure);
    if (failure || bytes > list_bytes_max) return {};
    std::ifstream in(file);
    std::vector<std::string> entries;
    std::string line;
    while (entries.size() < list_entries_max && std::getline(in, line)) {
        while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
        if (!line.empty() && line.front() != '#' && line.size() <= entry_bytes_max) entries.push_back(line);
    }
    return entries;
}

}  // namespace

WordListFolder::WordListFolder(fs::path folder) : folder_(std::move(folder)) {}

const std::vector<std::string>* WordListFolder::find(std::string_view name) const {
    if (!is_file_name(name)) return nullptr;
    const std::lock_guard lock(mutex_);
    auto found = known_.find(name);
    if (found == known_.end()) {
        auto entries = read_list(folder_ / (std::string(name) + ".txt"));
        const auto* ours = std::find_if(built_in.begin(), built_in.end(),
                                        [&](const BuiltIn& list) { return list.name == name; });
        if (entries.empty() && ours != built_in.end()) entries = split(ours->entries);
        if (entries.empty() && known_.size() >= kept_max) return nullptr;
        found = known_.emplace(name, std::move(entries)).first;
    }
    return found->second.empty() ? nullptr : &found->second;
}

WordLists WordListFolder::lists() const {
    return [this](std::string_view name) { return find(name); };
}

}  // namespace ourvidz::prompts
