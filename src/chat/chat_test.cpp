#include "chat/chat.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/id.h"
#include "chat/chat_requests.h"
#include "db/test_with_database.h"
#include "events/event_log.h"
#include "generations/generations_jobs.h"

namespace ourvidz::chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// --- rules ---

Message message(std::string id, std::optional<std::string> parent, std::string text = {},
                State state = State::done) {
    Message made;
    made.role = id[0] == 'q' ? "user" : "assistant";
    made.text = text.empty() ? id : std::move(text);
    made.id = std::move(id);
    made.parent_id = std::move(parent);
    made.state = state;
    return made;
}

std::vector<std::string> texts(const std::vector<generations::Message>& sent) {
    std::vector<std::string> all;
    for (const auto& one : sent) {
        if (one.role != "system") all.push_back(one.text);
    }
    return all;
}

Turn say(std::string text, std::optional<std::string> parent) {
    Turn turn;
    turn.text = std::move(text);
    turn.parent_id = std::move(parent);
    return turn;
}
Turn about(Turn::Kind kind, std::string answer) {
    Turn turn;
    turn.kind = kind;
    turn.answer_id = std::move(answer);
    return turn;
}

// q1 - a1 - q2 - a2
//         \ q3 - a3
const Messages& tree() {
    static const Messages messages{message("q1", {}),   message("a1", "q1"), message("q2", "a1"),
                                   message("a2", "q2"), message("q3", "a1"), message("a3", "q3")};
    return messages;
}
constexpr std::size_t plenty = 100'000;

TEST(ChatRules, TheNewestBranchBelowAMessageIsFound) {
    EXPECT_EQ(newest_leaf(tree(), "q1"), "a3");
    EXPECT_EQ(newest_leaf(tree(), "q2"), "a2");
    EXPECT_EQ(newest_leaf(tree(), "a3"), "a3");
}

TEST(ChatRules, AModelIsSentTheBranchAndNothingOfTheOthers) {
    auto made = plan(say("q4", "a2"), {}, tree(), plenty);
    ASSERT_TRUE(made.ok()) << made.error().detail;
    EXPECT_THAT(texts(made->sent), ElementsAre("q1", "a1", "q2", "a2", "q4"));
    EXPECT_EQ(made->sent.front().role, "system");
    EXPECT_THAT(made->sent.front().text, testing::HasSubstr("AI"));
    made = plan(about(Turn::Kind::answer_again, "a3"), {}, tree(), plenty);
    ASSERT_TRUE(made.ok()) << made.error().detail;
    EXPECT_THAT(texts(made->sent), ElementsAre("q1", "a1", "q3"));
    EXPECT_EQ(made->question_id, "q3");
    made = plan(say("anew", {}), {}, tree(), plenty);
    EXPECT_THAT(texts(made->sent), ElementsAre("anew"));
}

TEST(ChatRules, ItsOwnSystemWordsTakeTheStudiosPlace) {
    Conversation conversation;
    conversation.system = "You are Pixel.";
    const auto made = plan(say("q4", "a2"), conversation, tree(), plenty);
    EXPECT_EQ(made->sent.front().text, "You are Pixel.");
}

TEST(ChatRules, WhatHasFailedIsLeftOutWithItsQuestion) {
    auto messages = tree();
    messages[1].state = State::failed;
    auto made = plan(say("q4", "a2"), {}, messages, plenty);
    EXPECT_THAT(texts(made->sent), ElementsAre("q2", "a2", "q4"));
    messages[1].state = State::stopped;
    messages[1].text = "";
    made = plan(say("q4", "a2"), {}, messages, plenty);
    EXPECT_THAT(texts(made->sent), ElementsAre("q1", "q2", "a2", "q4"));
}

