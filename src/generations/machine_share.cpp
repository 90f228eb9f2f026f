#include "generations/machine_share.h"

#include "base/id.h"

namespace ourvidz::generations {
namespace {

constexpr std::string_view topic = "machines";
constexpr UnixMs silence_ms_max = 5'000;  // a server tells every second
constexpr std::size_t shared_models_max = 1'000;
constexpr std::size_t shared_name_bytes_max = 256;

std::optional<ModelNames> names_in(const json::array& list) {
    ModelNames names;
    for (const auto& one : list) {
        if (!one.is_string() || one.get_string().size() > shared_name_bytes_max) return std::nullopt;
        names.emplace(one.get_string());
    }
    return names;
}

}  // namespace

LiveBoard::Machines together(const std::vector<LiveBoard::Machines>& heard) {
    LiveBoard::Machines all{false, ModelNames()};
    for (const auto& one : heard) {
        if (!one.ask) continue;
        all.ask = true;
        if (!one.models) all.models.reset();
        if (all.models) all.models->insert(one.models->begin(), one.models->end());
    }
    return all;
}

MachineShare::MachineShare(redis::Bus& bus, const Clock& clock)
    : bus_(bus), clock_(clock), id_(random_hex(8)), whole_since_(clock.now_ms()) {
    bus_.on(std::string(topic), [this](std::string_view payload) { hear(payload); });
    bus_.on_gap([this] { whole_since_ = clock_.now_ms(); });
}

LiveBoard::Machines MachineShare::exchange(const LiveBoard::Machines& ours) {
    json::object body{{"server", id_}, {"ask", ours.ask}};
    if (ours.models) body["models"] = json::array(ours.models->begin(), ours.models->end());
    bus_.publish(topic, json::serialize(body));
    const auto now = clock_.now_ms();
    std::erase_if(far_, [now](const auto& one) { return now - one.second.heard_at > silence_ms_max; });
    if (now - whole_since_ < silence_ms_max) return {};
    std::vector<LiveBoard::Machines> heard{ours};
    for (const auto& [id, far] : far_) heard.push_back(far.machines);
    return together(heard);
}

void MachineShare::hear(std::string_view payload) {
    const auto body = parse_json_object(payload);
    if (!body.ok()) return;
    FieldReader reader(*body);
    auto id = reader.text("server", shared_name_bytes_max).value_or("");
    const auto* models = reader.array("models", shared_models_max);
    const auto ask = reader.boolean("ask").value_or(true);
    if (id.empty()) return;
    far_.insert_or_assign(std::move(id),
                          Far{{ask, models ? names_in(*models) : std::nullopt}, clock_.now_ms()});
}

}  // namespace ourvidz::generations
