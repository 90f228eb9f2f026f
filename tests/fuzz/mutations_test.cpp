// Feeds a fuzz target with mutations of its good inputs. The same ones every time: the seed is a number
// below, and a fault names the round that found it.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "target.h"

namespace {

constexpr unsigned seed = 20'240'607;
constexpr int rounds = 20'000;
constexpr int changes_max = 8;

class Mutator {
  public:
    explicit Mutator(unsigned from) : random_(from) {}

    std::string mutate(const std::vector<std::string>& inputs) {
        std::string text = inputs[below(inputs.size())];
        for (auto left = 1 + below(changes_max); left > 0; --left) change(text, inputs);
        return text;
    }

  private:
    std::size_t below(std::size_t end) {
        return std::uniform_int_distribution<std::size_t>(0, end - 1)(random_);
    }

    void change(std::string& text, const std::vector<std::string>& inputs) {
        const auto at = text.empty() ? 0 : below(text.size());
        switch (below(6)) {
            case 0:
                if (!text.empty()) text[at] = static_cast<char>(below(256));
                break;
            case 1:
                if (!text.empty()) text[at] = static_cast<char>(text[at] ^ (1U << below(8)));
                break;
            case 2:
                text.erase(at, 1 + below(16));
                break;
            case 3:
                text.insert(at, text.substr(at / 2, below(32)));
                break;
            case 4:
                text.resize(at);
                break;
            default:
                text += inputs[below(inputs.size())];
        }
    }

    std::mt19937 random_;
};

TEST(Mutations, GoodInputsAreSurvived) {
    for (const auto& input : good_inputs()) {
        EXPECT_EQ(LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size()),
                  0);
    }
}

TEST(Mutations, AnythingElseIsSurvivedToo) {
    const auto inputs = good_inputs();
    Mutator mutator(seed);
    for (int round = 0; round < rounds; ++round) {
        SCOPED_TRACE(round);
        const auto input = mutator.mutate(inputs);
        LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
    }
}

}  // namespace