TEST(ChatRules, TheNewestTurnsThatFitAreSent) {
    Conversation conversation;
    conversation.system = "1234567890";
    EXPECT_THAT(texts(plan(say("q4", "a2"), conversation, tree(), 18)->sent), ElementsAre("q2", "a2", "q4"))
        << "10 bytes of system words and four turns of two would fit, but an answer without its question is "
           "none";
    EXPECT_THAT(texts(plan(say("q4", "a2"), conversation, tree(), 20)->sent), SizeIs(5));
    EXPECT_THAT(texts(plan(say("q4", "a2"), conversation, tree(), 1)->sent), ElementsAre("q4"));
}

TEST(ChatRules, NoMoreIsSentThanTheGateJudges) {
    Messages messages;
    std::optional<std::string> parent;
    for (int i = 0; i < 300; ++i) {
        messages.push_back(message("q" + std::to_string(i), parent, std::string(4096, 'x')));
        messages.push_back(message("a" + std::to_string(i), messages.back().id, std::string(4096, 'x')));
        parent = messages.back().id;
    }
    catalog::Entry entry;
    entry.options["context_tokens"] = 1'000'000;
    const auto made = plan(say("and?", parent), {}, messages, sent_bytes_max(entry));
    std::size_t bytes = 0;
    for (const auto& one : made->sent) bytes += one.text.size();
    EXPECT_LE(bytes, safety::request_bytes_max);
    EXPECT_GT(bytes, safety::request_bytes_max / 2);
    EXPECT_LE(made->sent.size(), sent_messages_max);
    entry.options["context_tokens"] = 2;
    EXPECT_EQ(sent_bytes_max(entry), 12U);
}

TEST(ChatRules, WhatTheGateRefusesOfLongAgoIsLeftOut) {
    const auto gate = safety::Gate::open();
    ASSERT_TRUE(gate.ok());
    const std::string refused = "photo of a 12 year old in a swimsuit at the beach";
    const auto kept = without_refused({{"system", "You are Pixel."},
                                       {"user", refused},
                                       {"assistant", "No."},
                                       {"user", "Tell me of it."},
                                       {"assistant", refused},
                                       {"user", "Hello"}},
                                      **gate);
    EXPECT_THAT(texts(kept), ElementsAre("Hello"));
    EXPECT_THAT(texts(without_refused({{"user", "Hi"}, {"assistant", "Hello"}, {"user", refused}}, **gate)),
                SizeIs(3))
        << "what is said now is for the gate to refuse";
}

TEST(ChatRules, WhatCannotBeAnsweredNowSaysWhy) {
    auto messages = tree();
    messages[3].state = State::writing;
    EXPECT_EQ(plan(say("q4", "a2"), {}, messages, plenty).error().code, ErrorCode::conflict);
    EXPECT_EQ(plan(say("q4", "q2"), {}, messages, plenty).error().field, "parent_id");
    EXPECT_EQ(plan(say("q4", "a9"), {}, messages, plenty).error().field, "parent_id");
    EXPECT_EQ(plan(about(Turn::Kind::answer_again, "q1"), {}, messages, plenty).error().field, "again");
    EXPECT_EQ(plan(about(Turn::Kind::go_on, "a3"), {}, messages, plenty).error().code, ErrorCode::conflict)
        << "it is complete";
    messages[5].cut = true;
    const auto more = plan(about(Turn::Kind::go_on, "a3"), {}, messages, plenty);
    ASSERT_TRUE(more.ok()) << more.error().detail;
    EXPECT_THAT(texts(more->sent), ElementsAre("q1", "a1", "q3", "a3"));
    messages.resize(messages_max - 1, message("q9", {}));
    EXPECT_EQ(plan(say("q4", "a3"), {}, messages, plenty).error().code, ErrorCode::conflict) << "it is full";
}

TEST(ChatRules, ATitleIsTheBeginningOfTheFirstLine) {
    EXPECT_EQ(title_of("\n A red\tfox\nin the snow"), "A red fox");
    EXPECT_EQ(title_of(std::string(79, 'x') + "\xC3\xA4"), std::string(79, 'x'));
}

