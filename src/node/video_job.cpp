// Clips: by the model itself where it is a video model, else from key frames.
#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "node/delivery.h"
#include "node/job.h"
#include "node/key_frames.h"
#include "node/layer_drawing.h"
#include "node/picture_request.h"
#include "node/reporter.h"
#include "node/scene_clip.h"

namespace ourvidz::node {
namespace {

// How much of the whole time is drawing, as long as it was not measured.
constexpr double key_frames_share = 0.55;
constexpr double native_share = 0.9;
constexpr double layers_share = 0.4;

class VideoJob {
  public:
    VideoJob(Job& job, const catalog::Clip& clip)
        : job_(job), clip_(clip), origin_(origin_of(job)), reporter_(job) {}

    Result<JobResult> run() {
        if (job_.lease.done_positions.contains(0)) return result_;
        OURVIDZ_TRY(size, size_of(job_));
        reporter_.progress({"loading", 0, 0, 0, 0});
        OURVIDZ_TRY(worker, job_.workers.acquire(job_.worker_kind, job_.model, {}, job_.control.run()));
        const Stopwatch work;
        OURVIDZ_TRY(input, source_pixels(job_, size.render_width, size.render_height));
        auto made = clip_.method == "layers"      ? from_layers(worker, size)
                    : clip_.method == "keyframes" ? from_key_frames(worker, size, std::move(input))
                                                  : by_the_model(worker, size, std::move(input));
        if (made) made->work_ms = work.ms();
        return made;
    }

  private:
    Result<JobResult> from_layers(WorkerPool::Borrowed& worker, const catalog::Size& size) {
        draw_share_ = job_.lease.draw_share.value_or(layers_share);
        const std::string prompt = prompt_at(job_.lease.settings, 0).prompt;
        const std::int64_t seed = job_.lease.settings.seed.value_or(0);
        engine::ImageRequest whole = picture_request(job_, size, 0);
        whole.width = size.width;
        whole.height = size.height;
        LayerCallbacks callbacks;
        callbacks.progress = [this](double part, int step, int steps) {
            reporter_.progress({"sampling", draw_share_ * part, 0, step, steps});
        };
        callbacks.preview = [this](safety::Picture picture) { reporter_.preview(std::move(picture), 0); };
        callbacks.layer_done = [this](const LayeredPicture& so_far) { reporter_.preview(so_far.scene(), 0); };
        OURVIDZ_TRY(layers, draw_layers(job_, worker, whole, callbacks));
        result_.engine_ms += layers.engine_ms;
        const auto& scene = layers.picture;
        const auto motion = motion_of(scene.plan(), prompt, seed);
        const auto camera = camera_plan(prompt, seed);
        const double direction = direction_for(seed);
        media::ClipRequest request = clip_request(size, media::ClipMethod::frames);
        request.width_in = size.width;
        request.height_in = size.height;
        request.upscale = 1;
        request.frames_in = request.frames_out();
        json::object recipe = recipe_of(job_, 0, worker.process().info());
        recipe["method"] = "layers";
        recipe["method_description"] =
            "A picture model drew the place and its things apart; the studio moves them before one another.";
        recipe["scene"] = scene.description();
        recipe["motion"] = to_string(motion);
        recipe["camera"] = camera.name;
        recipe["statistics"] = {{"layers", std::move(layers.statistics)}};
        const auto frame = [&](int number) {
            const auto moment =
                scene_moment(motion, camera.move, static_cast<double>(number) / request.frames_in, direction,
                             scene.units());
            return scene.frame(moment.things, moment.place);
        };
        return encode(request, frame, std::move(recipe));
    }

