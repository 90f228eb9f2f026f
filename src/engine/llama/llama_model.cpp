#include "engine/llama/llama_model.h"

#include <llama.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/exact_integer.h"
#include "engine/llama/chat_prompt.h"
#include "engine/llama/token_sampler.h"
#include "engine/llama/utf8.h"

namespace ourvidz::engine {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int threads_max = 256;
constexpr int context_tokens_min = 128;
constexpr int context_tokens_max = 1 << 20;
constexpr int context_tokens_default = 4096;
constexpr int chunk_tokens_default = 128;
constexpr std::size_t kept_lines_max = 4;
constexpr int load_steps = 100;

std::int64_t milliseconds_since(Steady::time_point start) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - start).count();
}

std::int64_t peak_bytes() {
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
}

Error canceled() {
    return Error{ErrorCode::canceled, "The request was canceled.", ""};
}

// The engine's last complaints. Its threads log too.
class LogTail {
  public:
    LogTail() {
        llama_log_set([](ggml_log_level level, const char* text,
                         void* self) { static_cast<LogTail*>(self)->add(level, text); },
                      this);
    }
    ~LogTail() {
        llama_log_set([](ggml_log_level, const char*, void*) {}, nullptr);
    }
    LogTail(const LogTail&) = delete;
    LogTail& operator=(const LogTail&) = delete;

    [[nodiscard]] Error error(std::string_view otherwise) const {
        const std::lock_guard lock(mutex_);
        std::string text;
        for (const auto& line : lines_) text += (text.empty() ? "" : " | ") + line;
        return Error{ErrorCode::engine_failed, text.empty() ? std::string(otherwise) : text, ""};
    }
    void clear() {
        const std::lock_guard lock(mutex_);
        lines_.clear();
    }

  private:
    void add(ggml_log_level level, std::string_view text) {
        if (level != GGML_LOG_LEVEL_WARN && level != GGML_LOG_LEVEL_ERROR) return;
        while (text.ends_with('\n')) text.remove_suffix(1);
        if (text.empty()) return;
        const std::lock_guard lock(mutex_);
        lines_.emplace_back(text);
        if (lines_.size() > kept_lines_max) lines_.pop_front();
    }

    mutable std::mutex mutex_;
    std::deque<std::string> lines_;
};

struct Options {
    int threads = 0;
    int context_tokens = 0;
    int chunk_tokens = 0;
    int gpu_layers = 0;
    bool mmap = true;
    bool flash_attention = false;
    std::string chat_template;
};