// --- requests ---

Result<NewConversation> read(const char* body) {
    const ManualClock clock(1);
    return read_new(*parse_json_object(body), clock);
}

TEST(ChatRequests, AWholeConversationKeepsItsShape) {
    const auto made = read(R"({"messages": [{"id": "1", "role": "user", "text": "Hello"},
        {"id": "2", "parent_id": "1", "role": "assistant", "text": "Hi", "state": "stopped"},
        {"id": "3", "parent_id": "1", "role": "assistant", "text": "Hey"}], "active_message_id": "2"})");
    ASSERT_TRUE(made.ok()) << made.error().detail;
    ASSERT_THAT(made->messages, SizeIs(3));
    EXPECT_EQ(made->messages[1].parent_id, made->messages[0].id);
    EXPECT_EQ(made->messages[1].state, State::stopped);
    EXPECT_EQ(made->conversation.active_message_id, made->messages[1].id);
    EXPECT_EQ(made->conversation.title, "Hello");
    EXPECT_TRUE(is_id(made->messages[2].id, "msg"));
}

TEST(ChatRequests, WhatHangsTogetherWronglyIsNamed) {
    const std::vector<std::pair<const char*, const char*>> wrong{
        {R"({"messages": [{"id": "1", "role": "assistant", "text": "Hi"}]})", "messages[0].parent_id"},
        {R"({"messages": [{"id": "1", "parent_id": "2", "role": "user", "text": "Hi"}]})",
         "messages[0].parent_id"},
        {R"({"messages": [{"id": "1", "role": "user", "text": "a"}, {"id": "1", "role": "user", "text": "b"}]})",
         "messages[1].id"},
        {R"({"messages": [{"id": "1", "role": "user", "text": "a"},
             {"id": "2", "parent_id": "1", "role": "user", "text": "b"}]})",
         "messages[1].role"},
        {R"({"messages": [{"id": "1", "role": "user", "text": " "}]})", "messages[0].text"},
        {R"({"active_message_id": "1"})", "active_message_id"},
    };
    for (const auto& [body, field] : wrong) {
        const auto made = read(body);
        ASSERT_FALSE(made.ok()) << body;
        EXPECT_EQ(made.error().field, field);
    }
}

TEST(ChatRequests, ATurnIsOneOfThree) {
    const auto turn = [](const char* body) { return read_turn(*parse_json_object(body)); };
    EXPECT_EQ(turn(R"({"text": "Hi", "parent_id": "a"})")->parent_id, "a");
    EXPECT_EQ(turn(R"({"again": "a"})")->kind, Turn::Kind::answer_again);
    EXPECT_EQ(turn(R"({"continue": "a"})")->kind, Turn::Kind::go_on);
    for (const auto* body : {R"({})", R"({"text": " "})", R"({"text": "Hi", "again": "a"})",
                             R"({"again": "a", "parent_id": "b"})"}) {
        EXPECT_FALSE(turn(body).ok()) << body;
    }
}

// --- store ---

