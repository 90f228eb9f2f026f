#include "engine/diffusion/sd_model.h"

#include <stable-diffusion.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/exact_integer.h"
#include "engine/diffusion/sd_watch.h"
#include "engine/held_files.h"

namespace ourvidz::engine {
namespace {

constexpr int threads_max = 256;
constexpr double max_vram_gib_max = 1024;

std::int64_t peak_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

struct Options {
    int threads = 0;
    bool vae_tiling = false;
    bool flash_attention = false;
    bool mmap = false;
    bool taesd_preview_only = false;
    std::string back_end;
    std::string weights_back_end;
    double max_vram_gib = 0;
    std::optional<double> flow_shift;
    int clip_skip = -1;
    double lora_multiplier = 1;
    std::string prediction;
    std::string weight_type;
};

Result<Options> options_from(const json::object& body) {
    FieldReader reader(body, "options.");
    Options options;
    options.threads =
        static_cast<int>(reader.integer("threads", 1, threads_max).value_or(sd_get_num_physical_cores()));
    options.vae_tiling = reader.boolean("vae_tiling").value_or(false);
    options.flash_attention = reader.boolean("flash_attention").value_or(false);
    options.mmap = reader.boolean("mmap").value_or(false);
    options.taesd_preview_only = reader.boolean("taesd_preview_only").value_or(false);
    options.back_end = reader.text("backend", identifier_bytes_max).value_or("");
    options.weights_back_end = reader.text("params_backend", identifier_bytes_max).value_or("");
    options.max_vram_gib = reader.number("max_vram", -1, max_vram_gib_max).value_or(0);
    options.flow_shift = reader.number("flow_shift", 0, 100);
    options.clip_skip = static_cast<int>(reader.integer("clip_skip", -1, 12).value_or(-1));
    options.lora_multiplier = reader.number("lora_multiplier", -4, 4).value_or(1);
    options.prediction = reader.text("prediction", identifier_bytes_max).value_or("");
    options.weight_type = reader.text("weight_type", identifier_bytes_max).value_or("");
    if (!options.prediction.empty() && str_to_prediction(options.prediction.c_str()) == PREDICTION_COUNT) {
        reader.fail("prediction", "is not one that the engine knows");
    }
    if (!options.weight_type.empty() && str_to_sd_type(options.weight_type.c_str()) == SD_TYPE_COUNT) {
        reader.fail("weight_type", "is not one that the engine knows");
    }
    OURVIDZ_CHECK(reader.finish());
    return options;
}

struct Role {
    std::string_view name;
    const char* sd_ctx_params_t::*path;
};
constexpr std::array roles{
    Role{"model", &sd_ctx_params_t::model_path},
    Role{"diffusion", &sd_ctx_params_t::diffusion_model_path},
    Role{"high_noise_diffusion", &sd_ctx_params_t::high_noise_diffusion_model_path},
    Role{"clip_l", &sd_ctx_params_t::clip_l_path},
    Role{"clip_g", &sd_ctx_params_t::clip_g_path},
    Role{"clip_vision", &sd_ctx_params_t::clip_vision_path},
    Role{"t5xxl", &sd_ctx_params_t::t5xxl_path},
    Role{"llm", &sd_ctx_params_t::llm_path},
    Role{"llm_vision", &sd_ctx_params_t::llm_vision_path},
    Role{"vae", &sd_ctx_params_t::vae_path},
    Role{"audio_vae", &sd_ctx_params_t::audio_vae_path},
    Role{"taesd", &sd_ctx_params_t::taesd_path},
    Role{"control_net", &sd_ctx_params_t::control_net_path},
    Role{"photo_maker", &sd_ctx_params_t::photo_maker_path},
    Role{"embeddings_connectors", &sd_ctx_params_t::embeddings_connectors_path},
};
constexpr std::string_view lora_role = "lora";  // laid over whatever is made
constexpr std::string_view second_role = "second_diffusion";

Result<void> set_paths(const ModelFiles& model, sd_ctx_params_t& parameters) {
    for (const auto& [name, path] : model.files) {
        if (access(path.c_str(), R_OK) != 0) {
            return Error{ErrorCode::unavailable, "The model file " + path + " is missing.", "files." + name};
        }
        if (name == lora_role || name == second_role) continue;
        const auto* role =
            std::find_if(roles.begin(), roles.end(), [&](const Role& known) { return known.name == name; });
        if (role == roles.end())
            return invalid_field("files." + name, "is not a role that this engine knows");
        parameters.*(role->path) = path.c_str();
    }
    return {};
}

void set_options(const Options& options, [[maybe_unused]] std::string& max_vram_text,
                 sd_ctx_params_t& parameters) {
    parameters.n_threads = options.threads;
    parameters.flash_attn = options.flash_attention;
    parameters.diffusion_flash_attn = options.flash_attention;
    parameters.enable_mmap = options.mmap;
    parameters.tae_preview_only = options.taesd_preview_only;
    if (!options.back_end.empty()) parameters.backend = options.back_end.c_str();
    if (!options.weights_back_end.empty()) parameters.params_backend = options.weights_back_end.c_str();
#ifdef OURVIDZ_SD_MAX_VRAM_TEXT
    max_vram_text = std::to_string(options.max_vram_gib);
    parameters.max_vram = max_vram_text.c_str();
#else
    parameters.max_vram = static_cast<float>(options.max_vram_gib);
#endif
    if (!options.prediction.empty()) parameters.prediction = str_to_prediction(options.prediction.c_str());
    if (!options.weight_type.empty()) parameters.wtype = str_to_sd_type(options.weight_type.c_str());
}

struct ContextCloser {
    void operator()(sd_ctx_t* context) const { free_sd_ctx(context); }
};

// Pictures that the engine made; freed with it.
struct Images {
    sd_image_t* images = nullptr;
    int count = 0;
    Images() = default;
    Images(const Images&) = delete;
    Images& operator=(const Images&) = delete;
    ~Images() {
        if (images != nullptr) free_sd_images(images, count);
    }
};

bool generate(sd_ctx_t* context, const sd_img_gen_params_t& parameters, Images& made) {
#ifdef OURVIDZ_SD_IMAGE_BOOL
    return generate_image(context, &parameters, &made.images, &made.count) && made.images != nullptr;
#else
    made.images = generate_image(context, &parameters);
    made.count = parameters.batch_count;
    return made.images != nullptr;
#endif
}

sd_image_t image_of(const std::string& rgb, int width, int height) {
    // The engine only reads from it; its type has no const.
    auto* data = reinterpret_cast<std::uint8_t*>(const_cast<char*>(rgb.data()));
    return {static_cast<std::uint32_t>(width), static_cast<std::uint32_t>(height), 3, data};
}

Result<void> check_input(const ImageRequest& request, const std::string& rgb) {
    const auto bytes = static_cast<std::size_t>(request.width) * static_cast<std::size_t>(request.height) * 3;
    if (rgb.size() == (request.has_input ? bytes : 0)) return {};
    return invalid_field("input", "The input picture does not have the size of the request.");
}

Result<void> send_image(const sd_image_t& image, json::object body, RunIo& io) {
    if (image.data == nullptr || image.channel != 3) {
        return Error{ErrorCode::engine_failed, "The engine made no RGB picture.", ""};
    }
    body["width"] = image.width;
    body["height"] = image.height;
    const auto bytes = static_cast<std::size_t>(image.width) * image.height * 3;
    io.output(std::move(body), std::string(reinterpret_cast<const char*>(image.data), bytes));
    return {};
}

}  // namespace

WorkerInfo diffusion_worker_info() {
    WorkerInfo info{"diffusion",
                    "stable-diffusion.cpp",
                    OURVIDZ_ENGINE_VERSION,
                    {},
                    {"image", "video", "preview", "cancel"}};
    std::string_view back_ends = OURVIDZ_ENGINE_BACKENDS;
    while (!back_ends.empty()) {
        const auto comma = std::min(back_ends.find(','), back_ends.size());
        info.back_ends.emplace_back(back_ends.substr(0, comma));
        back_ends.remove_prefix(std::min(comma + 1, back_ends.size()));
    }
    return info;
}

struct SdModel::State {
    std::unique_ptr<sd_ctx_t, ContextCloser> context;
    std::unique_ptr<sd_ctx_t, ContextCloser> second;  // null where the model has no second network
    Options options;
    ModelFiles model;
    HeldFiles held;

