// What events tell of. The log knows a name and an id; the domain that owns the subject says how it is shown.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "db/database.h"

namespace ourvidz::events {

// A subject as it has been read, ready to be written out. Called on the I/O thread, where it may add what is
// true only at this moment.
using Shown = std::function<json::object()>;

struct Subject {
    std::string name;  // of its events, in the log and on the stream
    // Reads it in its workspace, on a database thread. not_found: it is gone for ever.
    std::function<Result<Shown>(db::Connection&, const std::string& workspace_id, const std::string& id)>
        read;
};

class Subjects {
  public:
    // Names are unique.
    explicit Subjects(std::vector<Subject> subjects);
    // Nothing: it is gone, and readers are told so. An event of a name that nobody knows is a fault of ours:
    // internal.
    [[nodiscard]] Result<std::optional<Shown>> read(db::Connection& connection,
                                                    const std::string& workspace_id, std::string_view name,
                                                    const std::string& id) const;

  private:
    std::vector<Subject> subjects_;
};

}  // namespace ourvidz::events
