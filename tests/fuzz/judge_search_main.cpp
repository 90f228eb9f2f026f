// The search at length: judge_search SEED [ROUNDS] prints the costliest texts that it finds, by steps and by
// time, and what they take at 4 KiB and as a conversation of 256 KiB.
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "judge_search.h"
#include "safety/gate.h"

using namespace ourvidz::safety;

namespace {

constexpr std::size_t prompt_bytes = 4096;

double cpu_ms() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double ms_of(const Gate& gate, const TextToCheck& text) {
    const double start = cpu_ms();
    (void)gate.judge(text);
    return cpu_ms() - start;
}

// The better of two runs: the first may have found the tables out of the cache.
double prompt_ms(const Gate& gate, const std::string& pattern) {
    const TextToCheck text{{repeated(pattern, prompt_bytes)}, {}};
    return std::min(ms_of(gate, text), ms_of(gate, text));
}

double talk_ms(const Gate& gate, const std::string& pattern) {
    const TextToCheck text{
        {}, std::vector<std::string>(request_bytes_max / prompt_bytes, repeated(pattern, prompt_bytes))};
    return ms_of(gate, text);
}

void print(const char* by, const Gate& gate, const TextJudge& judge, const Found& found) {
    std::printf("by %s: %.0f steps a byte; 4 KiB %.1f ms, 256 KiB %.0f ms of one processor\n  \"%s\"\n", by,
                steps_per_byte(judge, found.pattern, prompt_bytes), prompt_ms(gate, found.pattern),
                talk_ms(gate, found.pattern), found.pattern.c_str());
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t seed = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 3000;
    const auto gate = Gate::open();
    if (!gate.ok()) return 1;
    const TextJudge judge;
    std::printf("seed %llu, %d rounds\n", static_cast<unsigned long long>(seed), rounds);
    JudgeSearch by_steps(
        seed, [&](const std::string& pattern) { return steps_per_byte(judge, pattern, prompt_bytes); });
    print("steps", **gate, judge, by_steps.run(rounds));
    JudgeSearch by_time(seed, [&](const std::string& pattern) { return prompt_ms(**gate, pattern); });
    print("time", **gate, judge, by_time.run(rounds));
    return 0;
}
