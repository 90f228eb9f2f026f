// What goes to and comes from PostgreSQL, in libpq's terms.
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "db/database.h"

namespace ourvidz::db {

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using PostgresResult = std::unique_ptr<PGresult, ClearResult>;

// Parameters of one statement. Types are declared, so that PostgreSQL does not have to guess them; a null
// takes the type of where it stands. `values` must outlive it.
class PostgresParameters {
  public:
    explicit PostgresParameters(const std::vector<Value>& values);

    [[nodiscard]] int count() const { return static_cast<int>(pointers_.size()); }
    [[nodiscard]] const Oid* types() const { return types_.data(); }
    [[nodiscard]] const char* const* texts() const { return pointers_.data(); }
    // One letter for each type: the same SQL with other types is another prepared statement.
    [[nodiscard]] const std::string& signature() const { return signature_; }

  private:
    std::vector<Oid> types_;
    std::vector<std::string> numbers_;
    std::vector<const char*> pointers_;
    std::string signature_;
};

[[nodiscard]] Rows rows_from(const PGresult& result);
[[nodiscard]] std::int64_t rows_changed(PGresult& result);

// The error of a statement that failed, and what can be done about it.
struct PostgresFailure {
    Error error;
    // Another transaction was in the way: running the piece again may go well.
    bool collided = false;
    // The session is of no more use.
    bool session_over = false;
};
[[nodiscard]] PostgresFailure failure_from(const PGresult& result, std::string_view sql);

}  // namespace ourvidz::db
