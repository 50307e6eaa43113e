/** A mean that moves: kept in two parts, so that a level far above the spread costs no digits. */
export class TwoPartMean {
  #high = 0;
  #low = 0;

  start(value: number): void {
    this.#high = value;
    this.#low = 0;
  }

  /** The distance of a value from the mean. */
  to(value: number): number {
    return value - this.#high - this.#low;
  }

  /** Adds without losing what is rounded off (Knuth's sum of two). */
  move(by: number): void {
    const added = by + this.#low;
    const sum = this.#high + added;
    const part = sum - this.#high;
    this.#low = this.#high - (sum - part) + (added - part);
    this.#high = sum;
  }
}
