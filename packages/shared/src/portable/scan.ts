/** A pass over one series, in stretches. */
export interface Scan {
  /** Stretches begin at multiples of this. */
  readonly step: number;
  /** Values that a row may read, at most, where they are more than a few. */
  readonly valuesPerRow?: number;
  /** Computes the rows [from, to); stretches come in order. */
  run(from: number, to: number): void;
}
