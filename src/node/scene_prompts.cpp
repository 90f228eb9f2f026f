#include "node/scene_prompts.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <utility>

#include "base/json.h"
#include "base/text.h"
#include "node/known_words.h"
#include "node/story.h"

namespace ourvidz::node {
namespace {

constexpr std::size_t turns_read_max = 8;
constexpr std::size_t choices_max = 4;
constexpr std::size_t look_bytes_max = 120;
constexpr std::size_t title_bytes_max = 40;

constexpr std::string_view scene_words =
    "You choose what a painter should paint from a conversation: the newest thing that can be seen. Then you "
    "choose "
    "the light, the colours and the mood that fit it.";
constexpr std::string_view scene_example =
    "user: Let us take the boat.\nassistant: The small boat glides over the quiet lake.\nuser: I like that.";
constexpr std::string_view scene_example_answer = "The small boat glides over the quiet lake";

constexpr std::string_view scenes_words =
    "You turn a story into scenes for a film. Each scene has a title that names what matters most in it.";
constexpr std::string_view scenes_example =
    "A robot builds a kite on a hill. It flies the kite over the sea.";
// How an example ends: as the rule `slots` would have it.
using Endings = std::array<std::string_view, 2>;
constexpr Endings rich_endings{", bright day light, warm red and blue colours, cheerful mood",
                               ", golden evening light, deep orange and gold colours, adventurous mood"};
constexpr Endings plain_endings{" on a light blue background", " on an orange background"};

std::string scenes_example_answer(const Endings& endings) {
    return R"({"scenes":[{"title":"A Kite","prompt":"A robot builds a kite on a hill)" +
           std::string(endings[0]) +
           R"("},{"title":"The Sea","prompt":"a robot flies the kite over the sea)" +
           std::string(endings[1]) + R"("}]})";
}

constexpr std::string_view slots =
    R"(slots ::= "," light " light," colour " and" colour " colours," mood " mood"
light ::= " soft morning" | " bright day" | " golden evening" | " warm sunset" | " soft moon" | " cold star" | " warm lamp" | " neon" | " misty morning" | " dappled forest" | " soft window" | " candle" | " stormy"
colour ::= shade? hue
shade ::= " pale" | " deep" | " dark" | " bright" | " warm"
hue ::= " red" | " orange" | " yellow" | " green" | " blue" | " purple" | " pink" | " brown" | " black" | " white" | " gray" | " gold" | " silver" | " turquoise" | " cream"
mood ::= " peaceful" | " cheerful" | " playful" | " dreamy" | " mysterious" | " lonely" | " cozy" | " majestic" | " lively" | " nostalgic" | " adventurous" | " dramatic"
)";

// What is said before the thing that is seen, longest first where one begins like another.
constexpr std::array lead_ins{
    "let's go to ",     "let us go to ", "i want to see ",    "i would like to see ",
    "can you show me ", "show me ",      "imagine ",          "picture ",
    "look at ",         "look, ",        "now we see ",       "we see ",
    "i can see ",       "i see ",        "i look at ",        "we look at ",
    "we arrive at ",    "we are at ",    "we are in ",        "we are now at ",
    "i am at ",         "i am in ",      "i'm in ",           "i'm at ",
    "i walk into ",     "we walk into ", "i walk through ",   "we walk through ",
    "we enter ",        "i enter ",      "there is ",         "there are ",
    "here is ",         "before us is ", "in front of me is "};
constexpr std::array small_talk{"hello",   "hi ",   "thank",     "yes",   "no,",    "okay",
                                "ok ",     "sure",  "of course", "that ", "i like", "i love",
                                "i think", "sorry", "great",     "nice",  "please"};
constexpr std::array says_a_thing{" a ",  " an ", " the ",   " two ", " three ",
                                  " in ", " on ", " under ", " over "};

bool starts_with_any(std::string_view text, const auto& words) {
    return std::any_of(words.begin(), words.end(), [&](const char* word) { return text.starts_with(word); });
}

// A sentence of the persona's own, told of it: "I am sitting on a rock" -> "Pixel, a small robot, sitting on
// a rock".
std::string told_of(std::string_view sentence, const std::string& look) {
    for (const std::string_view self : {"I am ", "I'm "}) {
        if (sentence.starts_with(self)) return look + ", " + std::string(sentence.substr(self.size()));
    }
    return sentence.starts_with("I ") ? look + ", who " + std::string(sentence.substr(2))
                                      : std::string(sentence);
}

// The part of a sentence that a painter could paint; empty when there is none.
std::string seen_in(std::string_view sentence) {
    const auto plain = in_lower_case(sentence);
    for (const std::string_view lead : lead_ins) {
        if (plain.starts_with(lead)) return std::string(sentence.substr(lead.size()));
    }
    for (const std::string_view about_people :
         {"i ", "i'm ", "i'll ", "we ", "you ", "my name", "it's ", "let "}) {
        if (plain.starts_with(about_people)) return {};
    }
    if (starts_with_any(plain, small_talk)) return {};
    const auto padded = " " + plain + " ";
    const bool has_thing = std::any_of(says_a_thing.begin(), says_a_thing.end(), [&](std::string_view word) {
        return padded.find(word) != std::string::npos;
    });
    return has_thing ? std::string(sentence) : std::string();
}

// As a GBNF literal.
std::string literal(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

// The inside of a JSON string.
std::string in_json(std::string_view text) {
    const auto quoted = json::serialize(json::value(text));
    return quoted.substr(1, quoted.size() - 2);
}

// "a red fox" -> "A Red Fox".
std::string as_title(std::string_view words) {
    std::string title(words);
    for (std::size_t i = 0; i < title.size(); ++i) {
        if (i == 0 || title[i - 1] == ' ')
            title[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[i])));
    }
    return title;
}

