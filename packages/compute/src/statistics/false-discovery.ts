/** The control of false discoveries among many tests. */

/**
 * The q-value that belongs to each p-value among these tests, by Benjamini and Hochberg (1995, J. R. Stat. Soc. B 57,
 * 289): the smallest false discovery rate at which the test is still called significant, q of rank i = min over j ≥ i
 * of p of rank j · m / j. Tests whose p is NaN do not count towards m and have no q. Equal p have equal q.
 *
 * The answer is a function from the p of one of the tests to its q: what is needed of many millions can then be
 * looked up piece by piece.
 */
export function benjaminiHochberg(p: Float64Array): (p: number) => number {
  return stepUp(p, () => 1);
}

/**
 * The same by Benjamini and Yekutieli (2001, Ann. Stat. 29, 1165), which holds whatever the dependence of the tests:
 * q of Benjamini and Hochberg times 1 + 1/2 + … + 1/m, at most 1.
 */
export function benjaminiYekutieli(p: Float64Array): (p: number) => number {
  return stepUp(p, harmonicNumber);
}

/** 1 + 1/2 + … + 1/m. */
export function harmonicNumber(m: number): number {
  let sum = 0;
  for (let i = m; i >= 1; i -= 1) sum += 1 / i;
  return sum;
}

function stepUp(p: Float64Array, constant: (tests: number) => number): (p: number) => number {
  const sorted = p.filter((value) => !Number.isNaN(value)).sort();
  const m = sorted.length;
  const factor = m * constant(m);
  const q = new Float64Array(m);
  let smallest = 1;
  for (let i = m - 1; i >= 0; i--) {
    smallest = Math.min(smallest, ((sorted[i] ?? Number.NaN) * factor) / (i + 1));
    q[i] = smallest;
  }
  return (value) => (Number.isNaN(value) ? Number.NaN : (q[rankOf(sorted, value)] ?? Number.NaN));
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
