// How the operations of every engine say what went wrong.
#pragma once

#include <exception>
#include <new>
#include <span>
#include <string>

#include "../ops.h"

namespace corrente {

inline Status invalid(std::string message) { return {Code::invalid, std::move(message)}; }
inline Status cancelled(const char* operation) { return {Code::cancelled, std::string(operation) + ": cancelled"}; }

inline Status unsupported(std::string message) { return {Code::unsupported, std::move(message)}; }

inline Status out_of_memory(const char* operation) {
  return {Code::out_of_memory, std::string(operation) + ": the system has no memory left for it"};
}

// Runs the body of an operation; what it throws becomes a status, because nothing may end the process.
template <class Body>
Status guarded(const char* operation, Body&& body) {
  try {
    return body();
  } catch (const std::bad_alloc&) {
    return out_of_memory(operation);
  } catch (const std::exception& error) {
    return invalid(std::string(operation) + ": " + error.what());
  }
}

// The arguments that every engine refuses, in the same words.
Status check_columns(const char* operation, const Columns&);
Status check_tile(const Columns&, const Rectangle&);
Status check_rolling(const Columns&, std::span<const RollingRequest>);
Status check_information(const Columns& target, const Columns& condition, const NeighbourRule&);
Status check_source(const Columns& source, int64_t points);
// Shapes, and that orderings name points.
Status check_requests(std::span<const InformationRequest>, int64_t points);

}  // namespace corrente
