#include "media/worker/upscaler.h"

#include <algorithm>
#include <cassert>
#include <opencv2/dnn.hpp>

#include "media/worker/pixels.h"

namespace ourvidz::media {
namespace {

constexpr int reach = 18;       // 18 convolutions of 3x3 see this many pixels in each direction
constexpr int tile_side = 192;  // input pixels that one pass makes; with its margin about 190 MB of layers
constexpr int factor = SrvggUpscaler::factor;

// Pixels outside the picture stay as the network's own zero padding treats them: the tile ends at the border.
struct Tile {
    cv::Rect seen;  // what goes in
    cv::Rect made;  // what is kept
};

Tile tile_at(const Rgb8& picture, int x, int y) {
    const cv::Rect whole(0, 0, picture.width, picture.height);
    const cv::Rect made = cv::Rect(x, y, tile_side, tile_side) & whole;
    const cv::Rect seen =
        cv::Rect(made.x - reach, made.y - reach, made.width + 2 * reach, made.height + 2 * reach) & whole;
    return {seen, made};
}

std::uint8_t to_byte(float value) {
    return cv::saturate_cast<std::uint8_t>(value);
}

// The 48 planes are a 4x4 block of R, then of G, then of B for every input pixel; the enlarged input is
// added.
void write_tile(const cv::Mat& planes, const Rgb8& picture, const Tile& tile, Rgb8& out) {
    const int width = tile.seen.width;
    const auto plane_size = static_cast<std::size_t>(width) * tile.seen.height;
    const auto* values = planes.ptr<float>();
    const auto* in = reinterpret_cast<const std::uint8_t*>(picture.pixels.data());
    auto* target = reinterpret_cast<std::uint8_t*>(out.pixels.data());
    for (int y = tile.made.y; y < tile.made.br().y; ++y) {
        for (int x = tile.made.x; x < tile.made.br().x; ++x) {
            const auto* pixel = in + (static_cast<std::size_t>(y) * picture.width + x) * 3;
            const auto at = static_cast<std::size_t>(y - tile.seen.y) * width + (x - tile.seen.x);
            for (int row = 0; row < factor; ++row) {
                auto* line = target + ((static_cast<std::size_t>(y) * factor + row) * out.width +
                                       static_cast<std::size_t>(x) * factor) *
                                          3;
                for (int column = 0; column < factor; ++column) {
                    for (int channel = 0; channel < 3; ++channel) {
                        const int plane = (channel * factor + row) * factor + column;
                        line[column * 3 + channel] = to_byte(values[plane * plane_size + at] * 255.0F +
                                                             static_cast<float>(pixel[channel]));
                    }
                }
            }
        }
    }
}

}  // namespace

struct SrvggUpscaler::Net {
    cv::dnn::Net net;
};

SrvggUpscaler::SrvggUpscaler(std::unique_ptr<Net> net) : net_(std::move(net)) {}
SrvggUpscaler::~SrvggUpscaler() = default;

Result<std::unique_ptr<SrvggUpscaler>> SrvggUpscaler::open(std::string_view onnx) {
    try {
        auto net = std::make_unique<Net>();
        net->net = cv::dnn::readNetFromONNX(onnx.data(), onnx.size());
        net->net.setPreferableBackend(cv::dnn::DNN_BACKEND_OPENCV);
        net->net.setPreferableTarget(cv::dnn::DNN_TARGET_CPU);
        return std::unique_ptr<SrvggUpscaler>(new SrvggUpscaler(std::move(net)));
    } catch (const cv::Exception& failure) {
        return Error{ErrorCode::unavailable, "The upscaler's file cannot be used: " + failure.err, ""};
    }
}

Result<Rgb8> SrvggUpscaler::enlarge(const Rgb8& picture, const std::function<bool()>& canceled,
                                    const std::function<void(int done, int all)>& made) {
    assert(is_work_size(picture.width * factor, picture.height * factor));
    Rgb8 out = blank(picture.width * factor, picture.height * factor);
    const cv::Mat source = mat_of(picture);
    const auto tiles = [](int side) { return (side + tile_side - 1) / tile_side; };
    const int all = tiles(picture.width) * tiles(picture.height);
    int done = 0;
    for (int y = 0; y < picture.height; y += tile_side) {
        for (int x = 0; x < picture.width; x += tile_side) {
            if (canceled()) return Error{ErrorCode::canceled, "Stopped while a picture was enlarged.", ""};
            const auto tile = tile_at(picture, x, y);
            try {
                net_->net.setInput(cv::dnn::blobFromImage(source(tile.seen), 1.0 / 255));
                const cv::Mat planes = net_->net.forward();
                write_tile(planes, picture, tile, out);
            } catch (const cv::Exception& failure) {
                return Error{ErrorCode::engine_failed, "The upscaler failed: " + failure.err, ""};
            }
            if (made) made(++done, all);
        }
    }
    return out;
}

}  // namespace ourvidz::media