    Result<JobResult> from_key_frames(WorkerPool::Borrowed& worker, const catalog::Size& size,
                                      std::string input) {
        const std::string prompt = prompt_at(job_.lease.settings, 0).prompt;
        // How things stand in a picture that came from elsewhere is not known.
        const bool worded = input.empty() && clip_.pose_words && poses_fit(*clip_.pose_words, prompt);
        safety::Picture first{size.render_width, size.render_height, std::move(input)};
        draw_share_ = job_.lease.draw_share.value_or(key_frames_share);
        if (first.rgb.empty()) {
            OURVIDZ_TRY(drawn, draw(worker, size, {}, {{}, {}, 1}, 0));
            first = std::move(drawn);
        }
        const bool plain = has_plain_border(first);
        if (plain) border_ = border_colour(first);
        const ClipPlan plan =
            plan_clip({prompt, job_.lease.settings.seed.value_or(0), clip_.fps * clip_.seconds,
                       worded ? &*clip_.pose_words : nullptr, plain});
        OURVIDZ_TRY(frames, draw_all(worker, size, first, plan.frames));
        // A picture from elsewhere that only moves as a whole: all of the time is what comes now.
        if (result_.engine_ms == 0) draw_share_ = 0;
        media::ClipRequest request = clip_request(size, media::ClipMethod::keyframes);
        request.frames_in = static_cast<int>(frames.size());
        request.camera = plan.camera.move;
        request.path = plan.path;
        for (const auto& frame : plan.frames) request.drawn.push_back(frame.pose);
        json::object recipe = recipe_of(job_, 0, worker.process().info());
        recipe["method"] = "keyframes";
        recipe["method_description"] =
            plan.frames.size() > 2
                ? "A picture model drew the first frame and, over it, each further key frame, told by words "
                  "how "
                  "the thing stands at that moment; what is between them is interpolated and moved along."
                : "A picture model drew one picture, which moves as a whole.";
        recipe["key_frames"] = static_cast<std::int64_t>(frames.size());
        recipe["motion"] = to_string(plan.motion);
        recipe["camera"] = plan.camera.name;
        return encode(request, std::move(frames), std::move(recipe));
    }

    // Key frames that are alike are drawn once.
    Result<std::vector<safety::Picture>> draw_all(WorkerPool::Borrowed& worker, const catalog::Size& size,
                                                  const safety::Picture& first,
                                                  const std::vector<KeyFrame>& key_frames) {
        std::vector<safety::Picture> frames;
        for (std::size_t i = 0; i < key_frames.size(); ++i) {
            const KeyFrame& frame = key_frames[i];
            const auto same =
                std::find_if(key_frames.begin(), key_frames.begin() + static_cast<std::ptrdiff_t>(i),
                             [&](const KeyFrame& earlier) {
                                 return !frame.words.empty() && earlier.words == frame.words;
                             });
            const auto number = static_cast<std::size_t>(same - key_frames.begin());
            if (frame.strength == 0 || number < i) {
                frames.push_back(frame.strength == 0 ? even(first) : frames[number]);
                continue;
            }
            const double done = static_cast<double>(i) / static_cast<double>(key_frames.size());
            OURVIDZ_TRY(drawn, draw(worker, size, posed(even(first), frame.pose), frame, done));
            frames.push_back(even(std::move(drawn)));
        }
        return frames;
    }

    [[nodiscard]] safety::Picture even(safety::Picture picture) const {
        return border_ ? with_even_border(std::move(picture), *border_) : picture;
    }

    // One key frame: over `base`, or from nothing where that is empty. `done`: of all of them.
    Result<safety::Picture> draw(WorkerPool::Borrowed& worker, const catalog::Size& size,
                                 safety::Picture base, const KeyFrame& frame, double done) {
        engine::ImageRequest request = picture_request(job_, size, 0);
        if (!frame.words.empty()) request.prompt += " " + frame.words;
        request.preview = false;
        request.strength = frame.strength;
        request.has_input = !base.rgb.empty();
        OURVIDZ_TRY(cleared, job_.gate.clear(std::move(request)));
        const Stopwatch watch;
        auto outcome = worker.process().run(cleared, std::move(base.rgb), {}, job_.control.run());
        result_.engine_ms += watch.ms();
        if (!outcome) return outcome.error();
        worker.succeeded();
        reporter_.progress({"sampling", draw_share_ * done, 0, 0, 0});
        reporter_.preview(outcome->picture, 0);
        return std::move(outcome->picture);
    }

