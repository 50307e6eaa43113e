/** Ranks of values. */

/** The rank of each value, 1 the smallest; equal ones have the mean of their ranks. No value is missing. */
export function meanRanks(values: Float64Array): Float64Array<ArrayBuffer> {
  const order = Int32Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + 1 + to) / 2;
    from = to;
  }
  return ranks;
}
