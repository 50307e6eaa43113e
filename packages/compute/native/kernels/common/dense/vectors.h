// Inner loops of dense algebra on the host. Each is compiled for several instruction sets, of which the loader takes
// the best that the processor has. Sums have a fixed number of lanes and nothing is fused, so all give the same bits.
#pragma once

#include <cstdint>

namespace corrente::dense {

// Columns of a panel: a block of rows copied together, zero where the matrix has no such column, so that every row is
// a fixed number of vectors and the whole of it stays in the second cache.
inline constexpr int64_t kPanel = 64;

// A plane rotation of two rows: (x, y) becomes (c x - s y, s x + c y).
struct Rotation {
  double c, s;
};

double dot(const double* a, const double* b, int64_t n);

// row -= vi w + wi v, all of n values; then the dot product of the row with x.
double update_and_dot(double* row, double vi, double wi, const double* v, const double* w, const double* x, int64_t n);

// Rows [0, rows) of a panel, times I - tau v vᵀ from the left.
void reflect_panel(double* panel, const double* v, double tau, int64_t rows);

// Rotates neighbouring rows of a panel by one rotation after the other: the k-th turns x = row start + (k + 1) step and
// y = row start + k step; step is 1 or -1.
void rotate_panel(double* panel, const Rotation* rotations, int64_t count, int64_t start, int64_t step);

// out[i * stride + j] -= a_i · b_j over `n` values, for up to 4 rows of a and 4 of b; rows of a and b lie `length`
// apart. Rows beyond `rows` and `cols` are not read, and what belongs to them is not written.
void subtract_products(double* out, int64_t stride, const double* a, const double* b, int64_t length, int64_t n,
                       int64_t rows, int64_t cols);

}  // namespace corrente::dense
