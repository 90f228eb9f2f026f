// The built web app: a folder of files that does not change while the server runs.
#pragma once

#include <filesystem>
#include <string>

#include "base/result.h"
#include "http/server.h"

namespace ourvidz::http {

struct StaticOptions {
    // Where a proxy has the site, with a slash at both ends. Pages and styles name their files from the root;
    // what they name is moved below this path as they are served.
    std::string base_path = "/";
    // For HTML pages, and for scripts: a service worker lives under the policy with which its script came.
    std::string content_security_policy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: "
        "blob:; "
        "media-src 'self' blob:; font-src 'self'; connect-src 'self'; worker-src 'self' blob:; object-src "
        "'none'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
};

// A handler for GET "/*". The folder is listed once, here, and nothing else is ever served, so no path can
// lead outside; symbolic links are left out. Files under assets/ have a hash in their name and may be kept by
// readers for ever. x.br and x.gz are sent for x to those that take them. A path without a file gives
// index.html, for the app to route, unless it is under /api/ or its last part has a dot. Fails with not_found
// if there is no index.html.
[[nodiscard]] Result<Handler> static_files(const std::filesystem::path& folder, StaticOptions options = {});

// By the file's extension; application/octet-stream if it is not known.
[[nodiscard]] std::string_view content_type_of(const std::filesystem::path& path);

}  // namespace ourvidz::http
