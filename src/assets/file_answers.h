// A file of an asset as the answer to a request, from wherever the store keeps it.
#pragma once

#include <memory>
#include <string>

#include "assets/assets.h"
#include "files/file_store.h"
#include "http/range.h"
#include "http/server.h"

namespace ourvidz::assets {

// On the I/O thread. What it answers with keeps pointing to it, so it outlives the server's connections.
class FileAnswers {
  public:
    explicit FileAnswers(files::FileStore& files);
    ~FileAnswers();
    FileAnswers(const FileAnswers&) = delete;
    FileAnswers& operator=(const FileAnswers&) = delete;

    // To GET and HEAD, with ranges and validators.
    [[nodiscard]] Result<http::Response> answer(const http::Request& request, const AssetFile& file);
    // The same with this Content-Disposition: where the store gives links, by a link to it. What a page shows
    // or a node asks for must not be a link: the web app's content security policy forbids it.
    [[nodiscard]] Result<http::Response> download(const http::Request& request, const AssetFile& file,
                                                  const std::string& disposition);

  private:
    [[nodiscard]] http::Response stored_elsewhere(const http::Request& request, const AssetFile& file,
                                                  const std::string& etag);
    [[nodiscard]] http::asio::awaitable<void> send_part(http::Stream& stream, std::string key,
                                                        http::ByteRange part);

    files::FileStore& files_;
    struct Readers;
    std::unique_ptr<Readers> readers_;  // for files that are not on this machine
};

}  // namespace ourvidz::assets