    [[nodiscard]] Result<void> open(RunIo& io);
    // Where a file has been replaced by another one, everything is loaded again.
    [[nodiscard]] Result<void> open_again_if_replaced(const ImageRequest& request, RunIo& io);
    [[nodiscard]] bool take_files(const ImageRequest& request);
    [[nodiscard]] Result<sd_sample_params_t> sample_parameters(const ImageRequest& request) const;
    [[nodiscard]] Result<std::vector<sd_lora_t>> loras(const ImageRequest& request) const;

    // Fills in what pictures and clips have in common; `Parameters` is the engine's record of either. They
    // point into `request`, `input_rgb`, `loras` and this object afterwards.
    template <class Parameters>
    void fill(Parameters& parameters, const ImageRequest& request, const sd_sample_params_t& sampling,
              const std::string& input_rgb, const std::vector<sd_lora_t>& loras) const {
        parameters.prompt = request.prompt.c_str();
        parameters.negative_prompt = request.negative_prompt.c_str();
        parameters.width = request.width;
        parameters.height = request.height;
        parameters.seed = request.seed;
        parameters.sample_params = sampling;
        parameters.clip_skip = options.clip_skip;
        parameters.vae_tiling_params.enabled = options.vae_tiling;
        if (request.has_input) {
            parameters.init_image = image_of(input_rgb, request.width, request.height);
            parameters.strength = static_cast<float>(request.strength);
        }
        parameters.loras = loras.data();
        parameters.lora_count = static_cast<std::uint32_t>(loras.size());
    }
};

// The paths live as long as the model and the request.
Result<std::vector<sd_lora_t>> SdModel::State::loras(const ImageRequest& request) const {
    std::vector<sd_lora_t> list;
    if (const auto own = model.files.find(std::string(lora_role)); own != model.files.end()) {
        list.push_back({false, static_cast<float>(options.lora_multiplier), own->second.c_str()});
    }
    for (const auto& wanted : request.loras) {
        if (access(wanted.file.c_str(), R_OK) != 0)
            return Error{ErrorCode::unavailable, "The file of the LoRA \"" + wanted.name + "\" is missing.",
                         "loras"};
        list.push_back({false, static_cast<float>(wanted.weight), wanted.file.c_str()});
    }
    return list;
}

Result<sd_sample_params_t> SdModel::State::sample_parameters(const ImageRequest& request) const {
    sd_sample_params_t parameters;
    sd_sample_params_init(&parameters);
    parameters.sample_steps = request.steps;
    parameters.guidance.txt_cfg = static_cast<float>(request.guidance);
    parameters.sample_method = request.sampler.empty() ? sd_get_default_sample_method(context.get())
                                                       : str_to_sample_method(request.sampler.c_str());
    if (parameters.sample_method == SAMPLE_METHOD_COUNT) {
        return invalid_field("sampler", "is not one that the engine knows");
    }
    parameters.scheduler = request.scheduler.empty()
                               ? sd_get_default_scheduler(context.get(), parameters.sample_method)
                               : str_to_scheduler(request.scheduler.c_str());
    if (parameters.scheduler == SCHEDULER_COUNT)
        return invalid_field("scheduler", "is not one that the engine knows");
    if (options.flow_shift) parameters.flow_shift = static_cast<float>(*options.flow_shift);
    return parameters;
}

Result<std::unique_ptr<SdModel>> SdModel::open(const ModelFiles& model, RunIo& io) {
    auto state = std::make_unique<State>();
    OURVIDZ_TRY(options, options_from(model.options));
    state->options = options;
    state->model = model;
    OURVIDZ_CHECK(state->open(io));
    return std::unique_ptr<SdModel>(new SdModel(std::move(state)));
}

Result<void> SdModel::State::open(RunIo& io) {
    context.reset();
    second.reset();
    held.clear();
    (void)take_files({});
    sd_ctx_params_t parameters;
    sd_ctx_params_init(&parameters);
    std::string max_vram_text;
    OURVIDZ_CHECK(set_paths(model, parameters));
    set_options(options, max_vram_text, parameters);
    Watch watch(io, nullptr, false);
    return watch.call([&] {
        context.reset(new_sd_ctx(&parameters));
        const auto other = model.files.find(std::string(second_role));
        if (context == nullptr || other == model.files.end()) return context != nullptr;
        parameters.diffusion_model_path = other->second.c_str();
        second.reset(new_sd_ctx(&parameters));
        return second != nullptr;
    });
}

// Whether all that the request needs is as the engine has it, or was never read.
bool SdModel::State::take_files(const ImageRequest& request) {
    bool same = true;
    for (const auto& [role, path] : model.files) same = held.take(path) && same;
    for (const auto& lora : request.loras) same = held.take(lora.file) && same;
    return same;
}

Result<void> SdModel::State::open_again_if_replaced(const ImageRequest& request, RunIo& io) {
    if (take_files(request) && context != nullptr) return {};
    OURVIDZ_CHECK(open(io));
    (void)take_files(request);
    return {};
}

SdModel::SdModel(std::unique_ptr<State> state) : state_(std::move(state)) {}
SdModel::~SdModel() = default;

Result<json::object> SdModel::run(const safety::Cleared<ImageRequest>& cleared, const std::string& input_rgb,
                                  RunIo& io) {
    const auto& request = cleared.request();
    OURVIDZ_CHECK(state_->open_again_if_replaced(request, io));
    if (request.second_network && state_->second == nullptr)
        return invalid_field("second_network", "This model has one network only.");
    auto* context = request.second_network ? state_->second.get() : state_->context.get();
    if (!sd_ctx_supports_image_generation(context)) {
        return Error{ErrorCode::unavailable, "This model makes no pictures.", ""};
    }
    OURVIDZ_CHECK(check_input(request, input_rgb));
    OURVIDZ_TRY(sampling, state_->sample_parameters(request));
    sd_img_gen_params_t parameters;
    sd_img_gen_params_init(&parameters);
    OURVIDZ_TRY(loras, state_->loras(request));
    state_->fill(parameters, request, sampling, input_rgb, loras);
    const auto start = steady_ms();
    Images made;
    Watch watch(io, context, request.preview);
    OURVIDZ_CHECK(watch.call([&] { return generate(context, parameters, made); }));
    OURVIDZ_CHECK(send_image(made.images[0], {{"kind", "image"}}, io));
    return json::object{{"generate_ms", steady_ms() - start},
                        {"steps", watch.steps_done()},
                        {"seed", exact_integer(request.seed)},
                        {"peak_bytes", peak_bytes()}};
}

Result<json::object> SdModel::run(const safety::Cleared<VideoRequest>& cleared,
                                  const std::string& first_frame_rgb, RunIo& io) {
    const auto& request = cleared.request();
    const auto& picture = request.picture;
    OURVIDZ_CHECK(state_->open_again_if_replaced(picture, io));
    auto* context = state_->context.get();
    if (!sd_ctx_supports_video_generation(context)) {
        return Error{ErrorCode::unavailable, "This model makes no clips.", ""};
    }
    OURVIDZ_CHECK(check_input(picture, first_frame_rgb));
    OURVIDZ_TRY(sampling, state_->sample_parameters(picture));
    sd_vid_gen_params_t parameters;
    sd_vid_gen_params_init(&parameters);
    OURVIDZ_TRY(loras, state_->loras(picture));
    state_->fill(parameters, picture, sampling, first_frame_rgb, loras);
    // A model in two halves: the engine splits the same steps between them where the noise crosses its
    // boundary.
    parameters.high_noise_sample_params.guidance = sampling.guidance;
    parameters.high_noise_sample_params.sample_method = sampling.sample_method;
    parameters.high_noise_sample_params.scheduler = sampling.scheduler;
    parameters.high_noise_sample_params.flow_shift = sampling.flow_shift;
    parameters.video_frames = request.frames;
    parameters.fps = request.fps;
    const auto start = steady_ms();
    Images made;
    sd_audio_t* audio = nullptr;
    Watch watch(io, context, picture.preview);
    const auto called = watch.call([&] {
        return generate_video(context, &parameters, &made.images, &made.count, &audio) && made.count > 0;
    });
    if (audio != nullptr) free_sd_audio(audio);
    if (!called.ok()) return called.error();
    for (int i = 0; i < made.count; ++i) {
        OURVIDZ_CHECK(send_image(made.images[i], {{"kind", "frame"}, {"index", i}}, io));
        if (io.canceled()) return Error{ErrorCode::canceled, "The request was canceled.", ""};
    }
    return json::object{{"generate_ms", steady_ms() - start},
                        {"steps", watch.steps_done()},
                        {"seed", exact_integer(picture.seed)},
                        {"fps", request.fps},
                        {"frames", made.count},
                        {"peak_bytes", peak_bytes()}};
}

}  // namespace ourvidz::engine
