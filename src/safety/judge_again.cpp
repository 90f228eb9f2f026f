#include "safety/gate.h"

namespace ourvidz::safety {

Verdict Gate::judge_again(const Verdict& from_node, const Origin& origin) const {
    if (from_node.policy != policy_version) {
        return Verdict{
            Decision::hold, "policy_changed",
            "This result was checked under another version of the safety rules and has to be checked again.",
            policy_version};
    }
    // The pixels stay with the node; one black pixel asks what the origin by itself demands.
    const auto own = judge(Picture{1, 1, std::string(3, '\0')}, origin);
    return own.decision > from_node.decision ? own : from_node;
}

}  // namespace ourvidz::safety
