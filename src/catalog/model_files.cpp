#include "catalog/model_files.h"

#include <algorithm>
#include <regex>

#include "catalog/catalog.h"
#include "catalog/inspect.h"

namespace ourvidz::catalog {
namespace {

namespace fs = std::filesystem;

constexpr int depth_max = 3;
constexpr std::size_t files_max = 2000;
constexpr std::size_t folders_max = 200;
constexpr std::size_t loras_max = 100;
constexpr std::string_view lora_folder = "loras/";
constexpr std::string_view lora_content = "/lora";

}  // namespace

ModelFolders::ModelFolders(const std::vector<fs::path>& folders) {
    for (const auto& folder : folders) {
        std::error_code failure;
        auto walk =
            fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, failure);
        folders_.push_back(folder);
        if (failure) continue;
        std::vector<File> found;
        for (; walk != fs::recursive_directory_iterator() && found.size() < files_max;
             walk.increment(failure)) {
            if (failure) break;
            if (walk.depth() >= depth_max) walk.disable_recursion_pending();
            std::error_code unknown;
            if (folders_.size() < folders_max && walk->is_directory(unknown))
                folders_.push_back(walk->path());
            const auto extension = walk->path().extension();
            if (extension != ".gguf" && extension != ".safetensors") continue;
            std::error_code ignored;
            if (!walk->is_regular_file(ignored)) continue;
            found.push_back(File{fs::absolute(walk->path()),
                                 walk->path().lexically_relative(folder).generic_string(),
                                 walk->file_size(ignored)});
        }
        std::sort(found.begin(), found.end(),
                  [](const File& a, const File& b) { return a.relative < b.relative; });
        files_.insert(files_.end(), found.begin(), found.end());
    }
}

bool ModelFolders::fits(const File& file, const std::string& pattern) {
    const bool whole_path = pattern.find('/') != std::string::npos;
    return matches_pattern(whole_path ? file.relative : file.path.filename().string(), pattern);
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
    const auto& content = content_of(file);
    if (!content) return "cannot be used: " + content.error().detail;
    if (*content == spec.content) return "";
    return "holds " + *content + " instead of " + spec.content;
}

const Result<std::string>& ModelFolders::content_of(const File& file) {
    auto known = contents_.find(file.path);
    if (known == contents_.end()) {
        auto inspection = inspect_file(file.path);
        auto content =
            inspection ? Result<std::string>(inspection->content) : Result<std::string>(inspection.error());
        known = contents_.emplace(file.path, std::move(content)).first;
    }
    return known->second;
}

std::vector<fs::path> ModelFolders::places() const {
    auto places = folders_;
    for (const auto& file : files_) places.push_back(file.path);
    return places;
}

std::vector<Lora> ModelFolders::loras() {
    std::map<std::string, Lora> found;
    for (const auto& file : files_) {
        if (!file.relative.starts_with(lora_folder) || found.size() == loras_max) continue;
        const auto& content = content_of(file);
        if (!content || !content->ends_with(lora_content)) continue;
        Lora lora{file.path.stem().string(), content->substr(0, content->size() - lora_content.size()),
                  file.path};
        found.emplace(lora.name, std::move(lora));
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
            if (spec.unclaimed && std::any_of(claimed.begin(), claimed.end(), [&](const FileSpec& other) {
                    return std::any_of(other.names.begin(), other.names.end(),
                                       [&](const std::string& name) { return fits(file, name); });
                })) {
                continue;
            }
            const auto fault = fault_of(file, spec);
            if (fault.empty()) return Match{file.path, ""};
            // With a pattern for anything, files of other models are no fault worth telling.
            if (why_not.empty() && !spec.unclaimed) why_not = file.relative + " " + fault;
        }
    }
    if (!why_not.empty()) return Match{std::nullopt, why_not};
    return Match{std::nullopt,
                 (spec.unclaimed ? "a file with " + spec.content : spec.names.front()) + " is not there"};
}

}  // namespace ourvidz::catalog
