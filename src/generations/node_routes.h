// The server's side of a node: leases and inputs out, progress, files and results in.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "assets/file_answers.h"
#include "files/file_store.h"
#include "generations/file_names.h"
#include "generations/generations_jobs.h"
#include "generations/live_board.h"
#include "generations/machine_share.h"
#include "generations/metrics.h"
#include "generations/models_now.h"
#include "generations/node_board.h"
#include "generations/node_messages.h"
#include "generations/notices.h"
#include "identity/door.h"
#include "queue/announcements.h"
#include "queue/queue.h"

namespace ourvidz::generations {

class NodeApi {
  public:
    struct Parts {
        db::Database& database;
        files::FileStore& files;
        assets::FileAnswers& file_answers;
        const ModelsNow& models;
        const FileNames& file_names;
        const safety::Gate& gate;
        queue::Announcements& announcements;
        LiveBoard& live;
        NodeBoard& nodes;
        Notices& notices;
        Metrics& metrics;
        const Clock& clock;
        MachineShare* share = nullptr;  // null: there is only this server
    };
    NodeApi(Parts parts, queue::Policy policy);
    ~NodeApi();
    [[nodiscard]] identity::Routes routes();

    // Sets back every attempt whose lease has run out. Call it every second or so.
    http::asio::awaitable<void> sweep_leases();
    // Polls that wait are answered, and later ones do not wait: for a server that stops, which would
    // otherwise wait for those of nodes that have gone.
    void stop_waiting();
    // Called with the node's id whenever one reports; on the I/O thread.
    void on_report(std::function<void(std::string_view)> told) { reported_ = std::move(told); }

  private:
    struct Poll;
    struct News;
    using Answer = identity::Answer;
    Answer poll(identity::Call call);
    Answer progress(identity::Call call);
    Answer preview(identity::Call call);
    Answer input(identity::Call call);
    Answer file(identity::Call call);
    Answer output(identity::Call call);
    Answer finish(identity::Call call);

    [[nodiscard]] Result<News> exchange(db::Connection& connection, const Poll& poll) const;
    [[nodiscard]] Result<void> claim_for(db::Connection& connection, const Poll& poll,
                                         const PollMessage::Want& want, News& news) const;
    [[nodiscard]] std::chrono::milliseconds longest_wait(const News& news,
                                                         std::chrono::steady_clock::duration left) const;
    void note_node(Poll& poll);
    [[nodiscard]] bool has_fallen_silent(std::string_view place_id) const;
    http::asio::awaitable<json::object> lease_json(const queue::Claim& claim, const Generation& generation);
    http::asio::awaitable<Result<queue::LiveAttempt>> live_attempt(const identity::Call& call,
                                                                   std::int64_t fence);
    http::asio::awaitable<Result<assets::Asset>> asset_of(std::string workspace_id, std::string id);
    http::asio::awaitable<Result<void>> identify(std::string attempt_id, OutputMessage& message);
    void tell(const std::vector<queue::LiveAttempt>& moved);

    Parts parts_;
    queue::Policy policy_;
    const db::Scope server_ = db::Scope::server();  // nodes work for everybody
    std::map<std::string, std::uint64_t> turns_;    // of each node's polls, the newest
    bool stopping_ = false;
    struct Threads;
    std::function<void(std::string_view)> reported_ = [](std::string_view) {};
    const UnixMs started_at_;
    std::unique_ptr<Threads> threads_;  // for making files durable, so that the I/O thread never waits
};

}  // namespace ourvidz::generations
