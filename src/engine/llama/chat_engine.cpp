#include "engine/llama/chat_engine.h"

#include <utility>

#include "engine/llama/llama_model.h"
#include "engine/requests.h"
#include "safety/gate.h"

namespace ourvidz::engine {
namespace {

class ChatEngine final : public WorkerEngine {
  public:
    explicit ChatEngine(std::unique_ptr<safety::Gate> gate) : gate_(std::move(gate)) {}

    Result<void> load(const ModelFiles& model, RunIo& io) override {
        model_.reset();
        OURVIDZ_TRY(opened, LlamaModel::open(model, io));
        model_ = std::move(opened);
        return {};
    }

    void unload() override { model_.reset(); }

    Result<json::object> run(const json::object& body, std::string, RunIo& io) override {
        FieldReader reader(body);
        if (!reader.choice("task", {"chat"})) reader.fail("task", "must be chat");
        const auto* request = reader.object("request");
        if (request == nullptr) reader.fail("request", "is missing");
        OURVIDZ_CHECK(reader.finish());
        if (!model_) return Error{ErrorCode::unavailable, "No model is loaded.", ""};
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
    std::unique_ptr<safety::Gate> gate_;
    std::unique_ptr<LlamaModel> model_;
};

}  // namespace

Result<std::unique_ptr<WorkerEngine>> make_chat_engine() {
    OURVIDZ_TRY(gate, safety::Gate::open());
    return std::unique_ptr<WorkerEngine>(std::make_unique<ChatEngine>(std::move(gate)));
}

}  // namespace ourvidz::engine
