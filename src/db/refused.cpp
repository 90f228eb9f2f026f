#include "db/refused.h"

#include <spdlog/spdlog.h>

namespace ourvidz::db {

Error refused(std::string_view reason) {
    spdlog::info("the database refused a change: {}", reason);
    return {ErrorCode::conflict, "This was changed by another request at the same moment. Look at it again.",
            ""};
}

}  // namespace ourvidz::db
