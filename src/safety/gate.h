// The gate: the only way from a request to an engine and from an engine to a user. See docs/safety.md.
//
// Cleared<T> is a request that may run; Released<Artifact> is a result that may be seen. Only the gate can
// make either, engines take nothing but Cleared, and storage and URLs take nothing but Released. Whatever the
// gate cannot decide (an exception, a missing detector, text that it cannot read) is held, never allowed.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ourvidz::safety {

constexpr int policy_version = 1;

// Limits of what is judged at once; more is held with reason "text_too_long". Callers refuse longer input
// with invalid_field before it gets here.
constexpr std::size_t text_bytes_max = 4096;   // one of TextToCheck::texts
constexpr std::size_t turn_bytes_max = 32768;  // one turn of a conversation, or an answer
constexpr std::size_t texts_max = 32;
constexpr std::size_t turns_max = 256;
constexpr std::size_t request_bytes_max = 262144;  // all of a request together
// Of a conversation, this much of its end is also judged as one text.
constexpr std::size_t window_turns_max = 8;
constexpr std::size_t window_bytes_max = 8192;

enum class Decision { allow, standard_only, hold, refuse, refuse_severe };

struct Verdict {
    Decision decision = Decision::hold;
    std::string reason_code;  // stable, such as "minor_attire"; empty for allow
    std::string sentence;     // for the user: what and what now, without repeating their words
    int policy = policy_version;
};
[[nodiscard]] std::string_view to_string(Decision decision);
[[nodiscard]] std::optional<Decision> decision_from(std::string_view text);

// What a request says in words, whatever its kind. Every text that reaches an engine must be in here.
struct TextToCheck {
    std::vector<std::string> texts;         // prompt, negative prompt, system words ...
    std::vector<std::string> conversation;  // turns, oldest first; judged as a window, not only the last
};

// A request type says which of its words are to be judged by an overload that argument-dependent lookup
// finds:
//   TextToCheck text_to_check(const T& request);

template <class T>
class Cleared {
  public:
    [[nodiscard]] const T& request() const { return request_; }
    [[nodiscard]] const Verdict& verdict() const { return verdict_; }

  private:
    friend class Gate;
    Cleared(T request, Verdict verdict) : request_(std::move(request)), verdict_(std::move(verdict)) {}
    T request_;
    Verdict verdict_;
};

// Where pixels come from decides which output checks they need.
enum class PictureDomain { people_free, drawn, photographic, mixed };
[[nodiscard]] std::optional<PictureDomain> picture_domain_from(std::string_view text);

struct Picture {  // a still, a preview or one frame
    int width = 0;
    int height = 0;
    std::string rgb;  // width * height * 3 bytes, rows top to bottom
};
struct Clip {  // an encoded clip, judged by its sampled frames
    std::vector<Picture> samples;
    std::string path;
};
struct Answer {  // words of a chat model
    std::string text;
};

struct Origin {
    PictureDomain domain = PictureDomain::mixed;  // from the model catalogue
    bool from_upload = false;                     // an uploaded picture is among its ancestors
};

template <class Artifact>
class Released {
  public:
    [[nodiscard]] const Artifact& artifact() const { return artifact_; }
    [[nodiscard]] Artifact& artifact() { return artifact_; }
    [[nodiscard]] const Verdict& verdict() const { return verdict_; }

  private:
    friend class Gate;
    Released(Artifact artifact, Verdict verdict)
        : artifact_(std::move(artifact)), verdict_(std::move(verdict)) {}
    Artifact artifact_;
    Verdict verdict_;
};

// Thread-safe after construction.
class Gate {
  public:
    // Runs the known-answer self-test; without it passing there is no gate and the product is not ready.
    static Result<std::unique_ptr<Gate>> open();
    ~Gate();

    // Stage A. Errors: refused or held, with the verdict's sentence.
    template <class T>
    [[nodiscard]] Result<Cleared<T>> clear(T request) const {
        Verdict verdict = judge(text_to_check(request));
        if (verdict.decision != Decision::allow && verdict.decision != Decision::standard_only)
            return error_of(verdict);
        return Cleared<T>(std::move(request), std::move(verdict));
    }

    // Stage C. Errors as above.
    [[nodiscard]] Result<Released<Picture>> release(Picture picture, const Origin& origin) const;
    [[nodiscard]] Result<Released<Clip>> release(Clip clip, const Origin& origin) const;
    // `conversation`: the turns before it. Judges the whole answer so far, so call it for every streamed
    // piece.
    [[nodiscard]] Result<Released<Answer>> release(Answer answer,
                                                   const std::vector<std::string>& conversation) const;

    // A result whose pixels a node's gate has judged, on its way into storage. The server trusts the node's
    // word only as far as its own knowledge of where the pixels come from allows. Errors as above.
    template <class T>
    [[nodiscard]] Result<Released<T>> release_judged(T artifact, const Verdict& from_node,
                                                     const Origin& origin) const {
        Verdict verdict = judge_again(from_node, origin);
        if (verdict.decision != Decision::allow && verdict.decision != Decision::standard_only)
            return error_of(verdict);
        return Released<T>(std::move(artifact), std::move(verdict));
    }
    // The stricter of the node's verdict and what the origin alone demands; another policy version is held.
    [[nodiscard]] Verdict judge_again(const Verdict& from_node, const Origin& origin) const;

    // By today's rules, of a result that earlier ones judged and whose pixels are not at hand: the stricter
    // of what was decided then and what the origin alone demands now.
    [[nodiscard]] Verdict judge_anew(const Verdict& earlier, const Origin& origin) const;

    [[nodiscard]] Verdict judge(const TextToCheck& text) const;
    [[nodiscard]] Verdict judge(const Picture& picture, const Origin& origin) const;
    [[nodiscard]] static Error error_of(const Verdict& verdict);

  private:
    class Rules;
    explicit Gate(std::unique_ptr<Rules> rules);
    std::unique_ptr<Rules> rules_;
};

}  // namespace ourvidz::safety