class ChatStore : public db::TestWithDatabase {
  protected:
    void fill() override {
        for (const auto* workspace : {"fox", "owl"}) {
            change([&](db::Connection& connection) -> Result<void> {
                OURVIDZ_CHECK(connection.execute(
                    "INSERT INTO workspaces (id, name, created_at) VALUES ($1, 'W', 0)", {workspace}));
                return ledger::open_accounts(connection, workspace, 100, clock_);
            });
        }
        gate_ = *safety::Gate::open();
        conversation_ = make("fox");
    }
    template <class F>
    auto work(F step, const std::string& workspace = "fox") {
        auto done = database_->write_now(db::Scope::workspace(workspace), std::move(step));
        EXPECT_TRUE(done.ok()) << done.error().detail;
        return done;
    }
    void change(const std::function<Result<void>(db::Connection&)>& step) {
        const auto done = database_->write_now(db::Scope::server(), step);
        ASSERT_TRUE(done.ok()) << done.error().detail;
    }
    Conversation make(const std::string& workspace, const Request& request = {}) {
        auto made = *read_new({}, clock_);
        made.conversation.workspace_id = workspace;
        return *work(
            [&](db::Connection& connection) {
                return create(connection, made.conversation, made.messages, request);
            },
            workspace);
    }
    Messages messages() {
        return *work([&](db::Connection& connection) { return messages_of(connection, conversation_); });
    }
    Conversation now() {
        return *work([&](db::Connection& connection) { return find(connection, "fox", conversation_.id); });
    }
    Sent send_turn(const Turn& turn, const std::string& key = {}) {
        auto planned = plan(turn, now(), messages(), plenty);
        EXPECT_TRUE(planned.ok()) << planned.error().detail;
        generations::NewGeneration wanted;
        wanted.kind = "chat_conversation";
        wanted.messages = planned->sent;
        const auto cleared = gate_->clear(wanted);
        generations::Submission submission;
        submission.workspace_id = "fox";
        submission.model = "small";
        submission.line = "chat";
        submission.limits = {100, 100, 100};
        submission.request_sha256 = turn.text;
        if (!key.empty()) submission.idempotency_key = key;
        return *work([&](db::Connection& connection) {
            return send(connection, *planned, *cleared, submission, clock_);
        });
    }
    // As a node does it.
    void answer(const std::string& text, generations::Finish::Outcome outcome, bool cut = false) {
        change([&](db::Connection& connection) -> Result<void> {
            queue::Ask ask;
            ask.node_id = "node";
            ask.line = "chat";
            ask.kinds = {"chat_conversation"};
            OURVIDZ_TRY(claimed, queue::claim(connection, ask, clock_, {}));
            const auto& claim = claimed.claims.at(0);
            OURVIDZ_TRY(running, generations::on_claimed(connection, claim, clock_.now_ms()));
            EXPECT_EQ(running.state, generations::State::running);
            OURVIDZ_TRY(live, queue::require_live(connection, claim.attempt_id, claim.fence));
            generations::Finish finish;
            finish.outcome = outcome;
            finish.retry = false;
            finish.text = text;
            finish.cut = cut;
            finish.error = Error{ErrorCode::refused, "That may not be said.", ""};
            return generations::on_finish(connection, live, finish, clock_.now_ms(), {});
        });
        clock_.advance(1);
    }
    std::int64_t count(const std::string& sql) {
        auto look = [&](db::Connection& connection) { return connection.query(sql, {}); };
        return database_->read_now(db::Scope::server(), look)->at(0).integer(0);
    }

    using Outcome = generations::Finish::Outcome;
    ManualClock clock_{1'700'000'000'000};
    std::unique_ptr<safety::Gate> gate_;
    Conversation conversation_;
};

TEST_P(ChatStore, AnAnswerFollowsItsGeneration) {
    const auto sent = send_turn(say("Hello", {}));
    ASSERT_THAT(sent.messages, SizeIs(2));
    EXPECT_EQ(sent.messages[0].text, "Hello");
    EXPECT_EQ(sent.messages[1].state, State::writing);
    EXPECT_EQ(sent.messages[1].parent_id, sent.messages[0].id);
    EXPECT_EQ(sent.conversation.active_message_id, sent.messages[1].id);
    EXPECT_EQ(now().title, "Hello");
    answer("Hi", Outcome::succeeded);
    EXPECT_EQ(messages()[1].state, State::done);
    EXPECT_EQ(messages()[1].text, "Hi");
    const auto next = send_turn(say("And?", sent.messages[1].id));
    answer("Well,", Outcome::failed);
    EXPECT_EQ(messages()[3].state, State::failed);
    EXPECT_EQ(messages()[3].error->detail, "That may not be said.");
    const auto after = plan(say("Then?", next.messages[1].id), now(), messages(), plenty);
    EXPECT_THAT(texts(after->sent), ElementsAre("Hello", "Hi", "Then?"));
}