Result<Options> options_from(const json::object& body) {
    FieldReader reader(body, "options.");
    Options options;
    const auto cores = std::max(1, static_cast<int>(std::thread::hardware_concurrency()));
    options.threads = static_cast<int>(reader.integer("threads", 1, threads_max).value_or(cores));
    options.context_tokens =
        static_cast<int>(reader.integer("context_tokens", context_tokens_min, context_tokens_max)
                             .value_or(context_tokens_default));
    options.chunk_tokens =
        static_cast<int>(reader.integer("prompt_chunk_tokens", 16, 4096).value_or(chunk_tokens_default));
    options.gpu_layers = static_cast<int>(reader.integer("gpu_layers", -1, 10'000).value_or(-1));
    options.mmap = reader.boolean("mmap").value_or(true);
    options.flash_attention = reader.boolean("flash_attention").value_or(false);
    options.chat_template = reader.text("chat_template", 64U << 10U, Characters::lines).value_or("");
    OURVIDZ_CHECK(reader.finish());
    return options;
}

struct ModelCloser {
    void operator()(llama_model* model) const { llama_model_free(model); }
};
struct ContextCloser {
    void operator()(llama_context* context) const { llama_free(context); }
};

Result<std::string> path_of(const ModelFiles& model) {
    for (const auto& [role, path] : model.files) {
        if (role != "model") return invalid_field("files." + role, "is not a role that this engine knows");
    }
    const auto& path = model.files.at("model");
    if (access(path.c_str(), R_OK) != 0) {
        return Error{ErrorCode::unavailable, "The model file " + path + " is missing.", "files.model"};
    }
    return path;
}

// Tells the node how far loading is, at most once for each hundredth. False stops it.
struct LoadProgress {
    RunIo& io;
    int last = 0;

    static bool take(float part, void* self) {
        auto& progress = *static_cast<LoadProgress*>(self);
        const int step = std::clamp(static_cast<int>(part * load_steps), 0, load_steps);
        if (step > progress.last) progress.io.progress("load", step, load_steps);
        progress.last = std::max(progress.last, step);
        return !progress.io.canceled();
    }
};

}  // namespace

WorkerInfo chat_worker_info() {
    WorkerInfo info{"chat", "llama.cpp", OURVIDZ_ENGINE_VERSION, {}, {"chat", "grammar", "cancel"}};
    std::string_view back_ends = OURVIDZ_ENGINE_BACKENDS;
    while (!back_ends.empty()) {
        const auto comma = std::min(back_ends.find(','), back_ends.size());
        info.back_ends.emplace_back(back_ends.substr(0, comma));
        back_ends.remove_prefix(std::min(comma + 1, back_ends.size()));
    }
    return info;
}

struct LlamaModel::State {
    LogTail log;
    Options options;
    std::unique_ptr<llama_model, ModelCloser> model;
    std::unique_ptr<llama_context, ContextCloser> context;
    std::unique_ptr<ChatPromptMaker> prompts;
    RunIo* io = nullptr;  // of the run in progress, for the abort callback
    // Tokens whose state the context holds and that were processed in whole chunks from the start. Only those
    // are used again: the same tokens in other chunks come out a little different, and so would the answer.
    std::vector<llama_token> kept;

    // What is left of the context when the answer has its room.
    [[nodiscard]] int prompt_tokens_max(const ChatRequest& request) const {
        const int context_tokens = static_cast<int>(llama_n_ctx(context.get()));
        return context_tokens - std::min(request.tokens_max, context_tokens / 2);
    }
    Result<void> process_prompt(const std::vector<llama_token>& tokens, int& reused);
    Result<void> decode(llama_token* tokens, int count);
};

Result<std::unique_ptr<LlamaModel>> LlamaModel::open(const ModelFiles& files, RunIo& io) {
    OURVIDZ_TRY(options, options_from(files.options));
    OURVIDZ_TRY(path, path_of(files));
    auto state = std::make_unique<State>();
    state->options = options;

    LoadProgress progress{io};
    auto model_parameters = llama_model_default_params();
    model_parameters.n_gpu_layers = options.gpu_layers;
    model_parameters.load_mode = options.mmap ? LLAMA_LOAD_MODE_MMAP : LLAMA_LOAD_MODE_NONE;
    model_parameters.progress_callback = LoadProgress::take;
    model_parameters.progress_callback_user_data = &progress;
    state->model.reset(llama_model_load_from_file(path.c_str(), model_parameters));
    if (io.canceled()) return canceled();
    if (!state->model) return state->log.error("The model cannot be loaded.");
    if (!llama_model_has_decoder(state->model.get())) {
        return Error{ErrorCode::engine_failed, "The model writes no text.", ""};
    }

    auto parameters = llama_context_default_params();
    parameters.n_ctx = static_cast<std::uint32_t>(std::min(
        options.context_tokens, std::max(context_tokens_min, llama_model_n_ctx_train(state->model.get()))));
    parameters.n_batch = static_cast<std::uint32_t>(options.chunk_tokens);
    parameters.n_ubatch = parameters.n_batch;
    parameters.n_threads = options.threads;
    parameters.n_threads_batch = options.threads;
    if (options.flash_attention) parameters.flash_attn_type = LLAMA_FLASH_ATTN_TYPE_ENABLED;
    parameters.abort_callback = [](void* self) {
        const auto* current = static_cast<State*>(self)->io;
        return current != nullptr && current->canceled();
    };
    parameters.abort_callback_data = state.get();
    state->context.reset(llama_init_from_model(state->model.get(), parameters));
    if (!state->context) return state->log.error("The model's context cannot be made.");

    const char* own_template = llama_model_chat_template(state->model.get(), nullptr);
    std::string chat_template = options.chat_template;
    if (chat_template.empty()) chat_template = own_template != nullptr ? own_template : "chatml";
    state->prompts = std::make_unique<ChatPromptMaker>(llama_model_get_vocab(state->model.get()),
                                                       std::move(chat_template));
    return std::unique_ptr<LlamaModel>(new LlamaModel(std::move(state)));
}

LlamaModel::LlamaModel(std::unique_ptr<State> state) : state_(std::move(state)) {}
LlamaModel::~LlamaModel() = default;

Result<void> LlamaModel::State::decode(llama_token* tokens, int count) {
    const auto status = llama_decode(context.get(), llama_batch_get_one(tokens, count));
    if (io->canceled()) return canceled();
    if (status != 0) return log.error("The engine could not go on (status " + std::to_string(status) + ").");
    return {};
}

Result<void> LlamaModel::State::process_prompt(const std::vector<llama_token>& tokens, int& reused) {
    const auto chunk = static_cast<std::size_t>(options.chunk_tokens);
    const auto differ = std::mismatch(kept.begin(), kept.end(), tokens.begin(), tokens.end()).first;
    auto done = static_cast<std::size_t>(differ - kept.begin()) / chunk * chunk;
    // The last token is always processed: the first word of the answer is drawn from what it leaves behind.
    if (done == tokens.size()) done -= chunk;
    auto* memory = llama_get_memory(context.get());
    if (!llama_memory_seq_rm(memory, 0, static_cast<llama_pos>(done), -1)) {
        // Some models cannot go back to the middle.
        llama_memory_clear(memory, true);
        done = 0;
    }
    kept.resize(done);
    reused = static_cast<int>(done);
    const auto chunks = static_cast<int>((tokens.size() - done + chunk - 1) / chunk);
    for (int i = 1; done < tokens.size(); ++i) {
        const auto count = std::min(chunk, tokens.size() - done);
        std::vector<llama_token> part(tokens.begin() + static_cast<std::ptrdiff_t>(done),
                                      tokens.begin() + static_cast<std::ptrdiff_t>(done + count));
        OURVIDZ_CHECK(decode(part.data(), static_cast<int>(count)));
        if (count == chunk) kept.insert(kept.end(), part.begin(), part.end());
        done += count;
        io->progress("prompt", i, chunks);
    }
    return {};
}

namespace {

std::string piece_of(const llama_vocab* vocab, llama_token token) {
    std::string piece(64, '\0');
    for (int round = 0; round < 2; ++round) {
        const auto size = llama_token_to_piece(vocab, token, piece.data(),
                                               static_cast<std::int32_t>(piece.size()), 0, false);
        piece.resize(static_cast<std::size_t>(std::abs(size)));
        if (size >= 0) break;
    }
    return piece;
}

}  // namespace

Result<ChatRequest> LlamaModel::as_read(const ChatRequest& request) const {
    OURVIDZ_TRY(prompt, state_->prompts->make(request.turns, state_->prompt_tokens_max(request)));
    ChatRequest read = request;
    read.turns = std::move(prompt.turns);
    return read;
}

Result<json::object> LlamaModel::run(const safety::Cleared<ChatRequest>& cleared, RunIo& io) {
    const auto start = Steady::now();
    const auto& request = cleared.request();
    auto& state = *state_;
    auto* context = state.context.get();
    const auto* vocab = llama_model_get_vocab(state.model.get());
    state.log.clear();
    state.io = &io;

    const int context_tokens = static_cast<int>(llama_n_ctx(context));
    OURVIDZ_TRY(sampler, TokenSampler::make(vocab, request));
    OURVIDZ_TRY(prompt, state.prompts->make(request.turns, state.prompt_tokens_max(request)));
    int reused = 0;
    OURVIDZ_CHECK(state.process_prompt(prompt.tokens, reused));
    const auto prompt_ms = milliseconds_since(start);

    const int tokens_in = static_cast<int>(prompt.tokens.size());
    WholeCharacters characters;
    int tokens_out = 0;
    std::int64_t first_ms = 0;
    std::string_view stop = "length";
    while (tokens_out < request.tokens_max) {
        auto token = sampler.next(context);
        if (llama_vocab_is_eog(vocab, token)) {
            stop = "end";
            break;
        }
        if (++tokens_out == 1) first_ms = milliseconds_since(start);
        if (const auto text = characters.take(piece_of(vocab, token)); !text.empty()) io.token(text);
        if (io.canceled()) return canceled();
        if (tokens_out == request.tokens_max) break;
        if (tokens_in + tokens_out > context_tokens) {
            stop = "context";
            break;
        }
        OURVIDZ_CHECK(state.decode(&token, 1));
    }
    if (const auto rest = characters.finish(); !rest.empty()) io.token(rest);
    return json::object{{"tokens_in", tokens_in},
                        {"tokens_out", tokens_out},
                        {"tokens_reused", reused},
                        {"turns_dropped", prompt.turns_dropped},
                        {"ms_first_token", first_ms},
                        {"prompt_ms", prompt_ms},
                        {"generate_ms", milliseconds_since(start) - prompt_ms},
                        {"stop", stop},
                        {"seed", exact_integer(request.seed)},
                        {"peak_bytes", peak_bytes()}};
}

}  // namespace ourvidz::engine