    Result<JobResult> by_the_model(WorkerPool::Borrowed& worker, const catalog::Size& size,
                                   std::string input) {
        engine::VideoRequest request;
        request.picture = picture_request(job_, size, 0);
        request.picture.has_input = !input.empty();
        request.frames = clip_.frames;
        request.fps = clip_.fps;
        OURVIDZ_TRY(cleared, job_.gate.clear(std::move(request)));
        draw_share_ = job_.lease.draw_share.value_or(native_share);
        std::vector<safety::Picture> frames;
        const auto take = [&frames](int, safety::Picture frame) -> Result<void> {
            frames.push_back(std::move(frame));
            return {};
        };
        const Stopwatch watch;
        auto outcome = worker.process().run(cleared, std::move(input), take, callbacks(), job_.control.run());
        result_.engine_ms += watch.ms();
        if (!outcome) return outcome.error();
        worker.succeeded();
        json::object recipe = recipe_of(job_, 0, worker.process().info());
        recipe["method"] = "native";
        recipe["statistics"] = outcome->statistics;
        media::ClipRequest clip = clip_request(size, media::ClipMethod::frames);
        clip.frames_in = static_cast<int>(frames.size());
        return encode(clip, std::move(frames), std::move(recipe));
    }

    engine::RunCallbacks callbacks() {
        engine::RunCallbacks callbacks;
        callbacks.progress = [this](const engine::Progress& progress) {
            if (progress.phase != "denoise" || progress.steps <= 0) return;
            reporter_.progress(
                {"sampling", draw_share_ * progress.step / progress.steps, 0, progress.step, progress.steps});
        };
        callbacks.preview = [this](safety::Picture picture) { reporter_.preview(std::move(picture), 0); };
        return callbacks;
    }

    media::ClipRequest clip_request(const catalog::Size& size, media::ClipMethod method) const {
        media::ClipRequest request;
        request.method = method;
        request.width_in = size.render_width;
        request.height_in = size.render_height;
        request.fps_out = clip_.fps;
        request.seconds = clip_.seconds;
        request.width = size.width;
        request.height = size.height;
        request.upscale = job_.spec.upscale.factor;
        request.upscaler = upscaler_of(job_.spec);
        return request;
    }

    Result<JobResult> encode(const media::ClipRequest& request, std::vector<safety::Picture> frames,
                             json::object recipe) {
        const auto next = [&frames](int number) {
            return std::move(frames[static_cast<std::size_t>(number)]);
        };
        return encode(request, next, std::move(recipe));
    }

    // `frame`: the picture of this number; each is asked for once, in order.
    Result<JobResult> encode(const media::ClipRequest& request,
                             const std::function<safety::Picture(int)>& frame, json::object recipe) {
        reporter_.progress({"finishing", draw_share_, 0, 0, 0});
        const auto encoded = [this](double part) {
            reporter_.progress({"finishing", draw_share_ + (1 - draw_share_) * part, 0, 0, 0});
        };
        OURVIDZ_TRY(session, job_.media.start_clip(request, encoded));
        const std::stop_callback cancel(job_.control.run(), [&session = *session] { session.cancel(); });
        for (int number = 0; number < request.frames_in; ++number)
            OURVIDZ_CHECK(session->add(to_rgb8(frame(number))));
        OURVIDZ_TRY(finished, session->finish());
        recipe["frames"] = finished.frames;
        recipe["fps"] = request.fps_out;
        recipe["upscaler"] = finished.upscaler;
        OURVIDZ_TRY(released, ReleasedClip::judge(job_.gate, std::move(finished), origin_));
        Delivery delivery(job_.link, job_.media);
        OURVIDZ_CHECK(delivery.clip(released, {0, job_.lease.settings.seed.value_or(0), std::move(recipe),
                                               request.fps_out, request.seconds}));
        return result_;
    }

    Job& job_;
    const catalog::Clip& clip_;
    safety::Origin origin_;
    Reporter reporter_;
    JobResult result_;
    double draw_share_ = 0;         // of the whole time
    std::optional<Colour> border_;  // of the first picture, where it is plain
};

}  // namespace

Result<JobResult> run_video_job(Job& job) {
    if (!job.spec.clip)
        return invalid_field("kind", "The model " + job.entry.title + " does not make clips.");
    return VideoJob(job, *job.spec.clip).run();
}

}  // namespace ourvidz::node
