/** The common time axis: the union of the times of several series, each of which comes in ascending order. */

/** Times held back until they are worth a merge into the axis. */
const pendingAtLeast = 4096;

/**
 * Series mostly share their times, so each time is looked for at the place after the one before, and only those that
 * are not there are kept, then sorted in together.
 */
export class AxisBuilder {
  private axis = new Float64Array(0);
  private pending = new Float64Array(pendingAtLeast);
  private pendingCount = 0;
  /** Where the next time of this series is looked for first. */
  private position = 0;
  private last = Number.NaN;

  /** Call at the beginning of each series. */
  startSeries(): void {
    this.position = 0;
    this.last = Number.NaN;
  }

  add(time: number): void {
    if (time === this.last) return;
    this.last = time;
    const { axis } = this;
    let at = this.position;
    if (axis[at] !== time) at = seek(axis, time, at);
    if (axis[at] === time) {
      this.position = at + 1;
      return;
    }
    this.position = at;
    this.pending[this.pendingCount++] = time;
    if (this.pendingCount === this.pending.length) this.makeRoom();
  }

  finish(): Float64Array {
    this.merge();
    return this.axis;
  }

  private makeRoom(): void {
    if (this.pendingCount >= Math.max(pendingAtLeast, this.axis.length / 4)) {
      this.merge();
      this.position = seek(this.axis, this.last, 0) + 1;
    }
    if (this.pendingCount === this.pending.length) {
      const longer = new Float64Array(this.pending.length * 2);
      longer.set(this.pending);
      this.pending = longer;
    }
  }

  private merge(): void {
    if (this.pendingCount === 0) return;
    const added = this.pending.subarray(0, this.pendingCount).sort();
    const merged = new Float64Array(this.axis.length + added.length);
    let [count, a, b] = [0, 0, 0];
    while (a < this.axis.length || b < added.length) {
      const left = a < this.axis.length ? (this.axis[a] ?? 0) : Infinity;
      const right = b < added.length ? (added[b] ?? 0) : Infinity;
      const next = Math.min(left, right);
      merged[count++] = next;
      if (left === next) a++;
      while (b < added.length && added[b] === next) b++;
    }
    this.axis = merged.slice(0, count);
    this.pendingCount = 0;
  }
}

/** The index of the first time at or after `time`, looked for from `from` on in growing steps. */
export function seek(axis: Float64Array, time: number, from: number): number {
  let low = from;
  let step = 1;
  while (low + step < axis.length && (axis[low + step] ?? 0) < time) {
    low += step;
    step *= 2;
  }
  let high = Math.min(axis.length, low + step);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((axis[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
