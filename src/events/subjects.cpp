#include "events/subjects.h"

#include <algorithm>
#include <cassert>

namespace ourvidz::events {

Subjects::Subjects(std::vector<Subject> subjects) : subjects_(std::move(subjects)) {
    for (const auto& one : subjects_) {
        assert(std::count_if(subjects_.begin(), subjects_.end(),
                             [&one](const Subject& other) { return other.name == one.name; }) == 1);
        (void)one;
    }
}

Result<std::optional<Shown>> Subjects::read(db::Connection& connection, const std::string& workspace_id,
                                            std::string_view name, const std::string& id) const {
    const auto found = std::find_if(subjects_.begin(), subjects_.end(),
                                    [name](const Subject& one) { return one.name == name; });
    if (found == subjects_.end())
        return Error{ErrorCode::internal, "An event tells of something unknown.", ""};
    auto shown = found->read(connection, workspace_id, id);
    if (shown.ok()) return std::optional(std::move(*shown));
    if (shown.error().code == ErrorCode::not_found) return std::optional<Shown>();
    return shown.error();
}

}  // namespace ourvidz::events
