// The diffusion worker with the real engine and the default model.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>

#include "base/id.h"
#include "base/sha256.h"
#include "engine/remote/testing/default_models.h"
#include "engine/remote/worker_process.h"

namespace ourvidz::engine {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int side = 128;
constexpr std::size_t picture_bytes = std::size_t{side} * side * 3;

WorkerOptions worker_options() {
    WorkerOptions options;
    options.executable = OURVIDZ_BINARY_DIR "/bin/diffusion_worker";
    return options;
}

ImageRequest request_for(const std::string& prompt, int steps = 8) {
    ImageRequest request;
    request.prompt = prompt;
    request.width = side;
    request.height = side;
    request.steps = steps;
    request.guidance = 2.5;
    request.seed = 42;
    return request;
}

double mean_difference(const std::string& a, const std::string& b) {
    EXPECT_EQ(a.size(), b.size());
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        sum += std::abs(static_cast<unsigned char>(a[i]) - static_cast<unsigned char>(b[i]));
    }
    return sum / static_cast<double>(a.size());
}

class ImageWorkerTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        auto opened = safety::Gate::open();
        ASSERT_TRUE(opened.ok()) << opened.error().detail;
        gate_ = std::move(*opened);
    }
    static void TearDownTestSuite() { gate_.reset(); }

    void SetUp() override {
        auto worker = WorkerProcess::start(worker_options());
        ASSERT_TRUE(worker.ok()) << worker.error().detail;
        worker_ = std::move(*worker);
    }

    void load(const ModelFiles& model = nano_model()) {
        auto loaded = worker_->load(model);
        ASSERT_TRUE(loaded.ok()) << loaded.error().detail;
        EXPECT_GT(loaded->memory_bytes, 10U << 20U);
    }

    static safety::Cleared<ImageRequest> cleared(ImageRequest request) {
        auto result = gate_->clear(std::move(request));
        EXPECT_TRUE(result.ok()) << result.error().detail;
        return *std::move(result);
    }

    Result<ImageOutcome> draw(const ImageRequest& request, const RunCallbacks& callbacks = {},
                              std::stop_token stop = {}, const std::string& input = {}) {
        return worker_->run(cleared(request), input, callbacks, std::move(stop));
    }

    std::string drawn(const ImageRequest& request, const std::string& input = {}) {
        auto outcome = draw(request, {}, {}, input);
        EXPECT_TRUE(outcome.ok()) << outcome.error().detail;
        return outcome.ok() ? outcome->picture.rgb : std::string();
    }

    static std::unique_ptr<safety::Gate> gate_;
    std::unique_ptr<WorkerProcess> worker_;
};

std::unique_ptr<safety::Gate> ImageWorkerTest::gate_;

TEST_F(ImageWorkerTest, SaysWhichEngineItIs) {
    EXPECT_EQ(worker_->info().worker, "diffusion");
    EXPECT_THAT(worker_->info().version, HasSubstr("stable-diffusion.cpp"));
    EXPECT_THAT(worker_->info().back_ends, testing::Contains("cpu"));
    EXPECT_THAT(worker_->info().capabilities, testing::IsSupersetOf({"image", "video", "preview", "cancel"}));
}

