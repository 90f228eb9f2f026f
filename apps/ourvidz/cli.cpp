#include "cli.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "admin.h"
#include "admin_audit.h"
#include "admin_files.h"
#include "config/examine.h"
#include "config/settings.h"
#include "console.h"
#include "doctor.h"
#include "exit_status.h"
#include "generate.h"
#include "models.h"
#include "node.h"
#include "prompts/seed.h"
#include "serve.h"
#include "version.h"

namespace ourvidz::cli {
namespace {

using config::Settings;

constexpr const char* settings_group = "Settings";
constexpr const char* settings_help =
    "\nSettings such as --data-dir and --server go with every command: ourvidz --help lists them.";
constexpr const char* settings_order =
    "A flag wins over the environment variable in brackets, that over the configuration file.\n";

// What the command line said, filled in by CLI11.
struct Words {
    std::map<std::string, std::string> flags;
    std::optional<std::string> config_file;
    GenerateOptions generate;
    FetchOptions fetch;
    AddOptions add;
    PullOptions pull;
    RemoveOptions remove;
    std::string default_kind;
    std::string default_name;
    std::string profile;
    std::vector<std::string> verify_names;
    AdminOptions admin;
    AdminFilesOptions files;
    bool json = false;
    bool check = false;
    std::function<int(const config::Loaded&)> command;
};

// What `serve` would refuse, without starting it.
int check_config(const config::Loaded& loaded) {
    const auto faults = config::examine(loaded.settings);
    for (const auto& one : faults) std::fprintf(stderr, "ourvidz: %s\n", one.c_str());
    if (!faults.empty()) return exit_usage;
    std::printf("The configuration is good.\n");
    return exit_ok;
}

int show_config(const config::Loaded& loaded) {
    std::vector<std::vector<std::string>> rows = {{"SETTING", "VALUE", "FROM"}};
    for (const auto& info : config::all_settings()) {
        auto value = config::value_text(loaded.settings, info.name);
        if (info.secret && !value.empty()) value = "********";
        rows.push_back({info.name, value, loaded.origins.at(info.name)});
    }
    std::printf("%s", printable(table(rows)).c_str());
    return exit_ok;
}

void add_settings(CLI::App& app, Words& words) {
    app.add_option("--config", words.config_file,
                   "Configuration file (TOML); otherwise $OURVIDZ_CONFIG, then "
                   "~/.config/ourvidz/config.toml")
        ->group(settings_group);
    for (const auto& info : config::all_settings()) {
        std::string names = info.flag();
        if (info.name == "server_url") names += ",--server";
        app.add_option_function<std::string>(
               names, [&words, name = info.name](const std::string& value) { words.flags[name] = value; },
               info.help + " [" + info.environment() + "]")
            ->group(settings_group);
    }
}

// A subcommand that also takes the settings' flags, before or after its name.
CLI::App* add_command(CLI::App& app, const std::string& name, const std::string& help, Words& words,
                      std::function<int(const config::Loaded&)> run) {
    auto* command = app.add_subcommand(name, help);
    command->fallthrough();
    command->callback([&words, run = std::move(run)] { words.command = run; });
    return command;
}

// A plain decimal number from `min` to `max` and nothing else: no sign in front of 0, no "nan", no "0x10",
// nothing that would be rounded or cut to fit.
template <class Number>
CLI::Validator within(Number min, Number max) {
    const auto limits = fmt::format("from {} to {}", min, max);
    return {[=](const std::string& text) {
                Number number{};
                const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
                const bool whole_text = failure == std::errc() && end == text.data() + text.size();
                const bool fits = whole_text && number >= min && number <= max;
                return fits ? std::string() : "must be " + limits + ", and \"" + text + "\" is not";
            },
            limits, ""};
}

void add_output(CLI::App& command, OutputOptions& options) {
    command.add_option("-o,--out", options.out,
                       "File to write; of a batch NAME-1, NAME-2 and so on; - writes to standard output");
    command.add_flag("-f,--force", options.force, "Write over files that exist");
    command.add_flag("--json", options.json, "Print the generation as JSON");
    command.add_flag("-q,--quiet", options.quiet, "Show no progress and no notes");
}

void add_generate(CLI::App& app, Words& words) {
    auto& options = words.generate;
    auto* command =
        add_command(app, "generate", "Make pictures, a clip or an answer and save it", words,
                    [&words](const config::Loaded& l) { return generate(l.settings, words.generate); });
    command->add_option(
        "prompt", options.prompt,
        "What to make; - reads it from standard input. Enlarging a picture (--source) needs none");
    command->add_option("-k,--kind", options.kind, "What it is: one of the kinds below")
        ->capture_default_str();
    command->add_option("--negative", options.negative_prompt, "What to leave out");
    command->add_option("--seed", options.seed, "The same seed makes the same picture")
        ->check(within(std::int64_t{0}, prompts::seed_max));
    command->add_option("--steps", options.steps, "Sampling steps")->check(within(1, 150));
    command->add_option("--guidance", options.guidance, "How closely to follow the prompt")
        ->check(within(0.0, 50.0));
    command->add_option("--sampler", options.sampler, "Sampling method");
    command->add_option("--size", options.size, "WIDTHxHEIGHT");
    command->add_option("--batch", options.batch, "How many pictures")->check(CLI::IsMember({"1", "3", "6"}));
    command->add_option("--source", options.source,
                        "Picture to start from: the id of one that was made here");
    command->add_option("--strength", options.strength, "How much the source may change, 0 to 1")
        ->check(within(0.0, 1.0));
    add_output(*command, options.output);
    command->footer("Kinds:\n" + kinds_help() + exit_statuses_help + settings_help);
    auto* fetch_command =
        add_command(app, "fetch", "Wait for what was asked for before and save it", words,
                    [&words](const config::Loaded& l) { return fetch(l.settings, words.fetch); });
    fetch_command->add_option("id", words.fetch.id, "Id of a generation (gen_...)")->required();
    add_output(*fetch_command, words.fetch.output);
    fetch_command->footer(std::string(exit_statuses_help) + settings_help);
}

void add_model_choices(CLI::App& models, Words& words) {
    auto* pull =
        add_command(models, "pull", "Fetch the files of a model; can be interrupted and repeated", words,
                    [&words](const config::Loaded& l) { return models_pull(l.settings, words.pull); });
    pull->add_option("name", words.pull.name, "A model of the catalogue")->required();
    pull->add_flag("--optional", words.pull.optional_too, "Also files that the model works without");
    pull->add_flag("--anyway", words.pull.anyway, "Also what does not fit into this machine's memory");
    pull->add_flag("-n,--only-plan", words.pull.only_plan, "Tell what would be fetched, and fetch nothing");
    pull->add_option("--silence-ms", words.pull.silence_ms, "Give up a connection that is silent for so long")
        ->check(within(100, 600'000))
        ->capture_default_str();
    pull->add_option("--attempts", words.pull.attempts_max,
                     "Give up after so many attempts without a new byte")
        ->check(within(1, 1000))
        ->capture_default_str();
    pull->add_flag("-q,--quiet", words.pull.quiet, "Show no progress");
    auto* remove =
        add_command(models, "remove", "Delete the files of a model from the data folder", words,
                    [&words](const config::Loaded& l) { return models_remove(l.settings, words.remove); });
    remove->add_option("name", words.remove.name, "A model of the catalogue")->required();
    remove->add_flag("--anyway", words.remove.anyway, "Also if nothing else serves what it serves");
    auto* chosen = add_command(models, "default", "Show or choose which model serves a kind", words,
                               [&words](const config::Loaded& l) {
                                   return models_default(l.settings, words.default_kind, words.default_name);
                               });
    chosen->add_option("kind", words.default_kind, "Job kind; without one, all are shown");
    chosen->add_option("name", words.default_name, "A model of the catalogue, or auto");
    add_command(models, "profile", "Show or choose the memory size that models are set up for", words,
                [&words](const config::Loaded& l) { return models_profile(l.settings, words.profile); })
        ->add_option("name", words.profile,
                     "48gb, 24gb, 12gb, 8gb, cpu or auto; without one, they are shown");
}

void add_models(CLI::App& app, Words& words) {
    auto* models = app.add_subcommand("models", "The model catalogue");
    models->require_subcommand(1);
    models->fallthrough();
    add_command(*models, "list", "What is installed and what it serves", words,
                [&words](const config::Loaded& l) { return models_list(l.settings, words.json); })
        ->add_flag("--json", words.json, "Print JSON");
    add_command(*models, "verify", "Compare hashes of installed files", words,
                [&words](const config::Loaded& l) { return models_verify(l.settings, words.verify_names); })
        ->add_option("names", words.verify_names, "Models; all installed ones if none is named");
    auto* add =
        add_command(*models, "add", "Recognise a model file by its contents and put it into place", words,
                    [&words](const config::Loaded& l) { return models_add(l.settings, words.add); });
    add->add_option("file", words.add.file, "A .safetensors or .gguf file")->required();
    add->add_option("--as", words.add.as, "The model it belongs to, where its contents fit several");
    add->add_flag("-q,--quiet", words.add.quiet, "Show no progress");
    add_model_choices(*models, words);
}

void add_files(CLI::App& admin, Words& words) {
    auto& options = words.files;
    add_command(
        admin, "adopt",
        "Make a database and files one studio that do not know each other; without --yes it says what "
        "fits. The server must be stopped",
        words, [&options](const config::Loaded& l) { return admin_adopt(l.settings, options); })
        ->add_flag("--yes", options.yes, "Do it");
    add_command(
        admin, "sweep",
        "Move files that belong to nothing into the trash, however many; without --yes it counts them. "
        "The server must be stopped",
        words, [&options](const config::Loaded& l) { return admin_sweep(l.settings, options); })
        ->add_flag("--yes", options.yes, "Do it");
    add_command(admin, "trash", "What lies in the trash of files, and until when", words,
                [&options](const config::Loaded& l) { return admin_trash(l.settings, options); })
        ->add_option("--save", options.folder, "Copy all of it into this folder");
}

void add_admin(CLI::App& app, Words& words) {
    auto* admin = app.add_subcommand("admin", "Backups, jobs that went wrong, the audit, files");
    admin->require_subcommand(1);
    admin->fallthrough();
    auto& options = words.admin;
    auto* backup =
        add_command(*admin, "backup", "Copy the studio into a new folder, while it runs or not", words,
                    [&options](const config::Loaded& l) { return admin_backup(l.settings, options); });
    backup->add_option("folder", options.folder, "Not there yet, and outside the data folder")->required();
    backup->add_flag("--link", options.link,
                     "Hard links instead of copies of files, where the disk is the same");
    backup->add_flag("-q,--quiet", options.quiet, "Show no progress");
    auto* verify = add_command(*admin, "verify", "Read all of a backup and compare it", words,
                               [&options](const config::Loaded&) { return admin_verify(options); });
    verify->add_option("folder", options.folder, "A backup")->required();
    verify->add_flag("-q,--quiet", options.quiet, "Show no progress");
    auto* restore =
        add_command(*admin, "restore", "Put a backup into an empty data folder", words,
                    [&options](const config::Loaded& l) { return admin_restore(l.settings, options); });
    restore->add_option("folder", options.folder, "A backup")->required();
    restore->add_flag("--without-damaged", options.without_damaged,
                      "Leave out pictures and clips that are damaged in the backup, and list them");
    restore->add_flag("-q,--quiet", options.quiet, "Show no progress");
    auto* jobs = add_command(*admin, "jobs", "Jobs that wait or run, with their attempts", words,
                             [&options](const config::Loaded& l) { return admin_jobs(l.settings, options); });
    jobs->add_flag("--dead", options.dead, "Jobs that failed for good, with their reasons");
    jobs->add_flag("--json", options.json, "Print JSON");
    auto* retry =
        add_command(*admin, "retry", "Try jobs again that failed for good", words,
                    [&options](const config::Loaded& l) { return admin_retry(l.settings, options); });
    retry->add_option("ids", options.job_ids, "Jobs, as `ourvidz admin jobs --dead` lists them");
    retry->add_flag("--all", options.all, "All that are listed there");
    add_command(*admin, "audit",
                "Prove that the ledger and the queue's counts are right; the embedded studio must be stopped",
                words, [](const config::Loaded& l) { return admin_audit(l.settings); });
    add_files(*admin, words);
}

// The settings as the program's own help lists them, for commands that are about little else.
void list_settings(const CLI::App& app, CLI::App& command) {
    const auto options =
        app.get_options([](const CLI::Option* option) { return option->get_group() == settings_group; });
    command.footer([options] {
        return CLI::Formatter().make_group(settings_group, false, options) + "\n" + settings_order +
               exit_statuses_help;
    });
}

void add_commands(CLI::App& app, Words& words) {
    auto* server = add_command(
        app, "serve", "Run the studio: API, web app, queue and node", words,
        [](const config::Loaded& l) { return serve(l.settings, config::process_sources().executable); });
    list_settings(app, *server);
    auto* node = add_command(app, "node", "Run jobs for a server with this machine's workers", words,
                             [](const config::Loaded& l) { return run_node(l.settings); });
    list_settings(app, *node);
    add_generate(app, words);
    add_models(app, words);
    add_admin(app, words);
    add_command(app, "doctor", "Examine this machine and installation", words,
                [&words](const config::Loaded& l) { return doctor(l.settings, words.json); })
        ->add_flag("--json", words.json, "Print JSON");
    add_command(app, "routes", "Print the API's routes, for checks against its description", words,
                [](const config::Loaded& l) { return print_routes(l.settings); })
        ->group("");
    add_command(app, "config", "Show the settings and where each comes from", words,
                [&words](const config::Loaded& l) { return words.check ? check_config(l) : show_config(l); })
        ->add_flag("--check", words.check, "Only say what is wrong with them, all at once");
}

int run_command(const Words& words) {
    auto sources = config::process_sources();
    sources.flags = words.flags;
    if (words.config_file) sources.file = *words.config_file;
    const auto loaded = config::load(sources);
    if (!loaded) {
        std::fprintf(stderr, "ourvidz: %s\n", loaded.error().detail.c_str());
        return exit_usage;
    }
    return words.command(*loaded);
}

int parse_and_run(int argc, char** argv) {
    Words words;
    CLI::App app{"OurVidz, a studio for pictures, clips and stories on your own machine", "ourvidz"};
    app.require_subcommand(1);
    app.set_version_flag("--version", "ourvidz " + std::string(version));
    app.footer(std::string(settings_order) + exit_statuses_help);
    add_settings(app, words);
    add_commands(app, words);
    auto* version_command = app.add_subcommand("version", "Print the version");
    try {
        app.parse(argc, argv);
    } catch (const CLI::Success& success) {
        return app.exit(success);  // help or version was asked for
    } catch (const CLI::RequiredError& error) {
        // The library says only that a command is missing, also where a word is there that is none.
        const auto left = app.remaining();
        if (left.empty()) {
            app.exit(error);
        } else {
            std::fprintf(stderr, "ourvidz: \"%s\" is no command; see: ourvidz --help\n",
                         printable(left.front()).c_str());
        }
        return exit_usage;
    } catch (const CLI::ParseError& error) {
        app.exit(error);
        return exit_usage;
    }
    if (version_command->parsed()) {
        std::printf("ourvidz %s\n", std::string(version).c_str());
        return exit_ok;
    }
    return run_command(words);
}

}  // namespace

int run(int argc, char** argv) {
    try {
        return parse_and_run(argc, argv);
    } catch (const std::exception& failure) {
        std::fprintf(stderr, "ourvidz: an error that should not happen: %s\n", failure.what());
        return exit_failed;
    }
}

}  // namespace ourvidz::cli
