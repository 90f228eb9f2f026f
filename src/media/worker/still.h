// Still pictures: decoding (trusted and untrusted), encoding, and resizing. libvips does the codecs and
// colours. Everything here belongs to one thread at a time, after start_codecs().
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "media/picture.h"

namespace ourvidz::media {

// Sets libvips up: no cache, `threads` threads, every loader blocked but PNG, JPEG and WebP. Once per
// process.
[[nodiscard]] Result<void> start_codecs(int threads);

// Told the refusal when decoding takes much more processor time than a picture of its size can need. Decoders
// cannot be interrupted, so this ends the process. Called on a thread of its own; empty: never.
using GiveUp = std::function<void(const Error& refusal)>;

// An untrusted file. PNG, JPEG or WebP by content; an animation gives its first frame. The picture comes out
// upright (EXIF orientation applied), in sRGB, on white where it was transparent, and nothing but pixels is
// kept. Errors: too_large (bytes, pixels, sides, memory), invalid_field "file" (another type, damaged, cut
// short, or so packed that it takes more work than its size explains).
struct DecodedUpload {
    Rgb8 picture;
    std::string_view type;  // "png", "jpeg" or "webp"
    bool animated = false;  // more frames were there
};
[[nodiscard]] Result<DecodedUpload> decode_untrusted(std::string_view bytes, const GiveUp& give_up = {});

// A file of our own (PNG or WebP); the same work, so that even a damaged store cannot hurt.
[[nodiscard]] Result<Rgb8> decode_stored(std::string_view bytes, const GiveUp& give_up = {});

// Fills exactly width x height: scaled to cover, the surplus cut off evenly on both sides. Lanczos when it
// grows, area average when it shrinks.
[[nodiscard]] Rgb8 fit_cover(const Rgb8& picture, int width, int height);
// Exactly width x height, the proportions not kept.
[[nodiscard]] Rgb8 resize(const Rgb8& picture, int width, int height);
// The longest side at most `side_max`; never grows.
[[nodiscard]] Rgb8 shrink_to(const Rgb8& picture, int side_max);

[[nodiscard]] Result<std::string> encode_png(const Rgb8& picture);
// `quality` 1..100; `effort` 0 (fast) .. 6.
[[nodiscard]] Result<std::string> encode_webp(const Rgb8& picture, int quality, int effort);

// An animated WebP from frames of one size, which are stacked in `strip` from top to bottom.
[[nodiscard]] Result<std::string> encode_animation(const Rgb8& strip, int frame_height, int frame_ms,
                                                   int quality);

// `png` with text chunks (iTXt, UTF-8) after its header. `keyword` is Latin-1, 1..79 characters.
[[nodiscard]] std::string with_text_chunk(std::string_view png, std::string_view keyword,
                                          std::string_view text);

}  // namespace ourvidz::media