// Titles for each step, from its own words: the things in it that no step before it is about. A model this
// small repeats itself or the example when it is left to invent them.
std::vector<std::vector<std::string>> titles_for(const std::vector<std::string>& steps) {
    std::vector<std::vector<std::string>> titles;
    std::set<std::string> taken;
    for (const auto& step : steps) {
        auto& own = titles.emplace_back();
        auto things = things_in(step);
        things.push_back(cut_at_word(step, title_bytes_max));
        for (const auto& thing : things) {
            auto title = as_title(cut_at_word(thing, title_bytes_max));
            if (own.size() < choices_max && taken.insert(title).second) own.push_back(std::move(title));
        }
        if (own.empty()) own.push_back("Scene " + std::to_string(titles.size()));
    }
    return titles;
}

std::string choice_of(const std::vector<std::string>& choices) {
    std::string rule;
    for (const auto& choice : choices) rule += (rule.empty() ? "" : " | ") + literal(choice);
    return rule;
}

// The light, the colours and the mood, or what a painter knows of them.
struct Slots {
    std::string rules;
    const Endings& endings;
};
Slots slots_behind(const std::vector<std::string>& own_words, const catalog::Entry* painter) {
    if (painter == nullptr || !painter->vocabulary) return {std::string(slots), rich_endings};
    return {background_rule(own_words, *painter), plain_endings};
}

ChatOrder order_of(std::string_view system, std::string_view example, const std::string& answer,
                   std::string user) {
    ChatOrder order;
    order.request.turns = {{"system", std::string(system)},
                           {"user", std::string(example)},
                           {"assistant", answer},
                           {"user", std::move(user)}};
    return order;
}

}  // namespace

std::string_view slot_rules() {
    return slots;
}

Persona persona_of(std::string_view system_words) {
    constexpr std::string_view start = "You are ";
    for (const auto& sentence : sentences_of(system_words)) {
        if (!sentence.text.starts_with(start)) continue;
        auto look = cut_at_word(std::string_view(sentence.text).substr(start.size()), look_bytes_max);
        const auto name = look.substr(0, look.find(','));
        if (name.empty() || std::isupper(static_cast<unsigned char>(name[0])) == 0) return {};
        return {name, std::move(look)};
    }
    return {};
}

std::vector<std::string> picturable(const std::vector<engine::ChatTurn>& messages) {
    Persona persona;
    std::vector<const engine::ChatTurn*> turns;
    for (const auto& message : messages) {
        if (message.role == "system")
            persona = persona_of(message.text);
        else
            turns.push_back(&message);
    }
    if (turns.size() > turns_read_max) turns.erase(turns.begin(), turns.end() - turns_read_max);
    std::vector<std::string> seen;
    std::string subject = persona.look;
    for (const auto* turn : turns) {
        for (const auto& sentence : sentences_of(turn->text)) {
            if (sentence.question) continue;
            auto text = with_subject(sentence.text, subject);
            if (turn->role == "assistant" && !persona.look.empty()) text = told_of(text, persona.look);
            if (auto found = subject_of(sentence.text); !found.empty()) subject = std::move(found);
            auto part = cut_at_word(seen_in(text), scene_words_bytes_max);
            if (part.find(' ') != std::string::npos) seen.insert(seen.begin(), std::move(part));
        }
    }
    if (seen.size() > choices_max) seen.resize(choices_max);
    return seen;
}

Result<ChatOrder> scene_order(const Lease& lease, const catalog::Entry* painter) {
    const auto choices = picturable(lease.messages);
    if (choices.empty()) return invalid_field("messages", "Nothing in the conversation can be pictured yet.");
    std::string conversation;
    for (const auto& message : lease.messages) {
        if (message.role != "system") conversation += message.role + ": " + message.text + "\n";
    }
    const auto behind = slots_behind(choices, painter);
    auto order =
        order_of(scene_words, scene_example,
                 std::string(scene_example_answer) + std::string(behind.endings[0]), std::move(conversation));
    order.request.grammar = "root ::= choice slots\nchoice ::= " + choice_of(choices) + "\n" + behind.rules;
    return order;
}

Result<ChatOrder> scenes_order(const Lease& lease, const catalog::Entry* painter) {
    const auto story = lease.settings.prompt.value_or("");
    const auto steps = steps_of(story, scenes_max);
    if (steps.empty()) return invalid_field("prompt", "There is no story to turn into scenes.");
    const auto behind = slots_behind(steps, painter);
    auto order = order_of(scenes_words, scenes_example, scenes_example_answer(behind.endings), story);
    const auto titles = titles_for(steps);
    std::string root = R"(root ::= "{\"scenes\":[")";
    std::string scenes;
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto number = std::to_string(i);
        root += (i == 0 ? " scene-" : " \",\" scene-") + number;
        std::vector<std::string> choices;
        for (const auto& title : titles[i]) choices.push_back(in_json(title));
        const auto words = in_json(cut_at_word(steps[i], scene_words_bytes_max));
        scenes += "title-" + number + " ::= " + choice_of(choices) + "\n";
        scenes += "scene-" + number + R"( ::= "{\"title\":\"" title-)" + number + R"( "\",\"prompt\":\"" )" +
                  literal(words) + " slots \"\\\"}\"\n";
    }
    order.request.grammar = root + " \"]}\"\n" + scenes + behind.rules;
    return order;
}

}  // namespace ourvidz::node
