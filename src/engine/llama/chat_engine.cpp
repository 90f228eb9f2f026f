#include "engine/llama/chat_engine.h"

#include <utility>

#include "engine/held_files.h"
#include "engine/llama/llama_model.h"
#include "engine/requests.h"
#include "safety/gate.h"

namespace ourvidz::engine {
namespace {

class ChatEngine final : public WorkerEngine {
  public:
    explicit ChatEngine(std::unique_ptr<safety::Gate> gate) : gate_(std::move(gate)) {}

    Result<void> load(const ModelFiles& model, RunIo& io) override {
        files_ = model;
        return open(io);
    }

    void unload() override {
        model_.reset();
        files_ = {};
    }

    Result<json::object> run(const json::object& body, std::string, RunIo& io) override {
        FieldReader reader(body);
        if (!reader.choice("task", {"chat"})) reader.fail("task", "must be chat");
        const auto* request = reader.object("request");
        if (request == nullptr) reader.fail("request", "is missing");
        OURVIDZ_CHECK(reader.finish());
        if (files_.files.empty()) return Error{ErrorCode::unavailable, "No model is loaded.", ""};
        // Where another file has taken the place of one that was read, it is all read again.
        if (!take_files() || !model_) OURVIDZ_CHECK(open(io));
        OURVIDZ_TRY(chat, chat_request_from(*request));
        OURVIDZ_TRY(cleared, gate_->clear(std::move(chat)));
        OURVIDZ_TRY(read, model_->as_read(cleared.request()));
        const auto left_out = cleared.request().turns.size() - read.turns.size();
        if (left_out == 0) return model_->run(cleared, io);
        // What made the rest harmless may be in what was left out, so the rest must be allowed by itself.
        OURVIDZ_TRY(alone, gate_->clear(std::move(read)));
        OURVIDZ_TRY(statistics, model_->run(alone, io));
        statistics["turns_dropped"] = left_out;
        return std::move(statistics);
    }

  private:
    Result<void> open(RunIo& io) {
        model_.reset();
        held_.clear();
        (void)take_files();
        OURVIDZ_TRY(opened, LlamaModel::open(files_, io));
        model_ = std::move(opened);
        return {};
    }
    // Whether the files are those that were read, or none was.
    [[nodiscard]] bool take_files() {
        bool same = true;
        for (const auto& [role, path] : files_.files) same = held_.take(path) && same;
        return same;
    }

    std::unique_ptr<safety::Gate> gate_;
    ModelFiles files_;
    HeldFiles held_;
    std::unique_ptr<LlamaModel> model_;
};

}  // namespace

Result<std::unique_ptr<WorkerEngine>> make_chat_engine() {
    OURVIDZ_TRY(gate, safety::Gate::open());
    return std::unique_ptr<WorkerEngine>(std::make_unique<ChatEngine>(std::move(gate)));
}

}  // namespace ourvidz::engine
