// One picture of a model that draws layers: which requests its engine gets, and the scene that is put
// together of what it draws.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "catalog/layers.h"
#include "engine/requests.h"
#include "safety/gate.h"
#include "scenes/compose.h"

namespace ourvidz::node {

// For one thread.
class LayeredPicture {
  public:
    // `whole`: the request as it would be for a model that draws it at once; its prompt says what is wanted,
    // its size is that of the scene. Errors: invalid_field where the prompt names nothing that can be drawn.
    [[nodiscard]] static Result<LayeredPicture> read(const catalog::Layers& layers,
                                                     const engine::ImageRequest& whole);

    // Of the layers, the place first if there is one, then each of its things once. They can be drawn in any
    // order.
    [[nodiscard]] const std::vector<engine::ImageRequest>& requests() const { return requests_; }
    // Takes what the engine drew for the request of this number. False where it drew nothing that could be
    // told from its ground; another seed may do better.
    [[nodiscard]] bool take(std::size_t request, safety::Picture drawn);
    // Of all that has been taken so far; things that are not there yet are left out.
    [[nodiscard]] safety::Picture scene() const { return frame({}, {}); }
    // The scene at a moment of a clip. `view`: of the place.
    [[nodiscard]] safety::Picture frame(const scenes::Moment& moment, const scenes::View& view) const;
    [[nodiscard]] const scenes::Frame& units() const { return frame_; }
    [[nodiscard]] const scenes::Plan& plan() const { return plan_; }
    // What was understood, for the recipe: {place, time, weather, things, relation}. Each thing has its name
    // and its box: left, top, width and height in the scene's pixels.
    [[nodiscard]] json::object description() const;

  private:
    void lay_out();
    LayeredPicture(const catalog::Layers& layers, const engine::ImageRequest& whole, scenes::Plan plan);

    scenes::Plan plan_;
    scenes::Frame frame_;
    int width_;  // pixels of the scene
    int height_;
    double scale_;  // pixels of a unit
    std::int64_t seed_;
    scenes::Colour ground_{};  // where there is no place
    std::vector<engine::ImageRequest> requests_;
    std::vector<std::size_t> request_of_;  // for each of the plan's things
    bool has_place_;
    safety::Picture place_;              // empty until it was taken
    std::vector<scenes::Drawn> things_;  // of each request; empty until it was taken
    std::vector<scenes::Placed> placed_;
};

}  // namespace ourvidz::node