TEST_P(ChatStore, AnotherAnswerStandsBesideTheFirst) {
    const auto sent = send_turn(say("Hello", {}));
    answer("Hi", Outcome::succeeded);
    const auto again = send_turn(about(Turn::Kind::answer_again, sent.messages[1].id));
    answer("Hey", Outcome::succeeded);
    const auto all = messages();
    ASSERT_THAT(all, SizeIs(3));
    EXPECT_EQ(all[1].text, "Hi");
    EXPECT_EQ(all[2].text, "Hey");
    EXPECT_EQ(all[2].parent_id, all[0].id);
    EXPECT_EQ(now().active_message_id, again.messages.back().id);
}

TEST_P(ChatStore, ACutAnswerGoesOnInItsPlace) {
    const auto sent = send_turn(say("Tell me a story", {}));
    answer("Once upon", Outcome::succeeded, true);
    EXPECT_TRUE(messages()[1].cut);
    const auto more = about(Turn::Kind::go_on, sent.messages[1].id);
    send_turn(more);
    EXPECT_EQ(messages()[1].text, "Once upon") << "what there was stays to be seen while it goes on";
    EXPECT_EQ(messages()[1].state, State::writing);
    answer("", Outcome::failed);
    EXPECT_EQ(messages()[1].state, State::done) << "the words that there were are no worse";
    EXPECT_TRUE(messages()[1].cut);
    send_turn(more);
    answer("Once upon a time.", Outcome::succeeded);
    ASSERT_THAT(messages(), SizeIs(2));
    EXPECT_EQ(messages()[1].text, "Once upon a time.");
    EXPECT_FALSE(messages()[1].cut);
}

TEST_P(ChatStore, ATurnThatIsSentTwiceIsSaidOnce) {
    const auto first = send_turn(say("Hello", {}), "key");
    const auto second = send_turn(say("Hello", {}), "key");
    EXPECT_TRUE(first.accepted.is_new);
    EXPECT_FALSE(second.accepted.is_new);
    EXPECT_EQ(second.messages[1].id, first.messages[1].id);
    EXPECT_THAT(messages(), SizeIs(2));
    const auto known = work(
        [&](db::Connection& connection) { return find_sent(connection, conversation_, "key", "Hello"); });
    ASSERT_TRUE(known->has_value());
    EXPECT_EQ((*known)->messages[1].id, first.messages[1].id);
}

TEST_P(ChatStore, AConversationIsMadeOnceUnderAKey) {
    const auto first = make("fox", {"key", "a"});
    EXPECT_EQ(make("fox", {"key", "a"}).id, first.id);
    EXPECT_NE(make("owl", {"key", "a"}).id, first.id);
    auto other = first;
    other.id = "cnv_other";
    const auto refused = database_->write_now(db::Scope::workspace("fox"), [&](db::Connection& connection) {
        return create(connection, other, {}, {"key", "b"});
    });
    EXPECT_EQ(refused.error().code, ErrorCode::idempotency_mismatch);
}

TEST_P(ChatStore, OneThatIsRemovedLeavesNoWords) {
    const auto sent = send_turn(say("Hello secret", {}));
    answer("Once secret", Outcome::succeeded, true);
    send_turn(about(Turn::Kind::go_on, sent.messages[1].id));
    const auto before = count("SELECT COALESCE(MAX(number), 0) FROM events WHERE workspace_id = 'fox'");
    const auto gone = now();
    change([&](db::Connection& connection) { return remove(connection, gone, clock_.now_ms()); });
    EXPECT_EQ(count("SELECT COUNT(*) FROM messages"), 0);
    EXPECT_EQ(count("SELECT COUNT(*) FROM conversations WHERE workspace_id = 'fox'"), 0);
    EXPECT_EQ(
        count("SELECT COUNT(*) FROM generations WHERE text LIKE '%secret%' OR messages LIKE '%secret%'"), 0);
    EXPECT_EQ(count("SELECT COUNT(*) FROM generations WHERE state = 'canceled'"), 1)
        << "what waited is stopped";
    auto read = [&](db::Connection& connection) { return events::read_after(connection, "fox", before, 10); };
    const auto told = *work(read);
    ASSERT_FALSE(told.empty());
    EXPECT_EQ(told.back().name, "conversation");
    EXPECT_EQ(told.back().subject_id, conversation_.id);
    const auto audit = database_->read_now(db::Scope::server(), ledger::audit);
    EXPECT_TRUE(audit->findings.empty()) << ledger::to_text(*audit);
}