TEST_F(ImageWorkerTest, DrawsWithProgressAndAPreview) {
    load();
    std::vector<int> steps;
    int previews = 0;
    std::size_t steps_at_preview = 0;
    RunCallbacks callbacks;
    callbacks.progress = [&](const Progress& progress) {
        if (progress.phase != "denoise") return;
        EXPECT_EQ(progress.steps, 8);
        steps.push_back(progress.step);
    };
    callbacks.preview = [&](const safety::Picture& picture) {
        ++previews;
        steps_at_preview = steps.size();
        EXPECT_EQ(picture.width, side);
        EXPECT_EQ(picture.height, side);
        EXPECT_EQ(picture.rgb.size(), picture_bytes);
    };
    const auto outcome = draw(request_for("a red fox"), callbacks);
    ASSERT_TRUE(outcome.ok()) << outcome.error().detail;
    EXPECT_EQ(outcome->picture.width, side);
    EXPECT_EQ(outcome->picture.rgb.size(), picture_bytes);
    EXPECT_EQ(outcome->statistics.at("steps").to_number<int>(), 8);
    EXPECT_THAT(steps, testing::ElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
    EXPECT_GE(previews, 1);
    EXPECT_LT(steps_at_preview, 8U);
    // A picture, not an even area.
    EXPECT_GT(mean_difference(outcome->picture.rgb, std::string(picture_bytes, outcome->picture.rgb[0])), 10);
}

TEST_F(ImageWorkerTest, DrawsTheSameForTheSameSeedAndOtherwiseForOtherWords) {
    load();
    auto request = request_for("a red fox");
    const auto first = drawn(request);
    request.preview = false;
    EXPECT_EQ(drawn(request), first);
    EXPECT_GT(mean_difference(drawn(request_for("a blue house")), first), 10);
}

// A LoRA for one layer of the built-in model; `strength` is all that one differs in from another.
void write_lora(const std::filesystem::path& file, float strength) {
    constexpr std::size_t rank = 4;
    constexpr std::size_t width = 256;
    constexpr std::size_t bytes = rank * width * sizeof(float);
    const std::string name = "diffusion_model.layers.0.attention.out.";
    const json::object header{
        {name + "lora_down.weight",
         {{"dtype", "F32"}, {"shape", {rank, width}}, {"data_offsets", {0, bytes}}}},
        {name + "lora_up.weight",
         {{"dtype", "F32"}, {"shape", {width, rank}}, {"data_offsets", {bytes, 2 * bytes}}}}};
    const auto text = json::serialize(header);
    const std::uint64_t size = text.size();
    std::vector<float> numbers;
    for (std::size_t i = 0; i < 2 * rank * width; ++i)
        numbers.push_back(strength * static_cast<float>(static_cast<int>(i * 37 % 101) - 50) / 50);
    // Written beside it and renamed, as people's programs do.
    const auto part = file.string() + ".part";
    std::ofstream out(part, std::ios::binary);
    out.write(reinterpret_cast<const char*>(&size), sizeof size);
    out << text;
    out.write(reinterpret_cast<const char*>(numbers.data()), static_cast<std::streamsize>(2 * bytes));
    out.close();
    std::filesystem::rename(part, file);
}

// With weights that are not quantized the engine keeps what it has read of a LoRA, and knows it by its path.
// The built-in model's are, so what tells is that everything is loaded again.
TEST_F(ImageWorkerTest, LoadsAgainForALoraThatAnotherOneHasReplaced) {
    const auto file =
        std::filesystem::temp_directory_path() / ("ourvidz-lora-" + random_hex(8) + ".safetensors");
    load();
    auto request = request_for("a red fox", 2);
    const auto bare = drawn(request);
    int loaded = 0;  // tensors
    RunCallbacks callbacks;
    callbacks.progress = [&](const Progress& progress) {
        if (progress.phase == "load") loaded = std::max(loaded, progress.steps);
    };
    const auto draw_with = [&](float strength) {
        if (strength > 0) write_lora(file, strength);
        loaded = 0;
        const auto outcome = draw(request, callbacks);
        EXPECT_TRUE(outcome.ok()) << outcome.error().detail;
        return outcome.ok() ? outcome->picture.rgb : std::string();
    };
    constexpr int tensors_of_a_lora = 2;
    constexpr float as_it_is = 0;
    request.loras.push_back({"ink", 1, file.string()});
    const auto weak = draw_with(0.25);
    EXPECT_GT(mean_difference(weak, bare), 0.5);
    EXPECT_EQ(draw_with(as_it_is), weak);
    EXPECT_LE(loaded, tensors_of_a_lora);
    EXPECT_GT(mean_difference(draw_with(0.5), weak), 0.5);
    EXPECT_GT(loaded, tensors_of_a_lora);
    EXPECT_EQ(draw_with(0.25), weak);
    request.loras.clear();
    EXPECT_EQ(drawn(request), bare);
    std::filesystem::remove(file);
}

TEST_F(ImageWorkerTest, KeepsMoreOfTheInputTheLessStrengthItHas) {
    load();
    const auto cat = drawn(request_for("a cat"));
    const auto redrawn = [&](double strength) {
        auto request = request_for("a red fox");
        request.has_input = true;
        request.strength = strength;
        return mean_difference(drawn(request, cat), cat);
    };
    const double little = redrawn(0.15);
    const double much = redrawn(0.9);
    EXPECT_LT(2 * little, much);
    // At the ends of the range too.
    EXPECT_LT(redrawn(0), 8);
    EXPECT_GT(redrawn(1), 10);
}

TEST_F(ImageWorkerTest, ASecondNetworkDrawsWhatIsAskedOfIt) {
    load();
    auto request = request_for("a red fox");
    const auto alone = drawn(request);
    request.second_network = true;
    const auto none = draw(request);
    ASSERT_FALSE(none.ok());
    EXPECT_EQ(none.error().field, "second_network") << "this model has one only";

    auto model = nano_model();
    model.files["second_diffusion"] = OURVIDZ_SOURCE_DIR "/models/nano-scenes/places.gguf";
    load(model);
    EXPECT_GT(mean_difference(drawn(request), alone), 5) << "another network";
    request.second_network = false;
    EXPECT_EQ(drawn(request), alone) << "the first one is as it was";
}

TEST_F(ImageWorkerTest, RefusesAnInputOfTheWrongSize) {
    load();
    auto request = request_for("a red fox");
    request.has_input = true;
    const auto outcome = draw(request, {}, {}, "too small");
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, ErrorCode::invalid_field);
}

