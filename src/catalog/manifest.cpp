#include "catalog/manifest.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <optional>
#include <set>
#include <type_traits>

#include "catalog/choices.h"
#include "kinds/settings.h"

namespace ourvidz::catalog {
namespace {

constexpr std::int64_t manifest_schema = 1;
constexpr std::size_t name_bytes_max = 64;
constexpr std::size_t text_bytes_max = 2048;
constexpr std::size_t files_max = 16;
constexpr std::size_t list_max = 64;
constexpr std::size_t words_max = 20'000;
constexpr std::int64_t pixels_max = 8192;
constexpr std::int64_t memory_mb_max = 4 << 20;

bool is_name(std::string_view text) {
    return !text.empty() &&
           text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string_view::npos;
}

bool is_sha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool is_safe_pattern(std::string_view text) {
    return !text.empty() && !text.starts_with('/') && text.find("..") == std::string_view::npos &&
           text.find('\\') == std::string_view::npos;
}

std::vector<std::string> texts(FieldReader& reader, std::string_view name, std::size_t size_max,
                               std::size_t bytes_max) {
    std::vector<std::string> list;
    const auto* array = reader.array(name, size_max);
    if (array == nullptr) return list;
    for (const auto& item : *array) {
        if (!item.is_string() || item.get_string().empty() || item.get_string().size() > bytes_max) {
            reader.fail(name, "must be a list of texts of 1 to " + std::to_string(bytes_max) + " bytes");
            return {};
        }
        list.emplace_back(item.get_string());
    }
    return list;
}

// Calls `read(reader, item, index)` for each object of the list; the first fault ends it.
template <class Read>
Result<void> each_object(FieldReader& reader, std::string_view name, std::size_t size_max,
                         const std::string& path, Read read) {
    const auto* array = reader.array(name, size_max);
    if (array == nullptr) return {};
    for (std::size_t i = 0; i < array->size(); ++i) {
        const std::string item_path = path + std::string(name) + "[" + std::to_string(i) + "]";
        if (!(*array)[i].is_object()) return invalid_field(item_path, "must be an object");
        OURVIDZ_CHECK(read((*array)[i].get_object(), item_path + "."));
    }
    return {};
}

Result<Range<int>> int_range(const json::object& object, const std::string& path, int min, int max) {
    FieldReader reader(object, path);
    Range<int> range;
    range.min = static_cast<int>(reader.required_integer("min", min, max));
    range.max = static_cast<int>(reader.required_integer("max", min, max));
    range.preset = static_cast<int>(reader.required_integer("default", range.min, range.max));
    OURVIDZ_CHECK(reader.finish());
    return range;
}

Result<Range<double>> double_range(const json::object& object, const std::string& path, double min,
                                   double max) {
    FieldReader reader(object, path);
    Range<double> range;
    const auto low = reader.number("min", min, max);
    const auto high = reader.number("max", min, max);
    if (!low) reader.fail("min", "is required");
    if (!high) reader.fail("max", "is required");
    range.min = low.value_or(min);
    range.max = high.value_or(max);
    const auto preset = reader.number("default", range.min, range.max);
    if (!preset) reader.fail("default", "is required");
    range.preset = preset.value_or(min);
    OURVIDZ_CHECK(reader.finish());
    return range;
}

Result<Size> parse_size(const json::object& object, const std::string& path, int size_step) {
    FieldReader reader(object, path);
    Size size;
    const auto label = reader.choice("label", {"square", "portrait", "landscape"});
    if (!label) reader.fail("label", "is required");
    size.label = label.value_or("");
    size.width = static_cast<int>(reader.required_integer("width", 16, pixels_max));
    size.height = static_cast<int>(reader.required_integer("height", 16, pixels_max));
    size.render_width = static_cast<int>(reader.integer("render_width", 16, pixels_max).value_or(size.width));
    size.render_height =
        static_cast<int>(reader.integer("render_height", 16, pixels_max).value_or(size.height));
    const std::string multiple = "must be a multiple of size_step, " + std::to_string(size_step);
    if (size.render_width % size_step != 0) reader.fail("render_width", multiple);
    if (size.render_height % size_step != 0) reader.fail("render_height", multiple);
    OURVIDZ_CHECK(reader.finish());
    return size;
}

Result<Upscale> parse_upscale(const json::object& object, const std::string& path) {
    FieldReader reader(object, path);
    Upscale upscale;
    upscale.factor = static_cast<int>(reader.required_integer("factor", 2, 4));
    const auto method = reader.choice("method", {"srvgg", "lanczos"});
    if (!method) reader.fail("method", "is required");
    upscale.method = method.value_or("");
    OURVIDZ_CHECK(reader.finish());
    return upscale;
}

bool are_plain_words(const std::vector<std::string>& words) {
    return std::all_of(words.begin(), words.end(), [](const std::string& word) {
        return !word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos;
    });
}

std::vector<std::string> pose_axis(FieldReader& reader, std::string_view name) {
    auto words = texts(reader, name, PoseWords::grades, name_bytes_max);
    if (words.size() != PoseWords::grades || !are_plain_words(words)) {
        reader.fail(
            name, "must be a list of " + std::to_string(PoseWords::grades) + " words of the letters a to z");
    }
    return words;
}

Result<PoseWords> parse_pose_words(const json::object& object, const std::string& path) {
    FieldReader reader(object, path);
    PoseWords words;
    words.across = pose_axis(reader, "across");
    words.down = pose_axis(reader, "down");
    words.tilt = pose_axis(reader, "tilt");
    words.size = pose_axis(reader, "size");
    words.not_with = texts(reader, "not_with", list_max, name_bytes_max);
    words.strength = reader.number("strength", 0, 1).value_or(words.strength);
    std::set<std::string_view> all;
    for (const auto* axis : {&words.across, &words.down, &words.tilt, &words.size}) {
        for (const auto& word : *axis) {
            if (!all.insert(word).second) reader.fail("across", "and the others may have each word once");
        }
    }
    OURVIDZ_CHECK(reader.finish());
    return words;
}

Result<Clip> parse_clip(const json::object& object, const std::string& path) {
    FieldReader reader(object, path);
    Clip clip;
    const auto method = reader.choice("method", {"native", "keyframes", "layers"});
    if (!method) reader.fail("method", "is required");
    clip.method = method.value_or("");
    clip.seconds = static_cast<int>(reader.required_integer("seconds", 1, 60));
    clip.fps = static_cast<int>(reader.required_integer("fps", 1, 60));
    clip.frames = static_cast<int>(reader.integer("frames", 1, 4096).value_or(0));
    if (clip.method == "native" && clip.frames == 0)
        reader.fail("frames", "is required when method is native");
    const auto* pose_words = reader.object("pose_words");
    if (pose_words != nullptr && clip.method != "keyframes")
        reader.fail("pose_words", "are for the method keyframes");
    OURVIDZ_CHECK(reader.finish());
    if (pose_words != nullptr) {
        OURVIDZ_TRY(words, parse_pose_words(*pose_words, path + "pose_words."));
        clip.pose_words = words;
    }
    return clip;
}

Result<ChatSpec> parse_chat(const json::object& object, const std::string& path) {
    FieldReader reader(object, path);
    ChatSpec chat;
    const auto* tokens = reader.object("tokens");
    if (tokens == nullptr) reader.fail("tokens", "is required");
    chat.temperature = reader.number("temperature", 0, 2).value_or(chat.temperature);
    chat.top_p = reader.number("top_p", 0, 1).value_or(chat.top_p);
    chat.needs_example = reader.boolean("needs_example").value_or(false);
    chat.repetition_penalty = reader.number("repetition_penalty", 1, 2).value_or(chat.repetition_penalty);
    OURVIDZ_CHECK(reader.finish());
    OURVIDZ_TRY(range, int_range(*tokens, path + "tokens.", 1, 8192));
    chat.tokens = range;
    return chat;
}

Result<Range<double>> range_for(const kinds::Whole& whole, const json::object& object,
                                const std::string& path) {
    OURVIDZ_TRY(range, int_range(object, path, static_cast<int>(whole.min), static_cast<int>(whole.max)));
    return Range<double>{static_cast<double>(range.min), static_cast<double>(range.max),
                         static_cast<double>(range.preset)};
}

Result<Range<double>> range_for(const kinds::Real& real, const json::object& object,
                                const std::string& path) {
    return double_range(object, path, real.min, real.max);
}

// Of the settings that differ from model to model.
Result<void> read_ranges(FieldReader& reader, KindSpec& kind, const std::string& path) {
    std::optional<Error> fault;
    kinds::each_setting([&](std::string_view name, auto, const auto& shape, const kinds::Rules& rules) {
        using Shape = std::decay_t<decltype(shape)>;
        if constexpr (std::is_same_v<Shape, kinds::Whole> || std::is_same_v<Shape, kinds::Real>) {
            const auto* object = rules.by_model ? reader.object(name) : nullptr;
            if (object == nullptr || fault) return;
            auto range = range_for(shape, *object, path + std::string(name) + ".");
            if (!range.ok()) fault = range.error();
            if (range.ok()) kind.ranges.emplace(name, *range);
        }
    });
    if (fault) return *fault;
    for (const auto* name : {"steps", "guidance"}) {
        if (!kind.ranges.contains(name)) return invalid_field(path + name, "is required");
    }
    return {};
}

// The parts that pictures and clips have.
Result<void> read_drawing(FieldReader& reader, KindSpec& kind, const std::string& path, const Entry& entry) {
    OURVIDZ_CHECK(each_object(reader, "sizes", list_max, path,
                              [&](const json::object& item, const std::string& item_path) {
                                  auto size = parse_size(item, item_path, entry.size_step);
                                  if (!size) return Result<void>(size.error());
                                  kind.sizes.push_back(*size);
                                  return Result<void>();
                              }));
    if (kind.sizes.empty()) reader.fail("sizes", "needs at least one size");
    if (const auto* upscale = reader.object("upscale")) {
        OURVIDZ_TRY(parsed, parse_upscale(*upscale, path + "upscale."));
        kind.upscale = parsed;
    }
    OURVIDZ_CHECK(read_ranges(reader, kind, path));
    kind.samplers = texts(reader, "samplers", list_max, name_bytes_max);
    kind.schedulers = texts(reader, "schedulers", list_max, name_bytes_max);
    if (kind.samplers.empty()) reader.fail("samplers", "needs at least one name");
    if (const auto* batches = reader.array("batches", 3)) {
        for (const auto& batch : *batches) {
            const auto* count = batch.if_int64();
            if (count == nullptr || (*count != 1 && *count != 3 && *count != 6)) {
                reader.fail("batches", "must be a list of 1, 3 and 6");
            } else {
                kind.batches.push_back(static_cast<int>(*count));
            }
        }
    }
    if (kind.batches.empty()) kind.batches = {1};
    kind.image_to_image = reader.boolean("image_to_image").value_or(false);
    return {};
}

Result<KindSpec> parse_kind(std::string_view name, const json::object& object, const std::string& path,
                            const Entry& entry, int entry_rank) {
    const auto* known = kinds::find(name);
    if (known == nullptr) return invalid_field(path, "is not a job kind");
    const auto medium = known->medium();
    FieldReader reader(object, path + ".");
    KindSpec kind;
    kind.name = name;
    kind.rank = static_cast<int>(reader.integer("rank", 0, 1000).value_or(entry_rank));
    if ((medium == kinds::Medium::chat) != (entry.engine == "llama")) {
        return invalid_field(path, "cannot be served by the engine " + entry.engine);
    }
    if (medium == kinds::Medium::chat) {
        const auto* chat = reader.object("chat");
        if (chat == nullptr) return invalid_field(path + ".chat", "is required");
        OURVIDZ_TRY(parsed, parse_chat(*chat, path + ".chat."));
        kind.chat = parsed;
        kind.batches = {1};
    } else {
        OURVIDZ_CHECK(read_drawing(reader, kind, path + ".", entry));
    }
    if (medium == kinds::Medium::video) {
        const auto* clip = reader.object("clip");
        if (clip == nullptr) return invalid_field(path + ".clip", "is required");
        OURVIDZ_TRY(parsed, parse_clip(*clip, path + ".clip."));
        if (parsed.method == "layers" && !entry.layers)
            return invalid_field(path + ".clip.method", "is for models with layers");
        kind.clip = parsed;
    }
    OURVIDZ_CHECK(reader.finish());
    return kind;
}

bool is_pull_path(std::string_view text) {
    const bool clean = std::all_of(text.begin(), text.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 ||
               std::string_view("-._~%/+").find(static_cast<char>(c)) != std::string_view::npos;
    });
    return clean && is_safe_pattern(text) && !text.ends_with('/');
}

Result<Pull> parse_pull(const json::object& object, const std::string& path) {
    FieldReader reader(object, path);
    Pull pull;
    pull.path = reader.required_text("path", 512);
    if (!is_pull_path(pull.path)) reader.fail("path", "must be a relative path of a web address");
    const auto slash = pull.path.rfind('/');
    pull.name =
        reader.text("name", 256).value_or(pull.path.substr(slash == std::string::npos ? 0 : slash + 1));
    if (!pull.name.ends_with(".safetensors") && !pull.name.ends_with(".gguf"))
        reader.fail("name", "must end with .safetensors or .gguf");
    if (pull.name.find('/') != std::string::npos) reader.fail("name", "must have no slash");
    if (const auto bytes = reader.integer("bytes", 1, std::numeric_limits<std::int64_t>::max())) {
        pull.bytes = static_cast<std::uint64_t>(*bytes);
    }
    pull.sha256 = reader.text("sha256", 64);
    if (pull.sha256 && !is_sha256(*pull.sha256)) reader.fail("sha256", "must be 64 lower-case hex digits");
    OURVIDZ_CHECK(reader.finish());
    return pull;
}

Result<Configuration> parse_configuration(const json::object& object, const std::string& path) {
    FieldReader reader(object, path);
    Configuration configuration;
    configuration.profile = reader.required_text("profile", name_bytes_max);
    if (find_profile(configuration.profile) == nullptr) reader.fail("profile", "is not a profile");
    configuration.memory_mb = static_cast<int>(reader.required_integer("memory_mb", 1, memory_mb_max));
    if (const auto* options = reader.object("options")) configuration.options = *options;
    configuration.note = reader.text("note", text_bytes_max).value_or("");
    OURVIDZ_CHECK(reader.finish());
    return configuration;
}

Result<FileSpec> parse_file(const json::object& object, const std::string& path) {
    FieldReader reader(object, path);
    FileSpec file;
    const auto role =
        reader.choice("role", {"model", "diffusion", "second_diffusion", "llm", "t5xxl", "clip_l", "clip_g",
                               "clip_vision", "vae", "taesd", "lora", "upscaler", "ip_adapter"});
    if (!role) reader.fail("role", "is required");
    file.role = role.value_or("");
    file.names = texts(reader, "names", list_max, 256);
    if (file.names.empty()) reader.fail("names", "needs at least one pattern");
    if (!std::all_of(file.names.begin(), file.names.end(), is_safe_pattern)) {
        reader.fail("names", "must be relative, without '..'");
    }
    file.content = reader.text("content", name_bytes_max).value_or("");
    file.optional = reader.boolean("optional").value_or(false);
    file.unclaimed = reader.boolean("unclaimed").value_or(false);
    if (const auto bytes = reader.integer("bytes", 1, std::numeric_limits<std::int64_t>::max())) {
        file.bytes = static_cast<std::uint64_t>(*bytes);
    }
    file.sha256 = reader.text("sha256", 64);
    if (file.sha256 && !is_sha256(*file.sha256)) reader.fail("sha256", "must be 64 lower-case hex digits");
    OURVIDZ_CHECK(each_object(reader, "pull", files_max, path,
                              [&](const json::object& item, const std::string& item_path) {
                                  auto pull = parse_pull(item, item_path);
                                  if (!pull) return Result<void>(pull.error());
                                  file.pull.push_back(*pull);
                                  return Result<void>();
                              }));
    OURVIDZ_CHECK(reader.finish());
    return file;
}

Result<Vocabulary> parse_vocabulary(const json::object& object) {
    FieldReader reader(object, "vocabulary.");
    const auto read = [&](std::string_view name) { return texts(reader, name, words_max, name_bytes_max); };
    Vocabulary vocabulary{read("known"), read("also_known"), read("ignored"), read("things"),
                          read("describing")};
    for (auto* words :
         {&vocabulary.known, &vocabulary.also_known, &vocabulary.ignored, &vocabulary.describing})
        std::sort(words->begin(), words->end());
    if (vocabulary.known.empty()) reader.fail("known", "needs at least one word");
    OURVIDZ_CHECK(reader.finish());
    return vocabulary;
}

void read_description(FieldReader& reader, Entry& entry) {
    if (reader.required_integer("schema", 1, manifest_schema) != manifest_schema) {
        reader.fail("schema", "must be " + std::to_string(manifest_schema));
    }
    entry.name = reader.required_text("name", name_bytes_max);
    if (!is_name(entry.name)) reader.fail("name", "may have lower-case letters, digits, '.', '_' and '-'");
    entry.title = reader.required_text("title", text_bytes_max);
    entry.description = reader.text("description", text_bytes_max, Characters::lines).value_or("");
    entry.family = reader.required_text("family", name_bytes_max);
    const auto engine = reader.choice("engine", {"diffusion", "llama"});
    if (!engine) reader.fail("engine", "is required");
    entry.engine = engine.value_or("");
    entry.domain = reader.choice("domain", {"people_free", "drawn", "photographic", "mixed"}).value_or("");
    if (entry.domain.empty() && entry.engine == "diffusion")
        reader.fail("domain", "is required for picture models");
    entry.licence = reader.required_text("licence", text_bytes_max);
    entry.source = reader.text("source", text_bytes_max).value_or("");
    entry.memory_mb = static_cast<int>(reader.required_integer("memory_mb", 1, memory_mb_max));
    entry.size_step = static_cast<int>(reader.integer("size_step", 1, 256).value_or(1));
    entry.prompt_hint = reader.text("prompt_hint", text_bytes_max).value_or("");
    entry.example_prompts = texts(reader, "example_prompts", list_max, 512);
    if (const auto* options = reader.object("options")) entry.options = *options;
    entry.unsupported = reader.text("unsupported", text_bytes_max).value_or("");
    if (const auto tokens = reader.integer("prompt_tokens_max", 1, 1 << 20)) {
        entry.prompt_tokens_max = static_cast<int>(*tokens);
    }
    entry.prompt_weights = reader.boolean("prompt_weights").value_or(true);
    entry.style_words = texts(reader, "style_words", list_max, name_bytes_max);
    if (!are_plain_words(entry.style_words))
        reader.fail("style_words", "must be words of the letters a to z");
}

Result<void> read_configurations(FieldReader& reader, Entry& entry) {
    return each_object(reader, "configurations", list_max, "",
                       [&](const json::object& item, const std::string& path) {
                           auto configuration = parse_configuration(item, path);
                           if (!configuration) return Result<void>(configuration.error());
                           entry.configurations.push_back(*configuration);
                           return Result<void>();
                       });
}

Result<void> read_kinds(const json::object& object, Entry& entry, int rank) {
    for (const auto& member : object) {
        const std::string path = "kinds." + std::string(member.key());
        if (!member.value().is_object()) return invalid_field(path, "must be an object");
        OURVIDZ_TRY(kind, parse_kind(member.key(), member.value().get_object(), path, entry, rank));
        entry.kinds.push_back(std::move(kind));
    }
    return {};
}

}  // namespace

