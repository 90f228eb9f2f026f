// Every setting of `ourvidz`, once. The table in settings.cpp gives each its flag (--data-dir), its
// environment variable (OURVIDZ_DATA_DIR) and its key in the configuration file (data_dir), its limits and
// its help text.
//
// Precedence: flag, then environment, then configuration file, then default.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace ourvidz::config {

struct Address {
    std::string host = "127.0.0.1";  // a loopback name or number
    int port = 8787;                 // 0: any free one
};
[[nodiscard]] std::string to_string(const Address& address);

// One kind of worker of the node, as the operator wants it; the node scales it down to what the machine
// carries.
struct WorkerSettings {
    int count = 0;               // processes at once
    int memory_mb = 0;           // all of this kind together
    bool always_loaded = false;  // keep the model in memory while idle
    int threads = 0;             // per process; 0: the node decides
};

struct Settings {
    std::filesystem::path data_dir;
    Address listen;
    std::vector<std::filesystem::path> model_folders;  // searched before all others
    std::filesystem::path models_folder;               // the default set that comes with the program
    std::filesystem::path models_cache;
    std::filesystem::path catalog_folder;
    std::filesystem::path web_folder;
    std::filesystem::path migrations_folder;
    std::filesystem::path worker_folder;
    std::filesystem::path upscaler;  // srvgg-x4.onnx for the media worker; empty: enlarge without it
    std::string log_level;           // trace, debug, info, warn, error
    std::string model_source;        // web address below which `models pull` finds files; empty: none is set
    // Host names under which a proxy on this machine hands the studio on; without them it answers to its own.
    std::vector<std::string> public_hosts;
    std::string base_path;     // where that proxy has it, with a slash at both ends; "/" for the whole site
    std::string server_url;    // for `node` and `generate`: another machine's server; empty: this machine's
    std::string token;         // the bearer token for it; secret
    bool start_node = true;    // `serve` starts a node
    int memory_budget_mb = 0;  // for all workers; 0: see memory_budget_mb()
    bool accelerator = false;  // that budget is an accelerator's memory; it must then be given
    // Of each process that reads and writes pictures and clips: address space, more than it ever uses. With
    // less than the default, pictures near the limits of uploads are refused.
    int media_memory_mb = 0;
    // Of the bodies of all requests together, until they are answered: beyond it senders are told to come
    // back. Twice the largest upload at least.
    int request_memory_mb = 0;
    WorkerSettings image;
    WorkerSettings video;
    WorkerSettings chat;
    // For several servers; empty: the database in data_dir. Both or neither; see db::PostgresOptions. Secret.
    std::string database_url;
    std::string database_server_url;
    std::string redis_url;  // what several servers tell each other at once; empty: only one server. Secret.
    // For several servers; empty: a folder in data_dir. See files::S3Options.
    std::string s3_url;
    std::string s3_region;
    std::string s3_access_key;
    std::string s3_secret_key;  // secret
    bool s3_links = false;
    int lease_ms = 0;
    int attempts_max = 0;
    // Generations that may wait: in all, of one workspace, and of one kind in one workspace.
    int queue_max = 0;
    int queue_workspace_max = 0;
    int queue_kind_max = 0;
    int starting_credits = 0;  // that a new workspace is given
    int trash_days = 0;        // for which what was discarded can be brought back
};

struct SettingInfo {
    std::string name;  // snake_case, the key in the configuration file
    std::string help;
    bool secret = false;
    bool server_only = false;  // no child process is told

    [[nodiscard]] std::string flag() const;         // --data-dir
    [[nodiscard]] std::string environment() const;  // OURVIDZ_DATA_DIR
};
[[nodiscard]] std::vector<SettingInfo> all_settings();

// Where values may come from.
struct Sources {
    std::map<std::string, std::string> flags;  // by setting name, only those given
    std::function<std::optional<std::string>(const std::string&)> environment;
    std::vector<std::string> environment_names;  // of all variables that there are
    std::optional<std::filesystem::path>
        file;  // of --config; absent: OURVIDZ_CONFIG, then the usual place if it exists
    std::filesystem::path executable;
};
// Those of this process.
[[nodiscard]] Sources process_sources();

struct Loaded {
    Settings settings;
    std::map<std::string, std::string>
        origins;  // setting name -> "--data-dir", "OURVIDZ_DATA_DIR", the file, "default"
};

// Errors: invalid_field whose detail lists every fault, one a line, each with the place that it came from:
// values that are wrong alone or together, names that no setting has, a file that cannot be read, and
// environment variables whose names are those of a setting but for a slip.
[[nodiscard]] Result<Loaded> load(const Sources& sources);

// The value as text, the way that load() reads it; secrets as they are.
[[nodiscard]] std::string value_text(const Settings& settings, std::string_view name);

// NAME=VALUE lines that give a child process the same settings by environment; NAME=none for what only the
// server may know, so that a child that finds half of it in the file has none of it.
[[nodiscard]] std::vector<std::string> as_environment(const Settings& settings);

// All folders in which models are looked for, in order.
[[nodiscard]] std::vector<std::filesystem::path> model_places(const Settings& settings);

// The program of the given name ("diffusion_worker"): in worker_folder, or in its own folder beside it as the
// build tree has it. Where it would be, if it is nowhere.
[[nodiscard]] std::filesystem::path worker_path(const Settings& settings, std::string_view name);

}  // namespace ourvidz::config
