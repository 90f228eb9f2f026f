// How a node names a file that it has handed over: with what the server measured of it, sealed for the one
// attempt under which it came. So nothing of it is written down until an output names it, and no node can
// name a file of another attempt, or say another size or hash than was measured.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "files/file_store.h"

namespace ourvidz::generations {

class FileNames {
  public:
    // Known to all servers of the store, and to no node.
    explicit FileNames(std::string secret) : secret_(std::move(secret)) {}

    // key.bytes.sha256.seal: at most 200 ASCII characters.
    [[nodiscard]] std::string name_of(const files::StoredFile& file, std::string_view attempt_id) const;
    // Errors: invalid_field for what name_of() did not answer for this attempt.
    [[nodiscard]] Result<files::StoredFile> read(std::string_view name, std::string_view attempt_id) const;

  private:
    [[nodiscard]] std::string seal(std::string_view measured, std::string_view attempt_id) const;

    std::string secret_;
};

}  // namespace ourvidz::generations
