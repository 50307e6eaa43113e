// Scales that make whole numbers of what is summed, so that sums are exact in any order.
#pragma once

#include <algorithm>
#include <cmath>

namespace corrente {

// A power of two that brings a sum of magnitudes to at most 2^51: with what rounding adds, sums stay below 2^53 for up
// to 2^52 values, and lose of each value at most the 2^-51th part of the sum.
inline double fixed_point_scale(double sum_of_magnitudes) {
  if (!(sum_of_magnitudes > 0)) return 1;
  int exponent = 0;
  std::frexp(sum_of_magnitudes, &exponent);
  return std::ldexp(1, std::clamp(51 - exponent, -1000, 1000));
}

}  // namespace corrente
