#include "node/layer_drawing.h"

#include <utility>

#include "node/picture_request.h"
#include "prompts/seed.h"

namespace ourvidz::node {
namespace {

constexpr int attempts_max = 3;  // at a layer, each with another seed

class Drawing {
  public:
    Drawing(Job& job, WorkerPool::Borrowed& worker, LayeredPicture picture, const LayerCallbacks& callbacks)
        : job_(job), worker_(worker), callbacks_(callbacks), drawn_{std::move(picture), {}, 0} {}

    Result<DrawnLayers> run() {
        const auto count = drawn_.picture.requests().size();
        for (layer_ = 0; layer_ < count; ++layer_) {
            OURVIDZ_CHECK(draw(drawn_.picture.requests()[layer_]));
            if (layer_ + 1 < count && callbacks_.layer_done) callbacks_.layer_done(drawn_.picture);
        }
        return std::move(drawn_);
    }

  private:
    Result<void> draw(engine::ImageRequest request) {
        // A thing on its ground is no preview of the picture.
        request.preview = request.second_network;
        const auto seed = request.seed;
        for (int attempt = 0; attempt < attempts_max; ++attempt) {
            request.seed = prompts::seed_at(seed, attempt);
            OURVIDZ_TRY(cleared, job_.gate.clear(engine::ImageRequest(request)));
            const Stopwatch watch;
            auto outcome = worker_.process().run(cleared, {}, callbacks(), job_.control.run());
            drawn_.engine_ms += watch.ms();
            if (!outcome) return outcome.error();
            worker_.succeeded();
            OURVIDZ_TRY(large, enlarged(std::move(outcome->picture)));
            if (!drawn_.picture.take(layer_, std::move(large))) continue;
            drawn_.statistics.push_back(std::move(outcome->statistics));
            return {};
        }
        return Error{ErrorCode::engine_failed, "The model drew nothing for \"" + request.prompt + "\".", {}};
    }

    // They are put together large, so that their edges are as fine as the picture.
    Result<safety::Picture> enlarged(safety::Picture picture) {
        media::FinishRequest request;
        request.width = picture.width;
        request.height = picture.height;
        request.upscale = job_.spec.upscale.factor;
        request.upscaler = upscaler_of(job_.spec);
        if (request.upscale == 1) return picture;
        OURVIDZ_TRY(finished,
                    job_.media.finish_picture(to_rgb8(std::move(picture)), request, job_.control.run()));
        auto& large = finished.picture;
        OURVIDZ_TRY(pixels, job_.media.decode_source(std::move(large.bytes), large.width, large.height,
                                                     job_.control.run()));
        return to_picture(std::move(pixels));
    }

    engine::RunCallbacks callbacks() {
        engine::RunCallbacks callbacks;
        callbacks.progress = [this](const engine::Progress& progress) {
            if (progress.phase != "denoise" || progress.steps <= 0 || !callbacks_.progress) return;
            const double done =
                static_cast<double>(layer_) + static_cast<double>(progress.step) / progress.steps;
            callbacks_.progress(done / static_cast<double>(drawn_.picture.requests().size()), progress.step,
                                progress.steps);
        };
        callbacks.preview = callbacks_.preview;
        return callbacks;
    }

    Job& job_;
    WorkerPool::Borrowed& worker_;
    const LayerCallbacks& callbacks_;
    DrawnLayers drawn_;
    std::size_t layer_ = 0;
};

}  // namespace

Result<DrawnLayers> draw_layers(Job& job, WorkerPool::Borrowed& worker, const engine::ImageRequest& whole,
                                const LayerCallbacks& callbacks) {
    // The user's own words are judged as they are, besides those that the networks get.
    OURVIDZ_TRY(cleared, job.gate.clear(engine::ImageRequest(whole)));
    OURVIDZ_TRY(picture, LayeredPicture::read(*job.entry.layers, cleared.request()));
    return Drawing(job, worker, std::move(picture), callbacks).run();
}

}  // namespace ourvidz::node
