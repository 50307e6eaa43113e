/** The control of false discoveries among many tests. */

/**
 * q-values of Benjamini and Hochberg (1995, J. R. Stat. Soc. B 57, 289): the smallest false discovery rate at which a
 * test is still called significant, q of rank i = min over j ≥ i of p of rank j · m / j. Tests whose p is NaN do not
 * count towards m and have no q. Equal p have equal q.
 */
export function benjaminiHochberg(p: Float64Array): Float64Array<ArrayBuffer> {
  const sorted = p.filter((value) => !Number.isNaN(value)).sort();
  const m = sorted.length;
  // From the largest p down: the smallest p · m / rank seen so far.
  const qOf = new Float64Array(m);
  let smallest = 1;
  for (let i = m - 1; i >= 0; i--) {
    const value = sorted[i] ?? Number.NaN;
    smallest = Math.min(smallest, (value * m) / (i + 1));
    qOf[i] = smallest;
  }
  const q = new Float64Array(p.length);
  for (let i = 0; i < p.length; i++) {
    const value = p[i] ?? Number.NaN;
    q[i] = Number.isNaN(value) ? Number.NaN : (qOf[rankOf(sorted, value)] ?? Number.NaN);
  }
  return q;
}

/** The last place of a value that is there. */
function rankOf(sorted: Float64Array, value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
