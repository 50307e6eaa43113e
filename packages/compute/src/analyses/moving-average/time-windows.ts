/** Windows in time as rows. */

/**
 * For each row the first row of the window that ends with it: the rows later than `length` before it, as pandas'
 * `rolling('5d')`. `time` ascends, in the unit of `length`.
 */
export function windowBegins(time: BigInt64Array, length: number): Int32Array {
  const span = BigInt(length);
  const begins = new Int32Array(time.length);
  let from = 0;
  for (const [row, now] of time.entries()) {
    while (time[from]! <= now - span) from += 1;
    begins[row] = from;
  }
  return begins;
}
