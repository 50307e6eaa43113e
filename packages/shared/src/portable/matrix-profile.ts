/** The matrix profile in plain TypeScript: what native/kernels/cpu/matrix_profile.cpp does on threads and vectors. */
import { CorrenteError } from '../contract/errors.ts';
import type { Block } from './block.ts';
import { Pace, type PaceOptions } from './pace.ts';

/** Each [series × (length - window + 1)]. */
export interface MatrixProfile {
  /** NaN where there is no neighbour. */
  readonly distance: Float64Array<ArrayBuffer>;
  /** Where the neighbour begins; -1 where there is none. Of equally near ones the first. */
  readonly neighbour: Int32Array<ArrayBuffer>;
}

const [missing, constant, varying] = [0, 1, 2];

/** A series about its first present value, with what each window is. */
interface Windows {
  readonly x: Float64Array;
  readonly kind: Uint8Array;
  readonly mean: Float64Array;
  /** 1 / the norm about the mean; NaN of windows that do not vary. */
  readonly inverse: Float64Array;
}

/** Of each window the nearest other one; see `Engine.matrixProfile`. */
export async function matrixProfile({ values, series, length, stride }: Block, window: number, exclusion: number, options: PaceOptions): Promise<MatrixProfile> {
  if (!Number.isInteger(window) || window < 2 || window > length) throw new CorrenteError('internal', `matrix profile: window is ${window}, expected 2 to the ${length} rows.`);
  if (!Number.isInteger(exclusion) || exclusion < 0) throw new CorrenteError('internal', `matrix profile: exclusion is ${exclusion}, expected at least 0.`);
  const count = length - window + 1;
  const distance = new Float64Array(series * count).fill(Number.NaN);
  const neighbour = new Int32Array(series * count).fill(-1);
  const diagonals = Math.max(0, count - exclusion - 1);
  const pace = new Pace('matrix profile', series * (1 + (diagonals * (diagonals + 1)) / 2), options);
  await pace.start();
  for (let s = 0; s < series; s++) {
    const windows = windowsOf(values.subarray(s * stride, s * stride + length), window);
    const best = await nearestVarying(windows, window, exclusion, pace);
    for (let i = 0; i < count; i++) {
      const nearest = nearestOf(windows, i, window, exclusion, best[i]!);
      distance[s * count + i] = nearest.distance;
      neighbour[s * count + i] = nearest.neighbour;
      if ((i & 63) === 0 && pace.due) await pace.turn();
    }
    pace.count(1);
  }
  return { distance, neighbour };
}

function windowsOf(row: Float64Array, window: number): Windows {
  const origin = row.find((value) => !Number.isNaN(value)) ?? 0;
  const x = row.map((value) => (Number.isNaN(value) ? 0 : value / 2 - origin / 2));
  const largest = x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  // In two steps, as a power of two may be out of range where its halves are not.
  const half = largest === 0 ? 0 : Math.floor(Math.log2(largest) / 2);
  for (let t = 0; t < x.length; t++) x[t] = (x[t]! / 2 ** half) / 2 ** half;
  const count = row.length - window + 1;
  const kind = new Uint8Array(count);
  const [mean, inverse] = [new Float64Array(count), new Float64Array(count).fill(Number.NaN)];
  let [run, lastMissing] = [0, -1];
  for (let t = 0; t < row.length; t++) {
    if (Number.isNaN(row[t])) lastMissing = t;
    run = t > 0 && row[t] === row[t - 1] ? run + 1 : 1;
    const i = t - window + 1;
    if (i < 0) continue;
    // The recurrence passes through windows with missing values, too.
    mean[i] = sumOf(x, i, window) / window;
    if (lastMissing >= i) continue;
    let squares = 0;
    for (let k = i; k <= t; k++) squares += (x[k]! - mean[i]) ** 2;
    const over = 1 / Math.sqrt(squares);
    // What varies by less than the numbers beside it can tell does not vary.
    kind[i] = run >= window || !Number.isFinite(over) ? constant : varying;
    if (kind[i] === varying) inverse[i] = over;
  }
  return { x, kind, mean, inverse };
}

function sumOf(x: Float64Array, from: number, window: number): number {
  let sum = 0;
  for (let k = from; k < from + window; k++) sum += x[k]!;
  return sum;
}

/**
 * For each window the one that correlates most, of those that vary; -1 where there is none. Along diagonals by the
 * recurrence of Zimmerman et al. (2019), begun anew every so many rows so that rounding does not add up.
 */
async function nearestVarying({ x, mean, inverse }: Windows, window: number, exclusion: number, pace: Pace): Promise<Int32Array> {
  const count = mean.length;
  const stretch = Math.max(256, 4 * window);
  const best = new Float64Array(count).fill(-2);
  const at = new Int32Array(count).fill(-1);
  const offer = (i: number, j: number, r: number): void => {
    if (!(r > best[i]! || (r === best[i] && j < at[i]!))) return;
    best[i] = r;
    at[i] = j;
  };
  for (let lag = exclusion + 1; lag < count; lag++) {
    let covariance = 0;
    for (let i = 0; i + lag < count; i++) {
      const j = i + lag;
      if (i % stretch === 0) {
        covariance = 0;
        for (let k = 0; k < window; k++) covariance += (x[i + k]! - mean[i]!) * (x[j + k]! - mean[j]!);
      } else {
        const [inI, outI, inJ, outJ] = [x[i + window - 1]!, x[i - 1]!, x[j + window - 1]!, x[j - 1]!];
        const [stepI, stepJ] = [(inI - outI) / 2, (inJ - outJ) / 2];
        covariance += stepI * (inJ - mean[j]! + (outJ - mean[j - 1]!)) + stepJ * (inI - mean[i]! + (outI - mean[i - 1]!));
      }
      const r = covariance * inverse[i]! * inverse[j]!;
      offer(i, j, r);
      offer(j, i, r);
    }
    pace.count(count - lag);
    if (pace.due) await pace.turn();
  }
  return at;
}

/** Among the window that correlates most and those that do not vary. The distance is computed from the two windows. */
function nearestOf(windows: Windows, i: number, window: number, exclusion: number, best: number): { distance: number; neighbour: number } {
  const { kind } = windows;
  const none = { distance: Number.NaN, neighbour: -1 };
  if (kind[i] === missing) return none;
  const apart = Math.sqrt(window);
  const like = firstOf(kind, constant, i, exclusion);
  if (kind[i] === constant) {
    if (like >= 0) return { distance: 0, neighbour: like };
    const other = firstOf(kind, varying, i, exclusion);
    return other < 0 ? none : { distance: apart, neighbour: other };
  }
  const distance = best < 0 ? Number.POSITIVE_INFINITY : distanceOf(windows, i, best, window);
  if (like >= 0 && (distance > apart || (distance === apart && like < best))) return { distance: apart, neighbour: like };
  return best < 0 ? none : { distance, neighbour: best };
}

/** The first window of a kind that is more than `exclusion` rows away, or -1. */
function firstOf(kinds: Uint8Array, kind: number, i: number, exclusion: number): number {
  const first = kinds.indexOf(kind);
  return first < 0 || first < i - exclusion ? first : kinds.indexOf(kind, i + exclusion + 1);
}

function distanceOf({ x, mean, inverse }: Windows, i: number, j: number, window: number): number {
  let squares = 0;
  for (let k = 0; k < window; k++) squares += ((x[i + k]! - mean[i]!) * inverse[i]! - (x[j + k]! - mean[j]!) * inverse[j]!) ** 2;
  return Math.sqrt(squares * window);
}