TEST_F(ImageWorkerTest, StopsWithinOneStepAndDrawsOnAsBefore) {
    load();
    const auto before = drawn(request_for("a red fox", 20));
    for (const int at : {1, 3, 10}) {
        std::stop_source stop;
        int last = 0;
        RunCallbacks callbacks;
        callbacks.progress = [&](const Progress& progress) {
            if (progress.phase != "denoise") return;
            last = progress.step;
            if (progress.step == at) stop.request_stop();
        };
        const auto outcome = draw(request_for("a red fox", 20), callbacks, stop.get_token());
        ASSERT_FALSE(outcome.ok());
        EXPECT_EQ(outcome.error().code, ErrorCode::canceled);
        // The message crosses two processes while the engine goes on; a step takes 25 ms or more.
        EXPECT_LE(last, at + 3);
    }
    EXPECT_TRUE(worker_->alive());
    EXPECT_EQ(drawn(request_for("a red fox", 20)), before);
}

TEST_F(ImageWorkerTest, RefusesASamplerThatTheEngineDoesNotKnow) {
    load();
    auto request = request_for("a red fox");
    request.sampler = "no_such_sampler";
    const auto outcome = draw(request);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().field, "sampler");
    request.sampler = "dpm++2m";
    request.scheduler = "karras";
    EXPECT_TRUE(draw(request).ok());
}

TEST_F(ImageWorkerTest, SaysThatTheDefaultModelMakesNoClips) {
    load();
    auto request = gate_->clear(VideoRequest{request_for("a red fox"), 9, 16});
    ASSERT_TRUE(request.ok());
    const auto outcome =
        worker_->run(*request, {}, [](int, const safety::Picture&) { return Result<void>(); });
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, ErrorCode::unavailable);
    EXPECT_TRUE(worker_->alive());
}

TEST_F(ImageWorkerTest, AsksForAModelFirst) {
    const auto outcome = draw(request_for("a red fox"));
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, ErrorCode::unavailable);
    load();
    EXPECT_TRUE(draw(request_for("a red fox")).ok());
    ASSERT_TRUE(worker_->unload().ok());
    EXPECT_FALSE(draw(request_for("a red fox")).ok());
}

