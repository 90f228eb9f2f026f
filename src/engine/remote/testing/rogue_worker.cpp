// A worker for tests of the node's end: it does whatever the run message says, good or bad.
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include "engine/worker/worker_loop.h"

namespace ourvidz::engine {
namespace {

void write_raw(std::string_view bytes) {
    (void)!write(3, bytes.data(), bytes.size());
}

class RogueEngine final : public WorkerEngine {
  public:
    Result<json::object> run(const json::object& body, std::string binary, RunIo& io) override {
        const std::string task(body.at("task").as_string());
        if (task == "echo") {
            const json::object description{{"got", binary.size()}};
            io.output(description, std::move(binary));
            return json::object{{"fine", true}};
        }
        if (task == "count_input") return count_input(io);
        if (task == "ignore_input") return json::object{{"fine", true}};
        if (task == "outputs") {
            for (int i = 0; i < 1000 && !io.canceled(); ++i)
                io.output({{"index", i}}, std::string(1000, 'o'));
            if (io.canceled()) return Error{ErrorCode::canceled, "", ""};
            return json::object();
        }
        if (task == "wait") {
            io.progress("wait", 1, 1);
            while (!io.canceled()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
            return Error{ErrorCode::canceled, "", ""};
        }
        if (task == "hang") {
            io.progress("hang", 1, 1);
            while (true) pause();
        }
        if (task == "abort") {
            std::fprintf(stderr, "/build/ggml.c:1: GGML_ASSERT(a == b) failed\n");
            std::abort();
        }
        if (task == "exit") _exit(7);
        if (task == "garbage") {
            write_raw("garbage instead of a frame");
            while (true) pause();
        }
        if (task == "wrong_preview") {
            io.preview(4, 4, "too short");
            return json::object();
        }
        if (task == "throw") throw std::runtime_error("thrown on purpose");
        if (task == "environment") {
            json::object names;
            for (char** entry = environ; *entry != nullptr; ++entry) names[std::string_view(*entry)] = true;
            return names;
        }
        return Error{ErrorCode::invalid_field, "cannot read /secret/place/file.bin", "task"};
    }

  private:
    static Result<json::object> count_input(RunIo& io) {
        std::int64_t pieces = 0;
        std::int64_t bytes = 0;
        while (const auto piece = io.next_input()) {
            if (piece->body.contains("last")) return json::object{{"pieces", pieces}, {"bytes", bytes}};
            ++pieces;
            bytes += static_cast<std::int64_t>(piece->binary.size());
            io.progress("input", static_cast<int>(pieces), 0);
        }
        return Error{ErrorCode::canceled, "", ""};
    }
};

}  // namespace
}  // namespace ourvidz::engine

int main(int argc, char** argv) {
    using namespace ourvidz::engine;
    if (std::getenv("ROGUE_NO_HELLO") != nullptr) {
        std::fprintf(stderr, "I say nothing\n");
        return 3;
    }
    if (std::getenv("ROGUE_SILENT") != nullptr) {
        while (true) pause();
    }
    const WorkerInfo info{"rogue", "none", "1", {"cpu"}, {"trouble"}};
    return worker_main(argc, argv, info, []() -> ourvidz::Result<std::unique_ptr<WorkerEngine>> {
        return std::unique_ptr<WorkerEngine>(std::make_unique<RogueEngine>());
    });
}
