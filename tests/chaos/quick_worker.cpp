// A double for the chaos run, the soak and the bench of the web app: speaks the worker protocol as the real
// workers do, but draws a picture in a millisecond and answers every conversation with one sentence, or,
// asked "… in 400 words", with so many at the pace of a real model. The same request gives the same answer.
// It stands for the diffusion worker and the chat worker; the rest of the path, from the gate to the file, is
// the real one.
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string_view>
#include <thread>

#include "engine/requests.h"
#include "engine/worker/worker_loop.h"

namespace ourvidz::engine {
namespace {

// Long enough for a kill to fall into it.
constexpr std::chrono::milliseconds step_time{2};
constexpr std::chrono::milliseconds word_time{30};
constexpr std::array<const char*, 6> sentence = {"The ",  "lighthouse ", "shines ",
                                                 "over ", "the ",        "harbour. "};
constexpr std::uint64_t multiplier = 6364136223846793005ULL;

class QuickEngine final : public WorkerEngine {
  public:
    Result<void> load(const ModelFiles& /*model*/, RunIo& /*io*/) override { return {}; }

    Result<json::object> run(const json::object& body, std::string /*binary*/, RunIo& io) override {
        FieldReader reader(body);
        const auto what = reader.choice("task", {"image", "chat"});
        const auto* request = reader.object("request");
        OURVIDZ_CHECK(reader.finish());
        if (!what || request == nullptr) return invalid_field("task", "must be image or chat");
        return *what == "image" ? draw(*request, io) : talk(*request, io);
    }

  private:
    static Result<json::object> draw(const json::object& body, RunIo& io) {
        OURVIDZ_TRY(request, image_request_from(body));
        for (int step = 1; step <= request.steps; ++step) {
            std::this_thread::sleep_for(step_time);
            if (io.canceled()) return Error{ErrorCode::canceled, "", ""};
            io.progress("denoise", step, request.steps);
        }
        const auto width = static_cast<std::size_t>(request.width);
        const auto height = static_cast<std::size_t>(request.height);
        auto random = static_cast<std::uint64_t>(request.seed) * multiplier + 1;
        const auto red = static_cast<char>(128 + (random >> 41U) % 128);
        const auto green = static_cast<char>(random >> 48U);
        std::string rgb(width * height * 3, '\0');
        for (std::size_t y = 0; y < height; ++y) {
            for (std::size_t x = 0; x < width; ++x) {
                char* pixel = &rgb[(y * width + x) * 3];
                // On a plain ground, as a thing of a scene is drawn.
                if (std::min(x, width - 1 - x) < width / 8 || std::min(y, height - 1 - y) < height / 8)
                    continue;
                pixel[0] = red;
                pixel[1] = static_cast<char>(x * 255 / width);
                pixel[2] = static_cast<char>(green + static_cast<char>(y * 64 / height));
            }
        }
        io.output({{"kind", "image"}, {"width", request.width}, {"height", request.height}}, std::move(rgb));
        return json::object{{"generate_ms", 1},
                            {"steps", request.steps},
                            {"seed", request.seed},
                            {"peak_bytes", std::int64_t{1} << 20U}};
    }

    // The number in "… in 400 words"; 0 if none is asked for.
    static int words_wished(std::string_view question) {
        const auto at = question.rfind(" in ");
        int words = 0;
        if (at != std::string_view::npos && question.ends_with(" words")) {
            std::from_chars(question.data() + at + 4, question.data() + question.size(), words);
        }
        return words;
    }

    static Result<json::object> talk(const json::object& body, RunIo& io) {
        OURVIDZ_TRY(request, chat_request_from(body));
        const auto wished = words_wished(request.turns.back().text);
        const auto pace = wished > 0 ? word_time : step_time;
        const int words = wished > 0 ? wished : static_cast<int>(sentence.size());
        int tokens = 0;
        for (; tokens < words; ++tokens) {
            std::this_thread::sleep_for(pace);
            if (io.canceled()) return Error{ErrorCode::canceled, "", ""};
            io.token(sentence[static_cast<std::size_t>(tokens) % sentence.size()]);
        }
        return json::object{{"tokens_in", 1},       {"tokens_out", tokens},
                            {"tokens_reused", 0},   {"turns_dropped", 0},
                            {"ms_first_token", 2},  {"prompt_ms", 1},
                            {"generate_ms", 1},     {"stop", "end"},
                            {"seed", request.seed}, {"peak_bytes", std::int64_t{1} << 20U}};
    }
};

}  // namespace
}  // namespace ourvidz::engine

int main(int argc, char** argv) {
    using namespace ourvidz;
    const engine::WorkerInfo info{"quick", "quick_worker of the chaos run", "1", {"cpu"}, {"cancel"}};
    return engine::worker_main(argc, argv, info, []() -> Result<std::unique_ptr<engine::WorkerEngine>> {
        return std::unique_ptr<engine::WorkerEngine>(std::make_unique<engine::QuickEngine>());
    });
}
