// A model that draws the things of a scene and its place apart; the studio puts them together (src/scenes).
// Of its files, `diffusion` draws things and `second_diffusion` places.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "scenes/plan.h"

namespace ourvidz::catalog {

struct Layers {
    std::string book_file;  // a path below the manifest's folder
    int thing_side = 128;   // pixels of the square that a thing is drawn in
    int place_side =
        192;  // of a place's shorter side; the longer is four thirds of it, unless it is a square
    std::string
        over_pictures;  // the entry that draws over a source picture, since layers are drawn from nothing
    // What the book says; parse_layers() does not read it.
    std::shared_ptr<const scenes::Book> book;
    std::shared_ptr<const scenes::PromptReader> reader;
};

// Errors: invalid_field with the field's path inside the manifest.
[[nodiscard]] Result<Layers> parse_layers(const json::object& object);

// Errors: invalid_field with the place in the book.
[[nodiscard]] Result<void> read_book(std::string_view text, Layers& layers);

// What of a prompt, as the engine would get it, is too much for one scene or no weather of its place:
// sentences for people, or nothing.
[[nodiscard]] std::string not_drawn_of(const Layers& layers, std::string_view prompt);

// Whether the path stays below the folder that it is relative to.
[[nodiscard]] bool is_below(std::string_view path);

}  // namespace ourvidz::catalog