const Size* KindSpec::find_size(int width, int height) const {
    for (const auto& size : sizes) {
        if (size.width == width && size.height == height) return &size;
    }
    return nullptr;
}

const Range<double>* KindSpec::find_range(std::string_view setting) const {
    const auto found = ranges.find(setting);
    return found == ranges.end() ? nullptr : &found->second;
}

const KindSpec* Entry::find_kind(std::string_view kind) const {
    for (const auto& candidate : kinds) {
        if (candidate.name == kind) return &candidate;
    }
    return nullptr;
}

kinds::Medium line_of(const Entry& entry, const kinds::Kind& kind) {
    // A video model that makes a single picture still needs a video model's memory.
    const bool video_model = std::any_of(entry.kinds.begin(), entry.kinds.end(), [](const KindSpec& spec) {
        return spec.clip && spec.clip->method == "native";
    });
    return video_model ? kinds::Medium::video : kind.medium();
}

Result<Entry> parse_manifest(std::string_view text) {
    OURVIDZ_TRY(object, parse_json_object(text));
    FieldReader reader(object);
    Entry entry;
    read_description(reader, entry);
    const int rank = static_cast<int>(reader.integer("rank", 0, 1000).value_or(0));
    OURVIDZ_CHECK(
        each_object(reader, "files", files_max, "", [&](const json::object& item, const std::string& path) {
            auto file = parse_file(item, path);
            if (!file) return Result<void>(file.error());
            for (const auto* extension : {".gguf", ".safetensors"}) {
                file->names.push_back(entry.name + "/" + file->role + extension);
            }
            entry.files.push_back(*file);
            return Result<void>();
        }));
    if (entry.files.empty()) reader.fail("files", "needs at least one file");
    if (const auto* vocabulary = reader.object("vocabulary")) {
        OURVIDZ_TRY(parsed, parse_vocabulary(*vocabulary));
        entry.vocabulary = parsed;
    }
    entry.near_words_file = reader.text("near_words", text_bytes_max).value_or("");
    if (!entry.near_words_file.empty() && !entry.vocabulary)
        reader.fail("near_words", "is for models with a vocabulary");
    if (!is_below(entry.near_words_file))
        reader.fail("near_words", "must be a path below the manifest's folder");
    if (const auto* layers = reader.object("layers")) {
        OURVIDZ_TRY(parsed, parse_layers(*layers));
        entry.layers = std::move(parsed);
    }
    OURVIDZ_CHECK(read_configurations(reader, entry));
    const auto* kinds = reader.object("kinds");
    const bool has_kinds = kinds != nullptr && !kinds->empty();
    if (!has_kinds && entry.unsupported.empty()) reader.fail("kinds", "needs at least one job kind");
    if (has_kinds && !entry.unsupported.empty())
        reader.fail("kinds", "must be absent where unsupported says why");
    OURVIDZ_CHECK(reader.finish());
    if (has_kinds) OURVIDZ_CHECK(read_kinds(*kinds, entry, rank));
    return entry;
}

}  // namespace ourvidz::catalog
