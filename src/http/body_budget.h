// The memory that the bodies of all requests may have together, from the first byte until the answer is
// known.
#pragma once

#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <functional>

namespace ourvidz::http {

// Belongs to the I/O thread. Where there is no room for a body, one that comes too slowly to keep others from
// theirs loses its place: after a time of patience, with less than `bytes_per_second_min` on average, the
// slowest first. Times are those of any steady clock.
class BodyBudget {
  public:
    // What so little costs is not counted: the ordinary request always has room.
    static constexpr std::uint64_t free_bytes = 16 * 1024;
    static constexpr std::int64_t bytes_per_second_min = 64 * 1024;

    BodyBudget(std::uint64_t bytes_max, std::int64_t patience_ms)
        : bytes_max_(bytes_max), patience_ms_(patience_ms) {}

    // What one body has of it. Gives it back at its end. The budget must outlive it.
    class Share : public boost::intrusive::list_base_hook<
                      boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
      public:
        // `on_lost` is called when another body gets the place: what came so far is to be forgotten.
        Share(BodyBudget& budget, std::int64_t now_ms, std::function<void()> on_lost);
        ~Share() { give_back(); }
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;

        // Whether there is room for so many bytes in all. One body never gets more than half of what is left,
        // so that when there is no room for large ones there still is for small ones.
        [[nodiscard]] bool extend_to(std::uint64_t bytes, std::int64_t now_ms);
        void received(std::uint64_t bytes) { received_ += bytes; }
        // All of it is there: nobody takes its place from now on.
        void keep();
        void give_back();
        [[nodiscard]] bool lost() const { return lost_; }

      private:
        friend class BodyBudget;
        BodyBudget& budget_;
        const std::int64_t since_ms_;
        std::function<void()> on_lost_;
        std::uint64_t held_ = 0;
        std::uint64_t received_ = 0;
        bool lost_ = false;
    };

    [[nodiscard]] std::uint64_t held_bytes() const { return held_; }

  private:
    // Null if nobody is slow.
    [[nodiscard]] Share* slowest(std::int64_t now_ms, const Share& asking);
    void take_away(Share& share);

    const std::uint64_t bytes_max_;
    const std::int64_t patience_ms_;
    std::uint64_t held_ = 0;
    boost::intrusive::list<Share, boost::intrusive::constant_time_size<false>> arriving_;
};

}  // namespace ourvidz::http
