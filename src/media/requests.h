// What the media worker is asked to do. Each request travels as the JSON of one `run` message of the worker
// protocol (docs/media-worker.md); the client writes it, the worker reads it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"
#include "media/picture.h"

namespace ourvidz::media {

constexpr int clip_frames_max = 600;  // frames in or out of one clip
constexpr int clip_side_max = 1920;   // pixels, width or height of a clip
constexpr int clip_side_min = 64;
constexpr std::size_t recipe_bytes_max = 256U << 10U;

enum class Upscaler { lanczos, srvgg };
[[nodiscard]] std::string_view to_string(Upscaler upscaler);

// Which picture is to be made of raw pixels.
struct FinishRequest {
    int width = 0;  // of the raw pixels
    int height = 0;
    int upscale = 1;                      // 1, 2 or 4
    Upscaler upscaler = Upscaler::srvgg;  // srvgg falls back to lanczos where the weights are absent
    json::object recipe;                  // kept inside the PNG as the text chunk "ourvidz"
};

// A slow camera move over the whole clip, eased at both ends.
struct CameraMove {
    double zoom_from = 1;  // 1..4; 1 shows the whole picture
    double zoom_to = 1;
    double pan_x = 0;      // -1..1: how far the view travels, as a part of the room that the zoom leaves,
    double pan_y = 0;      // from -pan to +pan; positive is to the right and down
    bool returns = false;  // there by the middle of the clip and back at its end, so that it can be a loop
    [[nodiscard]] bool is_still() const;
};

// How what a picture shows lies in it, compared with upright and in the middle. Lengths are parts of the
// width and height.
struct Pose {
    double shift_x = 0;  // to the right
    double shift_y = 0;  // down
    double turn = 0;     // radians, clockwise
    double scale = 1;    // larger than 1: nearer
    double stretch = 1;  // larger than 1: so much taller, and narrower in proportion
};

enum class ClipMethod {
    keyframes,  // few frames: each is enlarged, the time between them is filled by motion interpolation
    frames,     // every frame is given: they are scaled and encoded
};

struct ClipRequest {
    ClipMethod method = ClipMethod::frames;
    int frames_in = 0;  // how many frames will be sent; "frames": at least fps_out * seconds
    int width_in = 0;   // of each frame
    int height_in = 0;
    int fps_out = 16;  // 1..60
    int seconds = 5;   // 1..30
    int width = 0;     // of the clip; even, clip_side_min..clip_side_max
    int height = 0;
    int upscale = 1;  // 1, 2 or 4: how far the upscaler goes before the frame is fitted to the size
    Upscaler upscaler = Upscaler::srvgg;
    CameraMove camera;
    // keyframes, both or neither: the pose of each frame that comes in, and the pose in which each frame of
    // the clip is to show it. Then keyframes are laid over each other in one pose before anything is measured
    // between them, and the clip is a loop: the last key frame is the first one, at the moment after the end.
    std::vector<Pose> drawn;
    std::vector<Pose> path;
    [[nodiscard]] int frames_out() const { return fps_out * seconds; }
};

struct SourceRequest {
    int width = 0;
    int height = 0;
};

[[nodiscard]] json::object to_json(const FinishRequest& request);
[[nodiscard]] json::object to_json(const ClipRequest& request);
[[nodiscard]] json::object to_json(const SourceRequest& request);
// Errors: invalid_field. The bodies are those of `run`, with the field `task`.
[[nodiscard]] Result<FinishRequest> finish_request_from(const json::object& body);
[[nodiscard]] Result<ClipRequest> clip_request_from(const json::object& body);
[[nodiscard]] Result<SourceRequest> source_request_from(const json::object& body);

}  // namespace ourvidz::media
