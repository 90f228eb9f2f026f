#include "generations/enlarging.h"

#include "queue/own_order.h"

namespace ourvidz::generations {

Result<void> size_by_source(std::int64_t source_width, std::int64_t source_height, Settings& settings) {
    const auto width = source_width * kinds::enlarge_factor;
    const auto height = source_height * kinds::enlarge_factor;
    if (width > kinds::enlarged_side_max || height > kinds::enlarged_side_max ||
        width * height > kinds::enlarged_pixels_max)
        return invalid_field("source_asset_id",
                             "is too large to be enlarged: four times as wide and as high it would have more "
                             "than 8,192 pixels a side, or 40 million in all");
    settings.width = width;
    settings.height = height;
    return {};
}

Result<void> complete_enlarging(db::Connection& connection, std::string_view workspace_id, bool scheduled,
                                Settings& settings) {
    if (settings.source_asset_id) {
        OURVIDZ_TRY(source, assets::find(connection, workspace_id, *settings.source_asset_id));
        return size_by_source(source.width, source.height, settings);
    }
    if (scheduled) return {};
    return invalid_field("source_asset_id", "is required: say which picture is to be enlarged");
}

Result<void> take_source(db::Connection& connection, std::string_view child, std::string_view parent) {
    OURVIDZ_TRY(waiting, find_any(connection, child));
    auto& settings = waiting.settings;
    const auto* kind = kinds::find(waiting.kind);
    if (kind == nullptr || kind->work != kinds::Work::enlarge || settings.source_asset_id) return {};
    OURVIDZ_TRY(made, find_any(connection, parent));
    if (made.assets.empty()) return Error{ErrorCode::internal, "What was made has no picture.", ""};
    const auto& source = made.assets.front();
    settings.source_asset_id = source.id;
    // Who is given the job looks at the picture itself and refuses one that is too large.
    (void)size_by_source(source.width, source.height, settings);
    const auto size = size_class(settings, waiting.batch);
    OURVIDZ_TRY(usual, estimate(connection, waiting.kind, waiting.model, size));
    OURVIDZ_CHECK(queue::change_needs(connection, child,
                                      {std::string(kinds::server_line), waiting.model, size,
                                       usual ? std::optional(usual->median_ms) : std::nullopt}));
    return connection.change(
        "UPDATE generations SET settings = $2, source_asset_id = $3 WHERE id = $1",
        {std::string(child), json::serialize(kinds::to_json(settings)), *settings.source_asset_id});
}

}  // namespace ourvidz::generations
