// Pictures: for every position of the batch that has not been delivered yet one engine run, or one for each
// layer of it.
#include <algorithm>
#include <utility>

#include "node/delivery.h"
#include "node/job.h"
#include "node/layer_drawing.h"
#include "node/picture_request.h"
#include "node/reporter.h"

namespace ourvidz::node {
namespace {

// Of one picture's time, as long as it was not measured: the rest is judging, enlarging and handing over.
constexpr double usual_draw_share = 0.85;

class ImageJob {
  public:
    explicit ImageJob(Job& job)
        : job_(job),
          origin_(origin_of(job)),
          reporter_(job),
          draw_share_(job.lease.draw_share.value_or(usual_draw_share)) {}

    Result<JobResult> run() {
        OURVIDZ_TRY(size, size_of(job_));
        report("loading", 0, 0, 0);
        OURVIDZ_TRY(worker, job_.workers.acquire(job_.worker_kind, job_.model, {}, job_.control.run()));
        const Stopwatch work;
        OURVIDZ_TRY(input, source_pixels(job_, size.render_width, size.render_height));
        for (position_ = 0; position_ < job_.lease.batch; ++position_) {
            if (job_.lease.done_positions.contains(position_)) continue;
            OURVIDZ_CHECK(make(worker, size, input));
        }
        result_.work_ms = work.ms();
        return result_;
    }

  private:
    Result<void> make(WorkerPool::Borrowed& worker, const catalog::Size& size, const std::string& input) {
        engine::ImageRequest request = picture_request(job_, size, position_);
        const std::int64_t seed = request.seed;
        request.has_input = !input.empty();
        report("sampling", 0, 0, static_cast<int>(job_.lease.settings.steps.value_or(0)));
        if (job_.entry.layers) {
            // The scene is put together in the size that is delivered.
            request.width = size.width;
            request.height = size.height;
        }
        OURVIDZ_TRY(
            drawn, job_.entry.layers ? draw_scene(worker, request) : draw(worker, std::move(request), input));
        report("finishing", draw_share_, 0, 0);
        OURVIDZ_TRY(released, job_.gate.release(std::move(drawn.picture), origin_));
        Delivery delivery(job_.link, job_.media);
        return delivery.picture(released, order(seed, worker.process().info(), drawn), job_.control.run());
    }

    struct Drawn {
        safety::Picture picture;
        json::object statistics;  // the engine's; of layers, of each
        json::object scene;       // of layers: what was understood
        int upscale = 1;          // what is left of the enlarging
    };

    Result<Drawn> draw(WorkerPool::Borrowed& worker, engine::ImageRequest request, const std::string& input) {
        OURVIDZ_TRY(cleared, job_.gate.clear(std::move(request)));
        const Stopwatch watch;
        auto outcome = worker.process().run(cleared, input, callbacks(), job_.control.run());
        result_.engine_ms += watch.ms();
        if (!outcome) return outcome.error();
        worker.succeeded();
        return Drawn{
            std::move(outcome->picture), std::move(outcome->statistics), {}, job_.spec.upscale.factor};
    }

    Result<Drawn> draw_scene(WorkerPool::Borrowed& worker, const engine::ImageRequest& whole) {
        LayerCallbacks callbacks;
        callbacks.progress = [this](double part, int step, int steps) {
            report("sampling", draw_share_ * part, step, steps);
        };
        callbacks.preview = [this](safety::Picture picture) {
            reporter_.preview(std::move(picture), position_);
        };
        callbacks.layer_done = [this](const LayeredPicture& so_far) {
            reporter_.preview(so_far.scene(), position_);
        };
        OURVIDZ_TRY(layers, draw_layers(job_, worker, whole, callbacks));
        result_.engine_ms += layers.engine_ms;
        return Drawn{layers.picture.scene(),
                     {{"layers", std::move(layers.statistics)}},
                     layers.picture.description(),
                     1};
    }

    PictureOrder order(std::int64_t seed, const engine::WorkerInfo& engine, const Drawn& drawn) const {
        PictureOrder order;
        order.position = position_;
        order.seed = seed;
        order.recipe = recipe_of(job_, position_, engine);
        order.recipe["statistics"] = drawn.statistics;
        if (!drawn.scene.empty()) order.recipe["scene"] = drawn.scene;
        order.upscale = drawn.upscale;
        order.upscaler = upscaler_of(job_.spec);
        if (job_.spec.upscale.factor > 1)
            order.recipe["upscale"] = {{"factor", job_.spec.upscale.factor},
                                       {"method", job_.spec.upscale.method}};
        return order;
    }

    engine::RunCallbacks callbacks() {
        engine::RunCallbacks callbacks;
        callbacks.progress = [this](const engine::Progress& progress) {
            if (progress.phase == "denoise" && progress.steps > 0) {
                report("sampling", draw_share_ * progress.step / progress.steps, progress.step,
                       progress.steps);
            }
        };
        callbacks.preview = [this](safety::Picture picture) {
            reporter_.preview(std::move(picture), position_);
        };
        return callbacks;
    }

    // `part`: of the picture at hand.
    void report(std::string phase, double part, int step, int steps) {
        reporter_.progress({std::move(phase), (position_ + part) / job_.lease.batch, position_, step, steps});
    }

    Job& job_;
    safety::Origin origin_;
    Reporter reporter_;
    double draw_share_;
    JobResult result_;
    int position_ = 0;
};

}  // namespace

Result<JobResult> run_image_job(Job& job) {
    return ImageJob(job).run();
}

}  // namespace ourvidz::node
