// The three kinds of engine workers that a node runs.
#pragma once

#include <array>
#include <string_view>

namespace ourvidz::node {

enum class WorkerKind { image, video, chat };

constexpr int worker_kind_count = 3;
constexpr std::array<WorkerKind, worker_kind_count> worker_kinds{WorkerKind::image, WorkerKind::video,
                                                                 WorkerKind::chat};

[[nodiscard]] constexpr std::string_view to_string(WorkerKind kind) {
    constexpr std::array<std::string_view, worker_kind_count> names{"image", "video", "chat"};
    return names.at(static_cast<std::size_t>(kind));
}

// A value for every kind.
template <class T>
struct PerKind {
    std::array<T, worker_kind_count> values{};
    [[nodiscard]] T& operator[](WorkerKind kind) { return values.at(static_cast<std::size_t>(kind)); }
    [[nodiscard]] const T& operator[](WorkerKind kind) const {
        return values.at(static_cast<std::size_t>(kind));
    }
};

}  // namespace ourvidz::node
