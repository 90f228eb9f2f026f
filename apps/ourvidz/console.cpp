#include "console.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace ourvidz::cli {
namespace {

bool starts_character(char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

std::size_t width_of(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string cut(const std::string& text, std::size_t characters) {
    std::size_t seen = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (starts_character(text[i]) && seen++ == characters) return text.substr(0, i);
    }
    return text;
}

std::int64_t whole(const json::object& object, std::string_view name, std::int64_t otherwise) {
    const auto* value = object.if_contains(name);
    if (value == nullptr || !value->is_number()) return otherwise;
    boost::system::error_code failure;
    const auto number = value->to_number<std::int64_t>(failure);
    return failure ? otherwise : number;
}

std::string bar_text(double fraction, int cells) {
    const int full = static_cast<int>(std::lround(fraction * cells));
    return "[" + std::string(static_cast<std::size_t>(full), '#') +
           std::string(static_cast<std::size_t>(cells - full), '.') + "]";
}

std::string eta_text(const json::object& progress) {
    const auto low = whole(progress, "eta_low_ms", -1);
    const auto high = whole(progress, "eta_high_ms", -1);
    if (high < 0) return "";
    const auto low_text = duration_text(std::max<std::int64_t>(low, 0));
    const auto high_text = duration_text(high);
    return low < 0 || low_text == high_text ? ", about " + high_text + " left"
                                            : ", " + low_text + " to " + high_text + " left";
}

}  // namespace

std::string table(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    }
    std::string text;
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += row[i];
            if (i + 1 < row.size()) line.append(widths[i] - width_of(row[i]) + 2, ' ');
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    }
    return text;
}

std::string size_text(std::uint64_t bytes) {
    constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
    auto value = static_cast<double>(bytes);
    int unit = 0;
    while (value >= 999.95 && unit < 4) {
        value /= 1000;
        ++unit;
    }
    char text[32];
    std::snprintf(text, sizeof text, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    return text;
}

std::string duration_text(std::int64_t ms) {
    const auto seconds = (ms + 500) / 1000;
    if (seconds < 120) return std::to_string(seconds) + " s";
    if (seconds < 7200) return std::to_string(seconds / 60) + " min " + std::to_string(seconds % 60) + " s";
    return std::to_string(seconds / 3600) + " h " + std::to_string(seconds % 3600 / 60) + " min";
}

std::string progress_text(const json::object& progress, int batch, int columns) {
    const auto* phase_value = progress.if_contains("phase");
    const std::string phase =
        phase_value != nullptr && phase_value->is_string() ? std::string(phase_value->get_string()) : "";
    if (phase == "queued") {
        const auto ahead = whole(progress, "queue_position", 0);
        const auto place = ahead == 0 ? "next in line" : std::to_string(ahead) + " ahead";
        return cut("waiting, " + place + eta_text(progress), static_cast<std::size_t>(columns));
    }
    const auto* fraction_value = progress.if_contains("fraction");
    double fraction =
        fraction_value != nullptr && fraction_value->is_number() ? fraction_value->to_number<double>() : 0;
    fraction = std::clamp(fraction, 0.0, 1.0);
    // What is left then is writing the file, which nobody can put into numbers that mean something.
    if (phase == "finishing") return bar_text(1, 20) + " finishing";
    std::string text = bar_text(fraction, 20) + " " + std::to_string(static_cast<int>(fraction * 100)) + " %";
    if (phase == "loading") text += ", loading the model";
    if (batch > 1) {
        text += ", picture " + std::to_string(whole(progress, "position", 0) + 1) + " of " +
                std::to_string(batch);
    }
    const auto step = whole(progress, "step", -1);
    const auto steps = whole(progress, "steps", -1);
    if (phase == "sampling" && step >= 0 && steps > 0) {
        text += ", step " + std::to_string(step) + " of " + std::to_string(steps);
    }
    return cut(printable(text + eta_text(progress)), static_cast<std::size_t>(columns));
}

std::string printable(std::string_view text) {
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        // C1 control characters are two bytes in UTF-8: C2 80 to C2 9F.
        if (byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0) {
            ++i;
        } else if (text[i] == '\n' || text[i] == '\t' || (byte >= 0x20 && byte != 0x7F)) {
            result += text[i];
        }
    }
    return result;
}

ProgressLine::ProgressLine(bool quiet) : quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {
    winsize size{};
    if (terminal_ && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
        columns_ = size.ws_col - 1;
}

ProgressLine::~ProgressLine() {
    clear();
}

void ProgressLine::show(const std::string& text, double fraction) {
    if (quiet_ || text == last_) return;
    if (terminal_) {
        std::fprintf(stderr, "\r\033[K%s", text.c_str());
        last_ = text;
        return;
    }
    const int tenth = static_cast<int>(fraction * 10);
    if (tenth == last_tenth_) return;
    last_tenth_ = tenth;
    std::fprintf(stderr, "%s\n", text.c_str());
}

void ProgressLine::clear() {
    if (terminal_ && !last_.empty()) std::fprintf(stderr, "\r\033[K");
    last_.clear();
}

}  // namespace ourvidz::cli
