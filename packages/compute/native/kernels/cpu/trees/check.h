// The requests that growing and reading trees refuse.
#pragma once

#include "../../ops.h"

namespace corrente {

// What of a request all ensembles on bins have in common; target values of the train and validation rows included.
Status check_grow(const char* operation, const Columns& table, const GrowRequest&);
// That each row is one of the table and that its target is a number, or a class.
Status check_targets(const char* operation, const char* rows_of, std::span<const int32_t> rows, const Columns& table, const GrowRequest&);
Status check_rows(const char* operation, const char* rows_of, std::span<const int32_t> rows, const Columns& table);
Status check_boosting(const Columns& table, const BoostingRequest&);
Status check_forest(const Columns& table, const ForestRequest&);
Status check_isolation(const Columns& table, const IsolationRequest&);
// The lists fit together, children stand after their parent within its tree, and features are of the table.
Status check_ensemble(const Columns& table, const TreeEnsemble&);

}  // namespace corrente
