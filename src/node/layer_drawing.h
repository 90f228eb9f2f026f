// Has the engine draw the layers of one picture or clip, one after the other, and enlarges each.
#pragma once

#include <functional>
#include <string>

#include "node/job.h"
#include "node/layered_picture.h"

namespace ourvidz::node {

struct DrawnLayers {
    LayeredPicture picture;
    json::array statistics;  // the engine's, of each
    std::int64_t engine_ms = 0;
};

struct LayerCallbacks {
    std::function<void(double part, int step, int steps)> progress;  // `part`: of all layers, 0..1
    std::function<void(safety::Picture)> preview;                    // of the place, while it is drawn
    std::function<void(const LayeredPicture&)> layer_done;           // not after the last
};

// `whole`: see LayeredPicture::read(). Errors: invalid_field for a prompt that names nothing; refused and
// held, of the whole prompt too; engine_failed where a network draws nothing that can be told from its
// ground, with other seeds neither.
[[nodiscard]] Result<DrawnLayers> draw_layers(Job& job, WorkerPool::Borrowed& worker,
                                              const engine::ImageRequest& whole,
                                              const LayerCallbacks& callbacks);

}  // namespace ourvidz::node
