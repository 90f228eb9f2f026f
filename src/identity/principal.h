// Who calls the API, and what they may do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ourvidz::identity {

// What an operation needs of its caller; each names its own in api/openapi.yaml, as x-permission, by the
// words of to_string().
enum class Permission : std::uint8_t {
    open,               // shows nothing of anybody: the web app's files, whether the studio is there
    studio_read,        // what can be made here, and how the studio is
    metrics_read,       // its numbers
    generations_read,   // the workspace's own requests
    generations_write,  // to ask for something, to change or to cancel it
    assets_read,        // the workspace's pictures and clips
    assets_write,
    chat_read,  // its conversations
    chat_write,
    events_read,  // what happens in the workspace
    ledger_read,  // its credits
    work,         // of a node: leases, progress, results
    operate,      // of the operator: jobs of all workspaces
};
[[nodiscard]] std::string_view to_string(Permission permission);

// A caller that has shown who they are. A plain value: it keeps nothing open and may be copied.
struct Principal {
    enum class Kind : std::uint8_t {
        local_owner,      // whoever reaches a studio without accounts
        node,             // showed the token of nodes
        studio_operator,  // showed the operator's token
    };
    Kind kind = Kind::local_owner;
    std::string workspace_id;  // empty: the caller works for the studio and not for a workspace

    [[nodiscard]] bool may(Permission permission) const;
};

}  // namespace ourvidz::identity
