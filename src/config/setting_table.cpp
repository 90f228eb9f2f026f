#include "config/setting_table.h"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace ourvidz::config {
namespace {

namespace fs = std::filesystem;

std::optional<int> whole_number(std::string_view text) {
    int value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

template <class Member>
Setting number(std::string name, std::string help, int min, int max, Member member) {
    return {
        {std::move(name), std::move(help), false, false},
        [=](Settings& settings, const std::string& text) -> std::string {
            const auto value = whole_number(text);
            if (!value || *value < min || *value > max) {
                return "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max);
            }
            member(settings) = *value;
            return "";
        },
        [=](const Settings& settings) { return std::to_string(member(const_cast<Settings&>(settings))); }};
}

template <class Member>
Setting boolean(std::string name, std::string help, Member member) {
    return {
        {std::move(name), std::move(help), false, false},
        [=](Settings& settings, const std::string& text) -> std::string {
            if (text != "true" && text != "false") return "must be true or false";
            member(settings) = text == "true";
            return "";
        },
        [=](const Settings& settings) { return member(const_cast<Settings&>(settings)) ? "true" : "false"; }};
}

Setting folder(std::string name, std::string help, fs::path Settings::*member) {
    return {{std::move(name), std::move(help), false, false},
            [=](Settings& settings, const std::string& text) -> std::string {
                if (text.empty()) return "must not be empty";
                settings.*member = fs::absolute(text).lexically_normal();
                return "";
            },
            [=](const Settings& settings) { return (settings.*member).string(); }};
}

std::string read_folders(Settings& settings, const std::string& text) {
    settings.model_folders.clear();
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const auto end = std::min(text.find(':', begin), text.size());
        if (end > begin)
            settings.model_folders.push_back(
                fs::absolute(text.substr(begin, end - begin)).lexically_normal());
        begin = end + 1;
    }
    return "";
}

std::string show_folders(const Settings& settings) {
    std::string text;
    for (const auto& path : settings.model_folders)
        text.append(text.empty() ? "" : ":").append(path.string());
    return text;
}

bool is_loopback(const std::string& host) {
    in_addr number{};
    if (inet_pton(AF_INET, host.c_str(), &number) == 1) return (ntohl(number.s_addr) >> 24U) == 127;
    return host == "localhost" || host == "::1";
}

std::string read_listen(Settings& settings, const std::string& text) {
    const auto colon = text.rfind(':');
    const auto port = colon == std::string::npos ? std::nullopt : whole_number(text.substr(colon + 1));
    if (!port || *port < 0 || *port > 65535) return "must be HOST:PORT such as 127.0.0.1:8787";
    std::string host = text.substr(0, colon);
    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (!is_loopback(host)) {
        return "must be an address of this machine alone (127.0.0.1, ::1 or localhost): there are no "
               "accounts yet, so "
               "whoever reaches the server owns everything on it";
    }
    settings.listen = Address{std::move(host), *port};
    return "";
}

constexpr std::string_view path_characters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/";
constexpr std::string_view host_characters = "abcdefghijklmnopqrstuvwxyz0123456789-.";

std::string read_hosts(Settings& settings, const std::string& text) {
    settings.public_hosts.clear();
    if (text == "none") return "";
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find(',', begin), text.size());
        const auto name = text.substr(begin, end - begin);
        if (name.empty() || name.find_first_not_of(host_characters) != std::string::npos)
            return "must be host names in lower case without ports, separated by commas, such as "
                   "studio.example";
        settings.public_hosts.push_back(name);
        begin = end + 1;
    }
    return "";
}

std::string show_hosts(const Settings& settings) {
    std::string text;
    for (const auto& host : settings.public_hosts) text.append(text.empty() ? "" : ",").append(host);
    return text;
}

std::string read_base_path(Settings& settings, const std::string& text) {
    const bool good = text.starts_with('/') && text.ends_with('/') && text.find("//") == std::string::npos &&
                      text.find("/.") == std::string::npos &&
                      text.find_first_not_of(path_characters) == std::string::npos;
    if (!good) return "must be a path with a slash at both ends, such as /studio/";
    settings.base_path = text;
    return "";
}

std::string read_upscaler(Settings& settings, const std::string& text) {
    settings.upscaler = text.empty() || text == "none" ? fs::path() : fs::absolute(text).lexically_normal();
    return "";
}

std::string read_log_level(Settings& settings, const std::string& text) {
    for (const auto* level : {"trace", "debug", "info", "warn", "error"}) {
        if (text == level) {
            settings.log_level = text;
            return "";
        }
    }
    return "must be trace, debug, info, warn or error";
}

