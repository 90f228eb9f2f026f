#include "media/worker/motion.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>

#include "media/worker/pixels.h"

namespace ourvidz::media {
namespace {

constexpr int flow_side_max = 320;        // longest side at which the flow is measured
constexpr float contradiction_px = 1.5F;  // how far a way there and back may miss before trust falls
// Part of the change that the flow must explain, else nothing is moved. Measured on drawings: 0.9 and more
// when a thing moves, less than 0.1 when another takes its place.
constexpr double explained_min = 0.3;
constexpr double same_picture_variance = 1;  // mean squared change of brightness that is no change at all
constexpr float same_thing_px = 2;           // moves that differ by more belong to different things
constexpr float mismatch_levels = 24;        // brightness difference along a way at which trust falls

cv::Mat grey_at_flow_size(const Rgb8& picture) {
    const double scale =
        std::min(1.0, static_cast<double>(flow_side_max) / std::max(picture.width, picture.height));
    const cv::Size size(std::max(16, cvRound(picture.width * scale)),
                        std::max(16, cvRound(picture.height * scale)));
    cv::Mat small;
    cv::resize(mat_of(picture), small, size, 0, 0, cv::INTER_AREA);
    cv::Mat grey;
    cv::cvtColor(small, grey, cv::COLOR_RGB2GRAY);
    return grey;
}

cv::Mat flow_of(const cv::Mat& from, const cv::Mat& to) {
    const auto method = cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_MEDIUM);
    cv::Mat flow;
    method->calc(from, to, flow);
    return flow;
}

// Where each pixel is after `part` of its move; the moves are scaled by `grow_x`, `grow_y`.
cv::Mat places_along(const cv::Mat& moves, float part, float grow_x, float grow_y) {
    cv::Mat places(moves.size(), CV_32FC2);
    for (int y = 0; y < moves.rows; ++y) {
        const auto* move = moves.ptr<cv::Vec2f>(y);
        auto* place = places.ptr<cv::Vec2f>(y);
        for (int x = 0; x < moves.cols; ++x) {
            place[x] = {static_cast<float>(x) + part * grow_x * move[x][0],
                        static_cast<float>(y) + part * grow_y * move[x][1]};
        }
    }
    return places;
}

// For every pixel: does the way back from where it goes lead to where it came from, and look the same there?
cv::Mat trust_in(const cv::Mat& there, const cv::Mat& back, const cv::Mat& from, const cv::Mat& to) {
    const cv::Mat places = places_along(there, 1, 1, 1);
    cv::Mat returned;
    cv::Mat seen;
    cv::remap(back, returned, places, {}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::remap(to, seen, places, {}, cv::INTER_LINEAR, cv::BORDER_REPLICATE);
    cv::Mat trust(there.size(), CV_32F);
    for (int y = 0; y < there.rows; ++y) {
        for (int x = 0; x < there.cols; ++x) {
            const auto& move = there.at<cv::Vec2f>(y, x);
            const auto missed = static_cast<float>(cv::norm(move + returned.at<cv::Vec2f>(y, x)));
            const float allowed = contradiction_px + 0.05F * static_cast<float>(cv::norm(move));
            const float differs = static_cast<float>(std::abs(from.at<uchar>(y, x) - seen.at<uchar>(y, x)));
            trust.at<float>(y, x) = std::exp(-(missed * missed) / (allowed * allowed) -
                                             (differs * differs) / (mismatch_levels * mismatch_levels));
        }
    }
    return trust;
}

// Carries every move to where its pixel is at time `t` of its way and adds it up there: (x, y, 1) * weight.
// What cannot be trusted hardly counts, so that its surroundings speak for it; what moves is in front more
// often than not, so it outweighs what stands still.
void scatter(const cv::Mat& flow, const cv::Mat& trust, float t, float direction, cv::Mat& sums) {
    for (int y = 0; y < flow.rows; ++y) {
        for (int x = 0; x < flow.cols; ++x) {
            const auto& move = flow.at<cv::Vec2f>(y, x);
            const float at_x = static_cast<float>(x) + t * move[0];
            const float at_y = static_cast<float>(y) + t * move[1];
            const int left = static_cast<int>(std::floor(at_x));
            const int top = static_cast<int>(std::floor(at_y));
            const float sure = trust.at<float>(y, x);
            const float weight = (0.001F + sure) * (0.25F + static_cast<float>(cv::norm(move)));
            for (int corner = 0; corner < 4; ++corner) {
                const int to_x = left + corner % 2;
                const int to_y = top + corner / 2;
                if (to_x < 0 || to_y < 0 || to_x >= flow.cols || to_y >= flow.rows) continue;
                const float share = (1 - std::abs(at_x - static_cast<float>(to_x))) *
                                    (1 - std::abs(at_y - static_cast<float>(to_y))) * weight;
                sums.at<cv::Vec3f>(to_y, to_x) +=
                    cv::Vec3f(direction * move[0], direction * move[1], 1) * share;
            }
        }
    }
}

// 1: what changed between the two moved as the flow says. 0: things are not the same any more. The larger a
// change of brightness, the more it has to say, so that noise on a flat background has little. A place that
// is covered or uncovered is explained by one direction alone, so the better of the two counts. Hardly
// anything lies between 0 and 1: things that are moved half of the way are seen twice.
float calm_of(const cv::Mat& from, const cv::Mat& to, const cv::Mat& trust) {
    cv::Mat difference;
    cv::absdiff(from, to, difference);
    cv::Mat weight;
    difference.convertTo(weight, CV_32F);
    cv::multiply(weight, weight, weight);
    const double total = cv::sum(weight)[0];
    const double per_pixel = total / static_cast<double>(weight.total());
    if (per_pixel < same_picture_variance) return 1;
    const double explained = weight.dot(trust) / total;
    return static_cast<float>(std::clamp((explained - explained_min) * 10, 0.0, 1.0));
}

float nearness(const cv::Vec2f& a, const cv::Vec2f& b) {
    const auto distance = static_cast<float>(cv::norm(a - b)) / same_thing_px;
    return std::exp(-distance * distance);
}

}  // namespace

MotionBetween::MotionBetween(const Rgb8& from, const Rgb8& to) : from_(from), to_(to) {
    assert(from.width == to.width && from.height == to.height);
    const cv::Mat start = grey_at_flow_size(from);
    const cv::Mat end = grey_at_flow_size(to);
    forward_ = flow_of(start, end);
    backward_ = flow_of(end, start);
    forward_trust_ = trust_in(forward_, backward_, start, end);
    backward_trust_ = trust_in(backward_, forward_, end, start);
    calm_ = calm_of(start, end, cv::max(forward_trust_, backward_trust_));
}

// The move from start to end of what is at each pixel at time `t`, at the size where the flow is measured.
cv::Mat MotionBetween::field_at(double t) const {
    cv::Mat sums = cv::Mat::zeros(forward_.size(), CV_32FC3);
    scatter(forward_, forward_trust_, static_cast<float>(t), 1, sums);
    scatter(backward_, backward_trust_, static_cast<float>(1 - t), -1, sums);
    // Places that nothing went to take the moves of their surroundings.
    cv::Mat near;
    cv::Mat far;
    cv::GaussianBlur(sums, near, {}, 1.5);
    cv::GaussianBlur(sums, far, {}, 8);
    cv::Mat field(sums.size(), CV_32FC2);
    for (int y = 0; y < sums.rows; ++y) {
        for (int x = 0; x < sums.cols; ++x) {
            const cv::Vec3f sum = near.at<cv::Vec3f>(y, x) + far.at<cv::Vec3f>(y, x) * 0.02F;
            const float part = calm_ / std::max(sum[2], 1e-6F);
            field.at<cv::Vec2f>(y, x) = {sum[0] * part, sum[1] * part};
        }
    }
    cv::GaussianBlur(field, field, {}, 1.0);
    return field;
}

// How much of each pixel at time `t` comes from the end: by time, but where only one end shows the thing that
// is there (it is being covered or uncovered), all from that end.
cv::Mat MotionBetween::share_of_end(const cv::Mat& field, double t) const {
    const auto part = static_cast<float>(t);
    cv::Mat start_places = places_along(field, -part, 1, 1);
    cv::Mat end_places = places_along(field, 1 - part, 1, 1);
    cv::Mat start_moves;
    cv::Mat end_moves;
    cv::remap(forward_, start_moves, start_places, {}, cv::INTER_NEAREST, cv::BORDER_REPLICATE);
    cv::remap(backward_, end_moves, end_places, {}, cv::INTER_NEAREST, cv::BORDER_REPLICATE);
    cv::Mat share(field.size(), CV_32F);
    for (int y = 0; y < field.rows; ++y) {
        for (int x = 0; x < field.cols; ++x) {
            const auto& move = field.at<cv::Vec2f>(y, x);
            const float in_start = 0.02F + nearness(start_moves.at<cv::Vec2f>(y, x), move);
            const float in_end = 0.02F + nearness(end_moves.at<cv::Vec2f>(y, x), -move);
            const float seen =
                calm_ * in_end * part / (in_end * part + in_start * (1 - part)) + (1 - calm_) * part;
            share.at<float>(y, x) = seen;
        }
    }
    cv::GaussianBlur(share, share, {}, 1.0);
    return share;
}

Rgb8 MotionBetween::at(double t) const {
    if (t <= 0) return from_;
    if (t >= 1) return to_;
    const cv::Mat small = field_at(t);
    const cv::Size full(from_.width, from_.height);
    cv::Mat field;
    cv::Mat share;
    cv::resize(small, field, full, 0, 0, cv::INTER_LINEAR);
    cv::resize(share_of_end(small, t), share, full, 0, 0, cv::INTER_LINEAR);
    const float grow_x = static_cast<float>(full.width) / static_cast<float>(small.cols);
    const float grow_y = static_cast<float>(full.height) / static_cast<float>(small.rows);
    const auto part = static_cast<float>(t);
    cv::Mat start;
    cv::Mat end;
    cv::remap(mat_of(from_), start, places_along(field, -part, grow_x, grow_y), {}, cv::INTER_CUBIC,
              cv::BORDER_REPLICATE);
    cv::remap(mat_of(to_), end, places_along(field, 1 - part, grow_x, grow_y), {}, cv::INTER_CUBIC,
              cv::BORDER_REPLICATE);
    Rgb8 out = blank(full.width, full.height);
    cv::Mat target = mat_of(out);
    cv::blendLinear(start, end, 1 - share, share, target);
    return out;
}

}  // namespace ourvidz::media
