/** A pass over one series, in stretches. */
export interface Scan {
  /** Stretches begin at multiples of this. */
  readonly step: number;
  /** Computes the rows [from, to); stretches come in order. */
  run(from: number, to: number): void;
}
