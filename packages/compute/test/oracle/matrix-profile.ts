/** The matrix profile, plainly: every window with every other, each z-normalised by itself. */

/** Windows as z-scores; all 0 where constant, null where a value is missing. */
function normalised(x: Float64Array, window: number): Array<readonly number[] | null> {
  return Array.from({ length: x.length - window + 1 }, (_, i) => {
    const values = [...x.subarray(i, i + window)];
    if (values.some((value) => Number.isNaN(value))) return null;
    if (values.every((value) => value === values[0])) return values.map(() => 0);
    // About the first value, so that a large level costs no digits.
    const about = values.map((value) => value - (values[0] ?? 0));
    const mean = about.reduce((sum, value) => sum + value, 0) / window;
    const deviation = Math.sqrt(about.reduce((sum, value) => sum + (value - mean) ** 2, 0) / window);
    return about.map((value) => (value - mean) / deviation);
  });
}

/** Distances of all windows from one another [windows × windows]; infinite where they are no neighbours. */
export function windowDistances(x: Float64Array, window: number, exclusion: number): number[][] {
  const all = normalised(x, window);
  return all.map((a, i) =>
    all.map((b, j) => {
      if (a === null || b === null || Math.abs(i - j) <= exclusion) return Number.POSITIVE_INFINITY;
      return Math.sqrt(a.reduce((sum, value, k) => sum + (value - (b[k] ?? Number.NaN)) ** 2, 0));
    }),
  );
}
