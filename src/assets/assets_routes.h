// HTTP in and out of assets.
#pragma once

#include <functional>
#include <string>

#include "assets/assets.h"
#include "assets/file_answers.h"
#include "events/hub.h"
#include "files/file_store.h"
#include "http/limited_pool.h"
#include "studio/module.h"

namespace ourvidz::assets {

// An uploaded picture, decoded and encoded again in the sandbox.
struct DecodedUpload {
    int width = 0;
    int height = 0;
    std::string png;
    std::string thumbnail;  // WebP
};
// So many uploads are decoded at once. What says that it is large has lanes of its own, few of them, so that
// however many of those wait, small ones come at once and the processors are not all taken.
constexpr int small_upload_lanes = 3;
constexpr int large_upload_lanes = 2;
constexpr int upload_lanes = small_upload_lanes + large_upload_lanes;
// Blocking; called on one of upload_lanes threads. Errors: invalid_field, too_large, unavailable.
using DecodeUpload = std::function<Result<DecodedUpload>(const std::string& bytes)>;

class AssetsApi {
  public:
    AssetsApi(files::FileStore& files, FileAnswers& answers, events::Hub& hub, const Clock& clock,
              DecodeUpload decode);
    ~AssetsApi();
    [[nodiscard]] studio::Module module();

  private:
    identity::Answer list(identity::Call call);
    identity::Answer get(identity::Call call);
    identity::Answer content(identity::Call call);
    identity::Answer move_to(identity::Call call, State state);
    identity::Answer upload(identity::Call call);
    [[nodiscard]] Result<Asset> stored_upload(const std::string& workspace_id,
                                              const std::string& bytes) const;

    files::FileStore& files_;
    FileAnswers& answers_;
    events::Hub& hub_;
    const Clock& clock_;
    DecodeUpload decode_;
    // For decoding, so that the I/O thread never waits.
    std::unique_ptr<http::LimitedPool> small_uploads_;
    std::unique_ptr<http::LimitedPool> large_uploads_;
};

}  // namespace ourvidz::assets
