#include "media/worker/refusals.h"

#include <string>

#include "media/picture.h"

namespace ourvidz::media {
namespace {

Error about_the_file(std::string detail) {
    return invalid_field("file", std::move(detail));
}

std::string the_file_is(FileType type) {
    return "The file is " + std::string(describe(type));
}

}  // namespace

Error empty_file() {
    return about_the_file("The file is empty.");
}

Error file_too_large() {
    return Error{ErrorCode::too_large, "The file is larger than 32 MiB.", "file"};
}

Error unsupported(FileType type) {
    return about_the_file(the_file_is(type) + "; only PNG, JPEG and WebP pictures can be uploaded.");
}

Error damaged(FileType type) {
    return about_the_file(the_file_is(type) + ", but it is damaged or cut short.");
}

Error too_many_pixels(long long width, long long height) {
    return Error{ErrorCode::too_large,
                 "The picture has " + std::to_string(width) + " x " + std::to_string(height) +
                     " pixels; at most 40 million in all and 16384 a side are allowed.",
                 "file"};
}

Error unpacks_too_far(FileType type) {
    return about_the_file(the_file_is(type) +
                          ", but it unpacks to much more than a picture of its size has. "
                          "Save it anew with a picture editor and upload that.");
}

Error profile_too_large(FileType type) {
    return about_the_file(the_file_is(type) +
                          " with a colour profile of more than 4 MiB. Convert it to sRGB and upload that.");
}

Error too_many_scans() {
    return about_the_file(
        "The file is a JPEG picture in more than 100 passes. Save it anew with a picture editor and upload "
        "that.");
}

Error too_much_work() {
    return about_the_file(
        "The file takes much longer to read than a picture of its size should. Save it anew with a picture "
        "editor and upload that.");
}

Error too_little_memory() {
    return Error{ErrorCode::too_large,
                 "The picture needs more memory than this studio gives to reading pictures "
                 "(media_memory_mb).",
                 "file"};
}

}  // namespace ourvidz::media
