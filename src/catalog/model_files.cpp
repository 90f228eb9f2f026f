#include "catalog/model_files.h"

#include <algorithm>
#include <regex>
#include <utility>

#include "base/text.h"
#include "base/unicode.h"
#include "catalog/catalog.h"
#include "catalog/inspect.h"

namespace ourvidz::catalog {
namespace {

namespace fs = std::filesystem;

constexpr int depth_max = 3;
constexpr std::size_t files_max = 2000;  // of all folders together
constexpr std::size_t folders_max = 500;
constexpr std::string_view lora_folder = "loras/";
constexpr std::string_view lora_content = "/lora";

}  // namespace

// One look through the model folders.
class ModelFolders::Walk {
  public:
    explicit Walk(ModelFolders& found) : found_(found) {}

    void folder(const fs::path& path, const std::string& relative, int depth) {
        const auto mark = mark_of(path);
        found_.sources_.push_back({path, mark});
        const auto is_this = [&](const FileMark& other) {
            return other.device == mark.device && other.number == mark.number;
        };
        // A link back to where we come from would go round for ever.
        if (!mark.exists || std::any_of(above_.begin(), above_.end(), is_this)) return;
        if (++folders_ > folders_max) return;
        above_.push_back(mark);
        auto entries = entries_of(path);
        for (const auto& entry : entries) file(entry.path(), relative);
        // Folders before links to folders: what is in both is known by the folder's own name.
        std::stable_partition(entries.begin(), entries.end(),
                              [](const fs::directory_entry& entry) { return !entry.is_symlink(); });
        for (const auto& entry : entries) {
            std::error_code ignored;
            if (depth < depth_max && entry.is_directory(ignored))
                folder(entry.path(), relative + entry.path().filename().string() + "/", depth + 1);
        }
        above_.pop_back();
    }

    void say_what_is_left_out() const {
        if (files_ > files_max)
            found_.notes_.push_back("Only the first " + std::to_string(files_max) +
                                    " model files are known.");
        if (folders_ > folders_max)
            found_.notes_.push_back("Only the first " + std::to_string(folders_max) +
                                    " folders of models are looked into.");
    }

  private:
    [[nodiscard]] std::vector<fs::directory_entry> entries_of(const fs::path& path) const {
        std::vector<fs::directory_entry> entries;
        std::error_code failure;
        for (auto walk = fs::directory_iterator(path, failure); !failure && walk != fs::directory_iterator();
             walk.increment(failure))
            entries.push_back(*walk);
        if (failure)
            found_.notes_.push_back("The folder " + path.string() +
                                    " cannot be looked into: " + failure.message() + ".");
        std::sort(entries.begin(), entries.end());
        return entries;
    }

    void file(const fs::path& path, const std::string& relative) {
        const auto extension = path.extension();
        std::error_code ignored;
        if ((extension != ".gguf" && extension != ".safetensors") || !fs::is_regular_file(path, ignored))
            return;
        if (++files_ > files_max) return;
        const auto mark = mark_of(path);
        found_.sources_.push_back({path, mark, true});
        found_.files_.push_back({path, relative + path.filename().string(), mark.bytes});
    }

