#include "prompts/word_lists.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <memory>

#include "base/text.h"
#include "base/unicode.h"

namespace ourvidz::prompts {
namespace {

namespace fs = std::filesystem;
using namespace std::string_view_literals;

constexpr std::size_t kept_max = 64;  // lists

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

Error unusable(std::string why) {
    return Error{ErrorCode::unavailable, std::move(why), ""};
}

// A path below the folder, with nothing in it that leads out of it or hides.
bool is_list_path(std::string_view name) {
    if (character_fault(name, Characters::line)) return false;
    while (true) {
        const auto slash = name.find('/');
        const auto part = name.substr(0, slash);
        if (part.empty() || part.front() == '.') return false;
        if (slash == std::string_view::npos) return true;
        name.remove_prefix(slash + 1);
    }
}

std::string_view trimmed(std::string_view line) {
    constexpr std::string_view blank = " \t\r";
    const auto first = line.find_first_not_of(blank);
    if (first == std::string_view::npos) return {};
    return line.substr(first, line.find_last_not_of(blank) - first + 1);
}

Result<std::string> as_utf8(std::string_view bytes) {
    constexpr std::string_view utf8_mark = "\xef\xbb\xbf";
    if (bytes.starts_with(utf8_mark)) return std::string(bytes.substr(utf8_mark.size()));
    if (bytes.starts_with("\xff\xfe\0\0"sv) || bytes.starts_with("\0\0\xfe\xff"sv))
        return unusable("it is UTF-32; save it as UTF-8");
    // No list in UTF-8 has the byte 0, and every one in UTF-16 or UTF-32 that has a line feed or a space.
    const bool marked = bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff");
    if (!marked && bytes.find('\0') != std::string_view::npos)
        return unusable("it looks like UTF-16 or UTF-32 without the mark that says so; save it as UTF-8");
    const bool little = bytes.starts_with("\xff\xfe");
    if (!little && !bytes.starts_with("\xfe\xff")) return std::string(bytes);
    auto text = utf8_from_utf16(bytes.substr(2), little ? ByteOrder::little : ByteOrder::big);
    if (!text) return unusable("it begins like UTF-16 but is damaged; save it as UTF-8");
    return *std::move(text);
}

Result<void> check_entry(std::string_view entry, std::size_t line) {
    const auto where = "line " + std::to_string(line);
    if (!is_utf8(entry)) return unusable(where + " is not UTF-8 (Latin-1, perhaps); save the list as UTF-8");
    if (const auto fault = character_fault(entry, Characters::lines)) return unusable(where + " " + *fault);
    if (entry.size() > entry_bytes_max)
        return unusable(where + " is longer than " + std::to_string(entry_bytes_max) + " bytes");
    return {};
}

Result<std::string> bytes_of(const fs::path& file) {
    std::error_code failure;
    if (!fs::is_regular_file(file, failure)) return unusable("it is not a file");
    if (fs::file_size(file, failure) > list_bytes_max)
        return unusable("it is larger than " + std::to_string(list_bytes_max >> 10U) + " KiB");
    std::ifstream in(file, std::ios::binary);
    if (!in) return unusable("the studio may not read its file");
    return std::string(std::istreambuf_iterator<char>(in), {});
}

}  // namespace

Result<std::vector<std::string>> read_word_list(std::string_view bytes) {
    OURVIDZ_TRY(text, as_utf8(bytes));
    std::vector<std::string> entries;
    std::string_view rest = text;
    for (std::size_t line = 1; !rest.empty(); ++line) {
        // Lines end with \n, \r\n or, from very old programs, \r.
        const auto end = rest.find_first_of("\r\n");
        const auto entry = trimmed(rest.substr(0, end));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end);
        rest.remove_prefix(rest.starts_with("\r\n") ? 2 : rest.empty() ? 0 : 1);
        if (entry.empty() || entry.front() == '#') continue;
        OURVIDZ_CHECK(check_entry(entry, line));
        if (entries.size() == list_entries_max)
            return unusable("it has more than " + std::to_string(list_entries_max) + " entries");
        entries.emplace_back(entry);
    }
    if (entries.empty()) return unusable("it has no entries");
    return entries;
}

WordListFolder::WordListFolder(fs::path folder) : folder_(std::move(folder)) {}

Result<WordList> WordListFolder::read(const fs::path& file) const {
    auto mark = mark_of(file);
    const std::lock_guard lock(mutex_);
    if (!mark.exists) {
        known_.erase(file);
        if (mark.barred) return unusable("the studio may not look into the folder of its file");
        return WordList();
    }
    const auto found = known_.find(file);
    if (found != known_.end() && found->second.mark.surely_same_as(mark)) return found->second.list;
    if (found == known_.end() && known_.size() >= kept_max) known_.clear();
    const auto read_now = [&file]() -> Result<WordList> {
        OURVIDZ_TRY(bytes, bytes_of(file));
        OURVIDZ_TRY(entries, read_word_list(bytes));
        return WordList(std::make_shared<const std::vector<std::string>>(std::move(entries)));
    };
    return known_.insert_or_assign(file, Known{mark, read_now()}).first->second.list;
}

Result<WordList> WordListFolder::find(std::string_view name) const {
    if (!is_list_path(name)) return WordList();
    for (const auto& spelled : {std::string(name), composed(name), decomposed(name)}) {
        OURVIDZ_TRY(list, read(folder_ / (spelled + ".txt")));
        if (list != nullptr) return list;
    }
    const auto* ours = std::find_if(built_in.begin(), built_in.end(),
                                    [&](const BuiltIn& list) { return list.name == name; });
    if (ours == built_in.end()) return WordList();
    return WordList(std::make_shared<const std::vector<std::string>>(split(ours->entries)));
}

WordLists WordListFolder::lists() const {
    auto seen = std::make_shared<std::map<std::string, Result<WordList>, std::less<>>>();
    return [this, seen](std::string_view name) {
        auto found = seen->find(name);
        if (found == seen->end()) found = seen->emplace(name, find(name)).first;
        return found->second;
    };
}

}  // namespace ourvidz::prompts