// A text that is taken as it is; `wrong` answers what is the matter with it, empty if nothing.
Setting text_setting(SettingInfo info, std::string Settings::*member,
                     std::function<std::string(const std::string&)> wrong = nullptr) {
    return {std::move(info),
            [=](Settings& settings, const std::string& text) -> std::string {
                if (wrong && !text.empty() && text != no_value) {
                    if (auto what = wrong(text); !what.empty()) return what;
                }
                settings.*member = text == no_value ? "" : text;
                return "";
            },
            [=](const Settings& settings) { return settings.*member; }};
}

std::string wrong_database_url(const std::string& text) {
    const bool known = text.starts_with("postgresql://") || text.starts_with("postgres://");
    return known ? "" : "must be a URL such as postgresql://user@host/database";
}

std::string wrong_redis_url(const std::string& text) {
    return text.starts_with("redis://") ? "" : "must be a URL such as redis://:password@host:6379/0";
}

std::string wrong_s3_url(const std::string& text) {
    const auto host = text.starts_with("https://") ? 8U : text.starts_with("http://") ? 7U : 0U;
    const auto bucket = host == 0 ? std::string::npos : text.find('/', host);
    const bool good = bucket != std::string::npos && bucket > host && bucket + 1 < text.size() &&
                      text[bucket + 1] != '/' &&
                      text.find_first_not_of(path_characters, bucket) == std::string::npos;
    return good ? "" : "must be a URL such as https://host/bucket or https://host/bucket/folder";
}

// What several servers share. Child processes, which run the engines, are told none of it.
void add_shared_parts(std::vector<Setting>& table) {
    const auto info = [](std::string name, std::string help, bool secret) {
        return SettingInfo{std::move(name), std::move(help), secret, true};
    };
    table.push_back(
        text_setting(info("database_url",
                          "PostgreSQL for several servers, with the login that users' work runs under; "
                          "empty: the database in data_dir",
                          true),
                     &Settings::database_url, wrong_database_url));
    table.push_back(
        text_setting(info("database_server_url",
                          "The same database, with the login that owns it, for the server itself", true),
                     &Settings::database_server_url, wrong_database_url));
    table.push_back(text_setting(
        info("redis_url", "Redis, through which several servers wake each other; empty: only one server",
             true),
        &Settings::redis_url, wrong_redis_url));
    table.push_back(text_setting(
        info("s3_url", "Bucket for files, such as https://host/bucket/folder; empty: a folder in data_dir",
             false),
        &Settings::s3_url, wrong_s3_url));
    table.push_back(text_setting(info("s3_region", "Region of the bucket", false), &Settings::s3_region));
    table.push_back(
        text_setting(info("s3_access_key", "Access key for the bucket", false), &Settings::s3_access_key));
    table.push_back(
        text_setting(info("s3_secret_key", "Secret key for the bucket", true), &Settings::s3_secret_key));
    table.push_back(boolean("s3_links",
                            "Send downloads to the bucket by signed links; users must be able to reach it",
                            [](Settings& s) -> bool& { return s.s3_links; }));
}

std::string read_url(std::string& url, const std::string& text) {
    if (!text.empty() && !text.starts_with("http://") && !text.starts_with("https://")) {
        return "must start with http:// or https://";
    }
    url = text;
    while (url.ends_with('/')) url.pop_back();
    return "";
}

void add_workers(std::vector<Setting>& table, const std::string& kind, WorkerSettings Settings::*member) {
    table.push_back(number(kind + "_workers", "How many " + kind + " workers run at once; 0: by the cores", 0,
                           64, [=](Settings& s) -> int& { return (s.*member).count; }));
    table.push_back(number(kind + "_memory_mb", "Memory for all " + kind + " workers together", 0, 1 << 22,
                           [=](Settings& s) -> int& { return (s.*member).memory_mb; }));
    table.push_back(boolean(kind + "_always_loaded", "Keep the " + kind + " model in memory while idle",
                            [=](Settings& s) -> bool& { return (s.*member).always_loaded; }));
    table.push_back(number(kind + "_threads", "Threads of each " + kind + " worker; 0: the node decides", 0,
                           256, [=](Settings& s) -> int& { return (s.*member).threads; }));
}