TEST_P(ChatStore, WhatIsEmptyForLongIsRemovedAndNothingElse) {
    const auto left = make("owl");
    send_turn(say("Hello", {}));
    clock_.advance(1'000);
    const auto young = make("fox");
    clock_.advance(500);
    change([&](db::Connection& connection) {
        return remove_empty(connection, clock_.now_ms() - 1'000, clock_.now_ms());
    });
    EXPECT_EQ(count("SELECT COUNT(*) FROM conversations WHERE id = '" + left.id + "'"), 0);
    EXPECT_EQ(count("SELECT COUNT(*) FROM conversations WHERE id = '" + young.id + "'"), 1);
    EXPECT_EQ(now().title, "Hello") << "as old, but something was said in it";
    EXPECT_EQ(count("SELECT COUNT(*) FROM events WHERE subject_id = '" + left.id + "'"), 2)
        << "readers are told that it is gone";
}

TEST_P(ChatStore, WhatANodeStillSaysOfOneThatIsGoneIsNotKept) {
    send_turn(say("Hello", {}));
    change([&](db::Connection& connection) -> Result<void> {
        queue::Ask ask;
        ask.node_id = "node";
        ask.line = "chat";
        ask.kinds = {"chat_conversation"};
        OURVIDZ_TRY(claimed, queue::claim(connection, ask, clock_, {}));
        const auto claim = claimed.claims.at(0);
        OURVIDZ_TRY(running, generations::on_claimed(connection, claim, clock_.now_ms()));
        OURVIDZ_TRY(conversation, find(connection, "fox", conversation_.id));
        OURVIDZ_CHECK(remove(connection, conversation, clock_.now_ms()));
        OURVIDZ_TRY(live, queue::require_live(connection, claim.attempt_id, claim.fence));
        EXPECT_TRUE(live.cancel_requested);
        generations::Finish finish;
        finish.outcome = Outcome::canceled;
        finish.text = "half an answer";
        OURVIDZ_CHECK(generations::on_finish(connection, live, finish, clock_.now_ms(), {}));
        OURVIDZ_TRY(ended, generations::find_any(connection, running.id));
        EXPECT_EQ(ended.state, generations::State::canceled);
        EXPECT_FALSE(ended.text.has_value());
        return {};
    });
}

TEST_P(ChatStore, TheListHasTheLastChangedFirstAndOnlyOnesOwn) {
    clock_.advance(1);
    const auto second = make("fox");
    make("owl");
    clock_.advance(1);
    send_turn(say("Hello", {}));
    std::vector<std::string> ids;
    std::optional<std::string> cursor;
    do {
        auto read = [&](db::Connection& connection) { return list(connection, "fox", cursor, 1); };
        const auto page = *work(read);
        for (const auto& one : page.items) ids.push_back(one.id);
        cursor = page.next_cursor;
    } while (cursor);
    EXPECT_THAT(ids, ElementsAre(conversation_.id, second.id));
    auto foreign = [&](db::Connection& connection) { return find(connection, "owl", conversation_.id); };
    EXPECT_EQ(database_->read_now(db::Scope::workspace("owl"), foreign).error().code, ErrorCode::not_found);
}

INSTANTIATE_TEST_SUITE_P(All, ChatStore, db::database_kinds(),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace ourvidz::chat
