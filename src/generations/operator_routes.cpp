#include "generations/operator_routes.h"

#include "http/page.h"
#include "http/problem.h"
#include "http/query.h"

namespace ourvidz::generations {
identity::Routes OperatorApi::routes() {
    constexpr auto operate = identity::Permission::operate;
    const std::string jobs = "/api/v1/operator/jobs";
    return {
        {"GET", jobs, operate, {}, this, &OperatorApi::jobs},
        {"POST", jobs + "/{id}/retry", operate, {}, this, &OperatorApi::retry_one},
    };
}

OperatorApi::Answer OperatorApi::jobs(identity::Call call) {
    auto asked = http::page_asked(call.request);
    if (!asked.ok()) co_return asked.error();
    const auto state = http::query_choice(call.request, "state", {"dead", "active"});
    if (!state.ok()) co_return state.error();
    auto read = [wanted = *state == "active" ? SeenJobState::active : SeenJobState::dead,
                 asked = *asked](db::Connection& connection) {
        return see_jobs(connection, wanted, asked.cursor, asked.limit);
    };
    auto page = co_await call.caller.read(std::move(read));
    if (!page.ok()) co_return page.error();
    co_return http::json_response(200, http::page_json(std::move(*page)));
}

// As if it were asked for today: by the models, limits and rules that hold now. The seed is the failed one's,
// so that nothing is drawn by lot again.
Result<OperatorApi::Again> OperatorApi::again(const Generation& failed) const {
    NewGeneration wanted{failed.kind, failed.settings, failed.batch, failed.messages};
    OURVIDZ_TRY(prepared, parts_.preparer.prepare(std::move(wanted)));
    auto submission = prepared.submission(failed.workspace_id, parts_.limits);
    return Again{std::move(prepared.request), std::move(submission)};
}

OperatorApi::Answer OperatorApi::retry_one(identity::Call call) {
    const std::string id(call.request.parameter("id"));
    auto read = [id](db::Connection& connection) { return generation_of_job(connection, id); };
    const auto failed = co_await call.caller.read(std::move(read));
    if (!failed.ok()) co_return failed.error();
    auto reading = [this, failed = *failed] { return again(failed); };
    auto asked = co_await parts_.readers.run(std::move(reading));
    if (!asked.ok()) co_return asked.error();
    auto work = [this, id, asked = std::move(*asked)](db::Connection& connection) {
        return retry(connection, id, asked.request, asked.submission, parts_.clock);
    };
    const auto scope = db::Scope::workspace(failed->workspace_id);
    const auto accepted = co_await parts_.database.write(scope, std::move(work));
    if (!accepted.ok()) co_return accepted.error();
    parts_.metrics.accepted(accepted->generation.kind);
    parts_.notices.wake_nodes();
    parts_.notices.changed(failed->workspace_id);
    co_return http::json_response(202,
                                  json::object{{"job_id", id}, {"generation_id", accepted->generation.id}});
}

}  // namespace ourvidz::generations
