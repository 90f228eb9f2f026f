#include "identity/principal.h"

namespace ourvidz::identity {

std::string_view to_string(Permission permission) {
    switch (permission) {
        case Permission::open:
            return "open";
        case Permission::studio_read:
            return "studio.read";
        case Permission::metrics_read:
            return "metrics.read";
        case Permission::generations_read:
            return "generations.read";
        case Permission::generations_write:
            return "generations.write";
        case Permission::assets_read:
            return "assets.read";
        case Permission::assets_write:
            return "assets.write";
        case Permission::chat_read:
            return "chat.read";
        case Permission::chat_write:
            return "chat.write";
        case Permission::events_read:
            return "events.read";
        case Permission::ledger_read:
            return "ledger.read";
        case Permission::work:
            return "node.work";
        case Permission::operate:
            return "studio.operate";
    }
    return "";
}

bool Principal::may(Permission permission) const {
    switch (permission) {
        case Permission::open:
        case Permission::studio_read:
            return true;
        case Permission::metrics_read:
            return kind != Kind::node;
        case Permission::generations_read:
        case Permission::generations_write:
        case Permission::assets_read:
        case Permission::assets_write:
        case Permission::chat_read:
        case Permission::chat_write:
        case Permission::events_read:
        case Permission::ledger_read:
            return kind == Kind::local_owner;
        case Permission::work:
            return kind == Kind::node;
        case Permission::operate:
            return kind == Kind::studio_operator;
    }
    return false;
}

}  // namespace ourvidz::identity
