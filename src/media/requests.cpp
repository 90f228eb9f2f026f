#include "media/requests.h"

#include <array>
#include <optional>

namespace ourvidz::media {
namespace {

constexpr double zoom_max = 4;
constexpr double shift_max = 2;   // sides
constexpr double turn_max = 100;  // radians
constexpr double scale_min = 0.05;
constexpr double scale_max = 4;
constexpr double stretch_max = 2;

std::string_view to_string(ClipMethod method) {
    return method == ClipMethod::keyframes ? "keyframes" : "frames";
}

Upscaler read_upscaler(FieldReader& reader) {
    const auto name = reader.choice("upscaler", {"srvgg", "lanczos"});
    return name && *name == "lanczos" ? Upscaler::lanczos : Upscaler::srvgg;
}

int read_upscale(FieldReader& reader) {
    const auto factor = reader.integer("upscale", 1, 4).value_or(1);
    if (factor == 3) reader.fail("upscale", "must be 1, 2 or 4");
    return static_cast<int>(factor);
}

int read_size(FieldReader& reader, std::string_view name, int min, int max) {
    return static_cast<int>(reader.required_integer(name, min, max));
}

Result<CameraMove> camera_from(const json::object& body) {
    FieldReader reader(body, "camera.");
    CameraMove camera;
    camera.zoom_from = reader.number("zoom_from", 1, zoom_max).value_or(1);
    camera.zoom_to = reader.number("zoom_to", 1, zoom_max).value_or(1);
    camera.pan_x = reader.number("pan_x", -1, 1).value_or(0);
    camera.pan_y = reader.number("pan_y", -1, 1).value_or(0);
    camera.returns = reader.boolean("returns").value_or(false);
    OURVIDZ_CHECK(reader.finish());
    return camera;
}

json::array poses_json(const std::vector<Pose>& poses) {
    json::array list;
    for (const auto& pose : poses)
        list.push_back(json::array{pose.shift_x, pose.shift_y, pose.turn, pose.scale, pose.stretch});
    return list;
}

std::optional<Pose> pose_from(const json::value& item) {
    const auto* numbers = item.if_array();
    if (numbers == nullptr || numbers->size() != 5) return std::nullopt;
    std::array<double, 5> values{};
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!(*numbers)[i].is_number()) return std::nullopt;
        values.at(i) = (*numbers)[i].to_number<double>();
    }
    const Pose pose{values[0], values[1], values[2], values[3], values[4]};
    const auto within = [](double value, double min, double max) { return value >= min && value <= max; };
    const bool allowed = within(pose.shift_x, -shift_max, shift_max) &&
                         within(pose.shift_y, -shift_max, shift_max) &&
                         within(pose.turn, -turn_max, turn_max) && within(pose.scale, scale_min, scale_max) &&
                         within(pose.stretch, 1 / stretch_max, stretch_max);
    return allowed ? std::optional<Pose>(pose) : std::nullopt;
}

std::vector<Pose> read_poses(FieldReader& reader, std::string_view name) {
    std::vector<Pose> poses;
    const auto* list = reader.array(name, clip_frames_max);
    if (list == nullptr) return poses;
    for (const auto& item : *list) {
        const auto pose = pose_from(item);
        if (!pose) {
            reader.fail(name, "must be a list of poses: shift right, shift down, turn, scale, stretch");
            return {};
        }
        poses.push_back(*pose);
    }
    return poses;
}

}  // namespace

std::string_view to_string(Upscaler upscaler) {
    return upscaler == Upscaler::srvgg ? "srvgg" : "lanczos";
}

bool CameraMove::is_still() const {
    return zoom_from == 1 && zoom_to == 1;
}

json::object to_json(const FinishRequest& request) {
    return {{"task", "finish_picture"},
            {"width", request.width},
            {"height", request.height},
            {"upscale", request.upscale},
            {"upscaler", to_string(request.upscaler)},
            {"recipe", request.recipe}};
}

