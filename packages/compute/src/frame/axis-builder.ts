/** The common time axis: the union of the times of several series, each of which comes in ascending order. */

/** Times held back until they are worth a merge into the axis. */
const pendingAtLeast = 4096;

/**
 * Series mostly share their times, so each time is looked for at the place after the one before. Times after the end
 * are appended; those that belong in between are kept aside, and sorted in together.
 */
export class AxisBuilder {
  private axis = new Float64Array(pendingAtLeast);
  private length = 0;
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
    let at = this.position;
    if (at < this.length && this.axis[at] !== time) at = seek(this.axis, time, at, this.length);
    if (at === this.length) this.append(time);
    else if (this.axis[at] !== time) {
      this.position = at;
      this.keepAside(time);
      return;
    }
    this.position = at + 1;
  }

  finish(): Float64Array {
    this.merge();
    return this.axis.subarray(0, this.length);
  }

  private append(time: number): void {
    if (this.length === this.axis.length) this.axis = longer(this.axis);
    this.axis[this.length++] = time;
  }

  private keepAside(time: number): void {
    if (this.pendingCount === this.pending.length) {
      // A merge costs as much as the axis is long, so it waits until there is as much to merge as a quarter of that.
      if (this.pendingCount >= this.length / 4) {
        this.merge();
        this.position = seek(this.axis, time, 0, this.length);
        if (this.axis[this.position] === time) return;
      } else this.pending = longer(this.pending);
    }
    this.pending[this.pendingCount++] = time;
  }

  private merge(): void {
    if (this.pendingCount === 0) return;
    const added = this.pending.subarray(0, this.pendingCount).sort();
    const merged = new Float64Array(this.length + added.length);
    let [count, a, b] = [0, 0, 0];
    while (a < this.length || b < added.length) {
      const left = a < this.length ? (this.axis[a] ?? 0) : Infinity;
      const right = b < added.length ? (added[b] ?? 0) : Infinity;
      const next = Math.min(left, right);
      merged[count++] = next;
      if (left === next) a++;
      while (b < added.length && added[b] === next) b++;
    }
    this.axis = merged;
    this.length = count;
    this.pendingCount = 0;
  }
}

function longer(array: Float64Array): Float64Array<ArrayBuffer> {
  const result = new Float64Array(array.length * 2);
  result.set(array);
  return result;
}

/** The index of the first of `length` times at or after `time`, looked for from `from` on in growing steps. */
export function seek(axis: Float64Array, time: number, from: number, length = axis.length): number {
  let low = from;
  let step = 1;
  while (low + step < length && (axis[low + step] ?? 0) < time) {
    low += step;
    step *= 2;
  }
  let high = Math.min(length, low + step);
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((axis[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
