#include "safety/gate.h"

namespace ourvidz::safety {
namespace {

// The pixels are elsewhere; one black pixel asks what the origin by itself demands.
Verdict by_origin(const Gate& gate, const Origin& origin) {
    return gate.judge(Picture{1, 1, std::string(3, '\0')}, origin);
}

}  // namespace

Verdict Gate::judge_again(const Verdict& from_node, const Origin& origin) const {
    if (from_node.policy != policy_version) {
        return Verdict{
            Decision::hold, "policy_changed",
            "This result was checked under another version of the safety rules and has to be checked again.",
            policy_version};
    }
    const auto own = by_origin(*this, origin);
    return own.decision > from_node.decision ? own : from_node;
}

Verdict Gate::judge_anew(const Verdict& earlier, const Origin& origin) const {
    auto verdict = by_origin(*this, origin);
    if (earlier.decision >= verdict.decision) verdict = earlier;  // with its own reason
    verdict.policy = policy_version;
    return verdict;
}

}  // namespace ourvidz::safety
