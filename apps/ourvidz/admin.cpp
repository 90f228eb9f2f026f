#include "admin.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <optional>
#include <ranges>

#include "backup/backup.h"
#include "base/cursor.h"
#include "base/json.h"
#include "console.h"
#include "db/migrate.h"
#include "exit_status.h"
#include "http/client.h"
#include "http/url.h"
#include "server_link.h"
#include "studio.h"
#include "version.h"

namespace ourvidz::cli {
namespace {

constexpr int answer_ms_max = 30'000;
constexpr int pages_max = 5'000;  // of 200 jobs: more than a queue holds
constexpr std::size_t shown_max = 20;

// Only a studio that keeps everything in its data folder can be backed up as a whole from here.
Result<void> check_embedded(const config::Settings& settings) {
    if (settings.database_url.empty() && settings.s3_url.empty()) return {};
    return Error{
        ErrorCode::conflict,
        "This studio keeps its data in PostgreSQL or S3: back those up by their own means, as docs/backup.md "
        "says.",
        ""};
}

backup::Progress progress_line(ProgressLine& line, const std::string& verb) {
    return [&line, verb](std::uint64_t done, std::uint64_t all) {
        const auto fraction = all == 0 ? 0.0 : static_cast<double>(done) / static_cast<double>(all);
        line.show(verb + " " + size_text(done) + (all == 0 ? "" : " of " + size_text(all)), fraction);
    };
}

void print_paths(const std::string& what, const std::vector<std::string>& paths) {
    if (paths.empty()) return;
    std::fprintf(stderr, "ourvidz: %zu %s:\n", paths.size(), what.c_str());
    for (std::size_t i = 0; i < std::min(paths.size(), shown_max); ++i)
        std::fprintf(stderr, "  %s\n", printable(paths[i]).c_str());
    if (paths.size() > shown_max) std::fprintf(stderr, "  and %zu more\n", paths.size() - shown_max);
}

int print_summary(const std::string& what, const backup::Summary& summary) {
    std::printf("%s: %llu files, %s, made %s by OurVidz %s\n", what.c_str(),
                static_cast<unsigned long long>(summary.files), size_text(summary.bytes).c_str(),
                to_rfc3339(summary.made_at).c_str(), printable(summary.program).c_str());
    print_paths("files of this studio were missing before the backup", summary.missing);
    print_paths("files of this studio were damaged before the backup", summary.damaged);
    std::vector<std::string> lost;
    lost.reserve(summary.lost.size());
    for (const auto& one : summary.lost)
        lost.push_back(one.path + (one.belongs_to.empty() ? "" : " (" + one.belongs_to + ")"));
    print_paths("files of the backup are missing or not what they were", lost);
    return summary.missing.empty() && summary.damaged.empty() && lost.empty() ? exit_ok : exit_failed;
}

// The server of this data folder, with the operator's token.
Result<http::Client> reach_server(const config::Settings& settings) {
    const auto url = listening_server(settings);
    if (url.empty())
        return Error{ErrorCode::unavailable,
                     "No server runs for the data folder " + settings.data_dir.string() + ".", ""};
    std::string token;
    if (!(std::ifstream(settings.data_dir / operator_token_name) >> token))
        return Error{ErrorCode::unauthenticated,
                     "The operator's token cannot be read; run this as the user that the server runs as.",
                     ""};
    return http::Client(url, token);
}

using Jobs = std::vector<json::object>;

Result<Jobs> read_jobs(http::Client& client, const std::string& state) {
    Jobs jobs;
    std::string cursor;
    for (int page = 0; page < pages_max; ++page) {
        const auto path = "/api/v1/operator/jobs?limit=200&state=" + state +
                          (cursor.empty() ? "" : "&cursor=" + http::percent_encode(cursor));
        OURVIDZ_TRY(body, client.call("GET", path, nullptr, answer_ms_max));
        for (const auto& one : body.at("items").as_array()) jobs.push_back(one.as_object());
        if (body.at("next_cursor").is_null()) break;
        cursor = std::string(body.at("next_cursor").as_string());
    }
    return jobs;
}

std::string text_of(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

// Why a job is where it is: the last attempt's reason, in the engine's own words, or what its owner is told.
std::string reason_of(const json::object& job) {
    for (const auto& one : std::ranges::reverse_view(job.at("attempts").as_array())) {
        const auto detail = text_of(one.as_object(), "error_detail");
        if (!detail.empty()) return text_of(one.as_object(), "error_code") + ": " + detail;
    }
    const auto detail = text_of(job, "error_detail");
    return detail.empty() ? "" : text_of(job, "error_code") + ": " + detail;
}

void print_jobs(const Jobs& jobs, bool dead) {
    std::vector<std::vector<std::string>> rows = {
        {"JOB", "KIND", "STATE", "SINCE", "ATTEMPTS", "LAST NODE", "REASON"}};
    for (const auto& job : jobs) {
        const auto& attempts = job.at("attempts").as_array();
        const auto ended = text_of(job, "ended_at");
        rows.push_back({text_of(job, "id"), text_of(job, "kind"), text_of(job, "state"),
                        ended.empty() ? text_of(job, "created_at") : ended, std::to_string(attempts.size()),
                        attempts.empty() ? "" : text_of(attempts.back().as_object(), "node_id"),
                        reason_of(job)});
    }
    std::printf("%s", printable(table(rows)).c_str());
    if (dead && !jobs.empty()) std::printf("Try them again: ourvidz admin retry JOB..., or --all\n");
}

}  // namespace

int admin_backup(const config::Settings& settings, const AdminOptions& options) {
    if (const auto embedded = check_embedded(settings); !embedded) return report(embedded.error());
    ProgressLine line(options.quiet);
    backup::BackupOptions wanted;
    wanted.data_dir = settings.data_dir;
    wanted.target = options.folder;
    wanted.link = options.link;
    wanted.program = version;
    wanted.progress = progress_line(line, "backup:");
    const SystemClock clock;
    const auto summary = backup::make_backup(wanted, clock);
    line.clear();
    if (!summary) return report(summary.error());
    return print_summary("Backup " + options.folder, *summary);
}

int admin_verify(const AdminOptions& options) {
    ProgressLine line(options.quiet);
    const auto summary = backup::verify_backup(options.folder, progress_line(line, "verify:"));
    line.clear();
    if (!summary) return report(summary.error());
    return print_summary("Backup " + options.folder + (summary->lost.empty() ? " is whole" : " is damaged"),
                         *summary);
}

int admin_restore(const config::Settings& settings, const AdminOptions& options) {
    if (const auto embedded = check_embedded(settings); !embedded) return report(embedded.error());
    const auto newest = db::newest_migration(settings.migrations_folder, "sqlite");
    if (!newest) return report(newest.error());
    ProgressLine line(options.quiet);
    backup::RestoreOptions wanted;
    wanted.folder = options.folder;
    wanted.data_dir = settings.data_dir;
    wanted.newest_migration = *newest;
    wanted.without_damaged = options.without_damaged;
    wanted.progress = progress_line(line, "restore:");
    const auto summary = backup::restore(wanted);
    line.clear();
    if (!summary) return report(summary.error());
    return print_summary("Restored into " + settings.data_dir.string(), *summary);
}

int admin_jobs(const config::Settings& settings, const AdminOptions& options) {
    auto client = reach_server(settings);
    if (!client) return report(client.error());
    const auto jobs = read_jobs(*client, options.dead ? "dead" : "active");
    if (!jobs) return report(jobs.error());
    if (!options.json) {
        print_jobs(*jobs, options.dead);
        return exit_ok;
    }
    json::array list;
    for (const auto& job : *jobs) list.push_back(job);
    std::printf("%s\n", json::serialize(list).c_str());
    return exit_ok;
}

int admin_retry(const config::Settings& settings, const AdminOptions& options) {
    if (options.all == !options.job_ids.empty())
        return report(invalid_field("retry", "takes ids of jobs, or --all"));
    auto client = reach_server(settings);
    if (!client) return report(client.error());
    auto ids = options.job_ids;
    if (options.all) {
        const auto jobs = read_jobs(*client, "dead");
        if (!jobs) return report(jobs.error());
        // The oldest first, as they would have been.
        for (const auto& job : std::ranges::reverse_view(*jobs)) ids.push_back(text_of(job, "id"));
    }
    int status = exit_ok;
    for (const auto& id : ids) {
        const auto path = "/api/v1/operator/jobs/" + http::percent_encode(id) + "/retry";
        const auto answer = client->call("POST", path, nullptr, answer_ms_max);
        if (answer) {
            std::printf("%s: retried as %s\n", printable(id).c_str(),
                        text_of(answer->as_object(), "generation_id").c_str());
            continue;
        }
        std::fprintf(stderr, "%s: ", printable(id).c_str());
        status = report(answer.error());
        // More of them would meet the same.
        if (answer.error().code == ErrorCode::too_many_requests ||
            answer.error().code == ErrorCode::unavailable)
            return status;
    }
    if (options.all && ids.empty()) std::printf("No job waits to be retried.\n");
    return status;
}

}  // namespace ourvidz::cli