// Whatever is wrong with the model: an error with a reason, and the next model loads – in the same process if
// it lived, in a new one if the engine took it down.
class BadModelTest : public ImageWorkerTest {
  protected:
    void SetUp() override {
        ImageWorkerTest::SetUp();
        folder_ = std::filesystem::temp_directory_path() / ("ourvidz-" + random_hex(8));
        std::filesystem::create_directory(folder_);
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string write(const std::string& name, const std::string& content) {
        const auto path = folder_ / name;
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    static std::string read(const std::string& path) {
        std::ifstream file(path, std::ios::binary);
        return {std::istreambuf_iterator<char>(file), {}};
    }

    void expect_failure_and_recovery(const ModelFiles& model) {
        auto error = [&]() -> Error {
            if (auto loaded = worker_->load(model); !loaded.ok()) return loaded.error();
            auto outcome = draw(request_for("a red fox"));
            return outcome.ok() ? Error{ErrorCode::internal, "it worked", ""} : outcome.error();
        }();
        EXPECT_TRUE(error.code == ErrorCode::engine_failed || error.code == ErrorCode::unavailable)
            << error.detail;
        EXPECT_THAT(error.detail, Not(testing::IsEmpty()));
        EXPECT_THAT(error.detail, Not(HasSubstr(folder_.string())));
        RecordProperty("reason", error.detail);
        if (!worker_->alive()) ImageWorkerTest::SetUp();
        load();
        EXPECT_TRUE(draw(request_for("a red fox")).ok());
    }

    std::filesystem::path folder_;
};

TEST_F(BadModelTest, MissingFile) {
    auto model = nano_model();
    model.files["diffusion"] = folder_ / "none.gguf";
    expect_failure_and_recovery(model);
}

TEST_F(BadModelTest, EmptyFile) {
    auto model = nano_model();
    model.files["diffusion"] = write("empty.gguf", "");
    expect_failure_and_recovery(model);
}

TEST_F(BadModelTest, RandomBytes) {
    auto model = nano_model();
    std::string noise;
    while (noise.size() < 100'000) noise += sha256_hex(std::to_string(noise.size()));
    model.files["diffusion"] = write("noise.gguf", noise);
    expect_failure_and_recovery(model);
}

TEST_F(BadModelTest, RandomBytesAfterARightStart) {
    auto model = nano_model();
    auto content = read(model.files["diffusion"]).substr(0, 64);
    while (content.size() < 100'000) content += sha256_hex(std::to_string(content.size()));
    model.files["diffusion"] = write("noise.gguf", content);
    expect_failure_and_recovery(model);
}

TEST_F(BadModelTest, CutOffInTheHeader) {
    auto model = nano_model();
    model.files["diffusion"] = write("cut.gguf", read(model.files["diffusion"]).substr(0, 3000));
    expect_failure_and_recovery(model);
}

TEST_F(BadModelTest, CutOffInTheWeights) {
    auto model = nano_model();
    const auto content = read(model.files["diffusion"]);
    model.files["diffusion"] = write("cut.gguf", content.substr(0, content.size() / 2));
    expect_failure_and_recovery(model);
}

TEST_F(BadModelTest, AnotherKindOfModel) {
    auto model = nano_model();
    model.files["diffusion"] = model.files["taesd"];
    expect_failure_and_recovery(model);
}

TEST_F(BadModelTest, AModelOfAnotherFamily) {
    auto model = nano_model();
    model.files["diffusion"] = chat_model_path();
    expect_failure_and_recovery(model);
}

TEST_F(BadModelTest, NoTextEncoder) {
    auto model = nano_model();
    model.files.erase("llm");
    expect_failure_and_recovery(model);
}

TEST_F(BadModelTest, RoleOrOptionThatNobodyKnows) {
    auto model = nano_model();
    model.files["banana"] = model.files["llm"];
    auto loaded = worker_->load(model);
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().field, "files.banana");
    model = nano_model();
    model.options["thredas"] = 2;
    loaded = worker_->load(model);
    ASSERT_FALSE(loaded.ok());
    EXPECT_EQ(loaded.error().field, "options.thredas");
}

}  // namespace
}  // namespace ourvidz::engine
