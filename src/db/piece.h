// One piece of work as every driver runs it: what a piece may rely on is the same in all of them.
#pragma once

#include <string_view>
#include <vector>

#include "db/database.h"

namespace ourvidz::db {

// What a piece of work is handed: the driver's connection until the first error, and that error from then on.
class PieceConnection final : public Connection {
  public:
    explicit PieceConnection(Connection& driver) : driver_(driver) {}

    [[nodiscard]] Result<Rows> query(std::string_view sql, const std::vector<Value>& parameters) override;
    [[nodiscard]] Result<std::int64_t> execute(std::string_view sql,
                                               const std::vector<Value>& parameters) override;
    [[nodiscard]] Result<void> change(std::string_view sql, const std::vector<Value>& parameters) override;
    [[nodiscard]] Result<void> require_room() override;
    [[nodiscard]] const std::optional<Error>& failure() const { return failure_; }

  private:
    template <class T>
    Result<T> noted(Result<T> answer);

    Connection& driver_;
    std::optional<Error> failure_;
};

// Runs the work; its first failed statement is its outcome, whatever it answers. A piece must not throw; if
// it does, that is a bug which costs only its own transaction.
[[nodiscard]] Result<void> run_piece(const Database::Work& work, Connection& driver);

}  // namespace ourvidz::db