// What a proxy before the studio changes for it.
void add_proxy_parts(std::vector<Setting>& table) {
    table.push_back(
        {{"public_hosts", "Host names under which a proxy here serves the studio, by commas", false, true},
         read_hosts,
         show_hosts});
    table.push_back(
        {{"base_path", "Path below which that proxy has the studio, such as /studio/", false, false},
         read_base_path,
         [](const Settings& s) { return s.base_path; }});
}

}  // namespace

std::vector<Setting> setting_table() {
    std::vector<Setting> table = {
        folder("data_dir", "Where everything that you make is kept", &Settings::data_dir),
        {{"listen", "HOST:PORT to listen on, this machine only; port 0: any free one", false, false},
         read_listen,
         [](const Settings& s) { return to_string(s.listen); }},
        {{"model_folders", "More folders with models, separated by ':', searched first", false, false},
         read_folders,
         show_folders},
        folder("models_folder", "The default models that come with the program", &Settings::models_folder),
        folder("models_cache", "Models that set-up scripts have fetched", &Settings::models_cache),
        folder("catalog_folder", "The model catalogue", &Settings::catalog_folder),
        folder("web_folder", "The built web app", &Settings::web_folder),
        folder("migrations_folder", "The database's migrations", &Settings::migrations_folder),
        folder("worker_folder", "The worker programs", &Settings::worker_folder),
        {{"upscaler", "The enlarging network (srvgg-x4.onnx); none: enlarge without it", false, false},
         read_upscaler,
         [](const Settings& s) { return s.upscaler.empty() ? std::string(no_value) : s.upscaler.string(); }},
        {{"log_level", "trace, debug, info, warn or error", false, false},
         read_log_level,
         [](const Settings& s) { return s.log_level; }},
        {{"server_url", "Another machine's server, for node and generate", false, false},
         [](Settings& s, const std::string& text) { return read_url(s.server_url, text); },
         [](const Settings& s) { return s.server_url; }},
        {{"model_source", "Web address below which `models pull` finds the files of the catalogue", false,
          false},
         [](Settings& s, const std::string& text) { return read_url(s.model_source, text); },
         [](const Settings& s) { return s.model_source; }},
        {{"token", "Bearer token that nodes show to the server; empty: serve makes one", true, false},
         [](Settings& s, const std::string& text) {
             s.token = text;
             return std::string();
         },
         [](const Settings& s) { return s.token; }},
        boolean("start_node", "serve starts a node on this machine",
                [](Settings& s) -> bool& { return s.start_node; }),
        number("memory_budget_mb", "Memory for all workers; 0: by what is free", 0, 1 << 24,
               [](Settings& s) -> int& { return s.memory_budget_mb; }),
    };
    table.push_back(boolean("accelerator",
                            "memory_budget_mb is an accelerator's memory, and engines run there",
                            [](Settings& s) -> bool& { return s.accelerator; }));
    table.push_back(number("media_memory_mb",
                           "Address space of each process that reads and writes pictures and clips", 1024,
                           65536, [](Settings& s) -> int& { return s.media_memory_mb; }));
    table.push_back(number("request_memory_mb",
                           "Memory for all that is being sent to the server at once, uploads above all", 64,
                           65536, [](Settings& s) -> int& { return s.request_memory_mb; }));
    add_proxy_parts(table);
    add_workers(table, "image", &Settings::image);
    add_workers(table, "video", &Settings::video);
    add_workers(table, "chat", &Settings::chat);
    add_shared_parts(table);
    table.push_back(number("lease_ms", "A silent node loses its jobs after so long", 1000, 600'000,
                           [](Settings& s) -> int& { return s.lease_ms; }));
    table.push_back(number("attempts_max", "How often a job is tried", 1, 20,
                           [](Settings& s) -> int& { return s.attempts_max; }));
    table.push_back(number("queue_max", "How many generations may wait", 1, 1'000'000,
                           [](Settings& s) -> int& { return s.queue_max; }));
    table.push_back(number("starting_credits", "Credits that a new workspace is given", 0, 2'000'000'000,
                           [](Settings& s) -> int& { return s.starting_credits; }));
    table.push_back(number("queue_workspace_max", "How many of one workspace's generations may wait", 1,
                           1'000'000, [](Settings& s) -> int& { return s.queue_workspace_max; }));
    table.push_back(number("trash_days", "Days for which what was discarded can be brought back", 1, 3650,
                           [](Settings& s) -> int& { return s.trash_days; }));
    table.push_back(number("queue_kind_max", "How many of one kind in one workspace may wait", 1, 1'000'000,
                           [](Settings& s) -> int& { return s.queue_kind_max; }));
    return table;
}

}  // namespace ourvidz::config