    ModelFolders& found_;
    std::size_t files_ = 0;
    std::size_t folders_ = 0;
    std::vector<FileMark> above_;
};

ModelFolders::ModelFolders(const std::vector<fs::path>& folders, std::shared_ptr<Inspections> inspections)
    : inspections_(inspections ? std::move(inspections) : std::make_shared<Inspections>()) {
    Walk walk(*this);
    for (const auto& folder : folders) {
        const auto begin = static_cast<std::ptrdiff_t>(files_.size());
        walk.folder(fs::absolute(folder), "", 0);
        std::sort(files_.begin() + begin, files_.end(),
                  [](const File& a, const File& b) { return a.relative < b.relative; });
    }
    walk.say_what_is_left_out();
}

Result<std::string> Inspections::content_of(const fs::path& path) {
    const auto mark = mark_of(path);
    const std::lock_guard lock(mutex_);
    const auto known = known_.find(path);
    if (known != known_.end() && known->second.mark.surely_same_as(mark)) return known->second.content;
    const auto inspection = inspect_file(path);
    auto content =
        inspection ? Result<std::string>(inspection->content) : Result<std::string>(inspection.error());
    known_.insert_or_assign(path, Known{mark, content});
    return content;
}

bool ModelFolders::fits(const File& file, const std::string& pattern) {
    const bool whole_path = pattern.find('/') != std::string::npos;
    return matches_pattern(whole_path ? file.relative : file.path.filename().string(), pattern);
}

bool ModelFolders::is_claimed(const File& file, const std::vector<FileSpec>& claimed) {
    return std::any_of(claimed.begin(), claimed.end(), [&](const FileSpec& other) {
        return std::any_of(other.names.begin(), other.names.end(),
                           [&](const std::string& name) { return fits(file, name); });
    });
}

// Large models come in numbered parts; the engine opens the first and expects the others beside it.
std::string ModelFolders::missing_parts(const File& file) const {
    static const std::regex numbered(R"((.*)-(\d{5})-of-(\d{5})\.gguf)");
    std::smatch parts;
    const std::string name = file.path.filename().string();
    if (!std::regex_match(name, parts, numbered)) return "";
    if (parts[2] != "00001") return "is not the first part";
    const int count = std::stoi(parts[3]);
    for (int i = 2; i <= count; ++i) {
        const std::string number = std::to_string(100'000 + i).substr(1);
        std::string part = parts[1].str();
        part.append("-").append(number).append("-of-").append(parts[3].str()).append(".gguf");
        if (!fs::exists(file.path.parent_path() / part)) return "lacks its part " + part;
    }
    return "";
}

std::string ModelFolders::fault_of(const File& file, const FileSpec& spec) {
    if (spec.bytes) {
        if (file.bytes == *spec.bytes) return "";
        return "has " + std::to_string(file.bytes) + " bytes instead of " + std::to_string(*spec.bytes);
    }
    if (auto fault = missing_parts(file); !fault.empty()) return fault;
    if (spec.content.empty()) return "";
    const auto content = inspections_->content_of(file.path);
    if (!content) return "cannot be used: " + content.error().detail;
    if (*content == spec.content) return "";
    return "holds " + *content + " instead of " + spec.content;
}

// With what is wrong with it, if anything is.
Lora ModelFolders::lora_in(const File& file) {
    Lora lora{composed(file.path.stem().string()), "", file.path, ""};
    const auto content = inspections_->content_of(file.path);
    if (character_fault(lora.name, Characters::line)) {
        lora.unusable = "Its file's name has characters that no prompt can have.";
    } else if (!content) {
        lora.unusable = content.error().detail;
    } else if (!content->ends_with(lora_content)) {
        lora.unusable = "It is no LoRA: it holds " + *content + ".";
    } else if (content->starts_with("unknown")) {
        lora.unusable = "It cannot be told which models it is for.";
    } else {
        lora.family = content->substr(0, content->size() - lora_content.size());
    }
    return lora;
}

std::vector<Lora> ModelFolders::loras() {
    std::map<std::pair<std::string, std::string>, Lora> found;
    for (const auto& file : files_) {
        if (!file.relative.starts_with(lora_folder)) continue;
        auto lora = lora_in(file);
        found.emplace(std::pair(lora.name, lora.family), std::move(lora));
    }
    std::vector<Lora> list;
    for (auto& [name, lora] : found) list.push_back(std::move(lora));
    return list;
}

ModelFolders::Match ModelFolders::find(const FileSpec& spec, const std::vector<FileSpec>& claimed) {
    std::string why_not;
    for (const auto& pattern : spec.names) {
        for (const auto& file : files_) {
            if (!fits(file, pattern)) continue;
            if (spec.unclaimed && is_claimed(file, claimed)) continue;
            const auto fault = fault_of(file, spec);
            if (fault.empty()) return Match{file.path, ""};
            // With a pattern for anything, files of other models are no fault worth telling.
            if (why_not.empty() && !spec.unclaimed) why_not = file.relative + " " + fault;
        }
    }
    if (why_not.empty())
        why_not = (spec.unclaimed ? "a file with " + spec.content : spec.names.front()) + " is not there";
    return Match{std::nullopt, why_not};
}

}  // namespace ourvidz::catalog
