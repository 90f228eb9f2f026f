#include "engine/diffusion/diffusion_engine.h"

#include <utility>

#include "engine/diffusion/sd_model.h"
#include "engine/requests.h"
#include "safety/gate.h"

namespace ourvidz::engine {
namespace {

class DiffusionEngine final : public WorkerEngine {
  public:
    explicit DiffusionEngine(std::unique_ptr<safety::Gate> gate) : gate_(std::move(gate)) {}

    Result<void> load(const ModelFiles& model, RunIo& io) override {
        model_.reset();
        OURVIDZ_TRY(opened, SdModel::open(model, io));
        model_ = std::move(opened);
        return {};
    }

    void unload() override { model_.reset(); }

    Result<json::object> run(const json::object& body, std::string binary, RunIo& io) override {
        FieldReader reader(body);
        const auto task = reader.choice("task", {"image", "video"}).value_or("");
        const auto* request = reader.object("request");
        if (request == nullptr) reader.fail("request", "is missing");
        if (task.empty()) reader.fail("task", "is missing");
        OURVIDZ_CHECK(reader.finish());
        if (!model_) return Error{ErrorCode::unavailable, "No model is loaded.", ""};
        if (task == "image") {
            OURVIDZ_TRY(image, image_request_from(*request));
            OURVIDZ_TRY(cleared, gate_->clear(std::move(image)));
            return model_->run(cleared, binary, io);
        }
        OURVIDZ_TRY(video, video_request_from(*request));
        OURVIDZ_TRY(cleared, gate_->clear(std::move(video)));
        return model_->run(cleared, binary, io);
    }

  private:
    std::unique_ptr<safety::Gate> gate_;
    std::unique_ptr<SdModel> model_;
};

}  // namespace

Result<std::unique_ptr<WorkerEngine>> make_diffusion_engine() {
    OURVIDZ_TRY(gate, safety::Gate::open());
    return std::unique_ptr<WorkerEngine>(std::make_unique<DiffusionEngine>(std::move(gate)));
}

}  // namespace ourvidz::engine