json::object to_json(const ClipRequest& request) {
    return {{"task", "clip"},
            {"method", to_string(request.method)},
            {"frames_in", request.frames_in},
            {"width_in", request.width_in},
            {"height_in", request.height_in},
            {"fps_out", request.fps_out},
            {"seconds", request.seconds},
            {"width", request.width},
            {"height", request.height},
            {"upscale", request.upscale},
            {"upscaler", to_string(request.upscaler)},
            {"camera", json::object{{"zoom_from", request.camera.zoom_from},
                                    {"zoom_to", request.camera.zoom_to},
                                    {"pan_x", request.camera.pan_x},
                                    {"pan_y", request.camera.pan_y},
                                    {"returns", request.camera.returns}}},
            {"drawn", poses_json(request.drawn)},
            {"path", poses_json(request.path)}};
}

json::object to_json(const SourceRequest& request) {
    return {
        {"task", "decode_source"}, {"width", request.width}, {"height", request.height}, {"fit", "cover"}};
}

Result<FinishRequest> finish_request_from(const json::object& body) {
    FieldReader reader(body);
    FinishRequest request;
    (void)reader.choice("task", {"finish_picture"});
    request.width = read_size(reader, "width", 1, work_side_max);
    request.height = read_size(reader, "height", 1, work_side_max);
    request.upscale = read_upscale(reader);
    request.upscaler = read_upscaler(reader);
    if (const auto* recipe = reader.object("recipe")) request.recipe = *recipe;
    if (!is_work_size(request.width * request.upscale, request.height * request.upscale)) {
        reader.fail("upscale", "makes more pixels than allowed");
    }
    if (json::serialize(request.recipe).size() > recipe_bytes_max) {
        reader.fail("recipe", "is too long to be kept inside the picture");
    }
    OURVIDZ_CHECK(reader.finish());
    return request;
}

Result<ClipRequest> clip_request_from(const json::object& body) {
    FieldReader reader(body);
    ClipRequest request;
    (void)reader.choice("task", {"clip"});
    const auto method = reader.choice("method", {"keyframes", "frames"});
    if (!method) reader.fail("method", "must be keyframes or frames");
    request.method = method && *method == "keyframes" ? ClipMethod::keyframes : ClipMethod::frames;
    request.frames_in = read_size(reader, "frames_in", 1, clip_frames_max);
    request.width_in = read_size(reader, "width_in", 16, work_side_max);
    request.height_in = read_size(reader, "height_in", 16, work_side_max);
    request.fps_out = static_cast<int>(reader.integer("fps_out", 1, 60).value_or(16));
    request.seconds = static_cast<int>(reader.integer("seconds", 1, 30).value_or(5));
    request.width = read_size(reader, "width", clip_side_min, clip_side_max);
    request.height = read_size(reader, "height", clip_side_min, clip_side_max);
    request.upscale = read_upscale(reader);
    request.upscaler = read_upscaler(reader);
    const auto* camera = reader.object("camera");
    request.drawn = read_poses(reader, "drawn");
    request.path = read_poses(reader, "path");
    const bool posed = !request.drawn.empty() || !request.path.empty();
    if (posed && (request.method != ClipMethod::keyframes || std::ssize(request.drawn) != request.frames_in ||
                  std::ssize(request.path) != request.frames_out())) {
        reader.fail("path", "needs a pose for each frame of the clip, and drawn one for each keyframe");
    }
    if (request.width % 2 != 0 || request.height % 2 != 0) {
        reader.fail("width", "and height of a clip must be even");
    }
    if (request.frames_out() > clip_frames_max) reader.fail("seconds", "makes too many frames");
    if (request.method == ClipMethod::frames && request.frames_in < request.frames_out()) {
        reader.fail("frames_in", "is less than the clip needs");
    }
    if (!is_work_size(request.width_in * request.upscale, request.height_in * request.upscale)) {
        reader.fail("upscale", "makes more pixels than allowed");
    }
    OURVIDZ_CHECK(reader.finish());
    if (camera != nullptr) {
        OURVIDZ_TRY(move, camera_from(*camera));
        request.camera = move;
    }
    return request;
}

Result<SourceRequest> source_request_from(const json::object& body) {
    FieldReader reader(body);
    SourceRequest request;
    (void)reader.choice("task", {"decode_source"});
    (void)reader.choice("fit", {"cover"});
    request.width = read_size(reader, "width", 1, work_side_max);
    request.height = read_size(reader, "height", 1, work_side_max);
    if (!is_work_size(request.width, request.height)) {
        reader.fail("width", "makes more pixels than allowed");
    }
    OURVIDZ_CHECK(reader.finish());
    return request;
}

}  // namespace ourvidz::media
