/** Comparing numbers: first where they are not finite, then how far they are apart. */

export interface Comparison {
  /** Largest difference allowed at a place. */
  readonly tolerance: (place: number) => number;
  /** A place in words. */
  readonly place: (place: number) => string;
}

/** Throws at the first place that differs, with what came and what was expected. */
export function assertClose(got: ArrayLike<number>, expected: ArrayLike<number>, { tolerance, place }: Comparison): void {
  if (got.length !== expected.length) throw new Error(`got ${got.length} values, expected ${expected.length}`);
  for (let i = 0; i < expected.length; i++) {
    const came = got[i] ?? Number.NaN;
    const truth = expected[i] ?? Number.NaN;
    if (Number.isFinite(came) && Number.isFinite(truth)) {
      const difference = Math.abs(came - truth);
      if (difference <= tolerance(i)) continue;
      throw new Error(`${place(i)}: got ${came}, expected ${truth}; they differ by ${difference}, allowed is ${tolerance(i)}`);
    }
    if (!Object.is(came, truth)) throw new Error(`${place(i)}: got ${came}, expected ${truth}`);
  }
}

/** Throws at the first place whose bits differ; one NaN is as good as another. */
export function assertSameBits(got: ArrayLike<number>, expected: ArrayLike<number>, place: (place: number) => string): void {
  if (got.length !== expected.length) throw new Error(`got ${got.length} values, expected ${expected.length}`);
  for (let i = 0; i < expected.length; i++) {
    if (!Object.is(got[i], expected[i])) throw new Error(`${place(i)}: got ${got[i]}, expected the same bits as ${expected[i]}`);
  }
}
