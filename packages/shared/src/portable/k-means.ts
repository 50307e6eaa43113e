/** k-means in plain TypeScript: what native/kernels/cpu/k_means.cpp does on threads and vectors, without its bounds. */
import { CorrenteError } from '../contract/errors.ts';
import type { Block } from './block.ts';
import { Pace, type PaceOptions } from './pace.ts';
import { randomWords, type RandomStream } from './random.ts';

/**
 * Lloyd's algorithm from k-means++ (Arthur and Vassilvitskii 2007) in the Euclidean distance, begun anew `starts` times;
 * the grouping of least inertia stays. A group that loses all its points takes the point that is farthest from its centre.
 */
export interface KMeansRequest {
  readonly clusters: number;
  readonly starts: number;
  readonly iterations: number;
  /** Ends where the centres move by at most this: the sum of their squared steps, relative to the mean variance of the dimensions. */
  readonly tolerance: number;
  /** Start s takes draw s. */
  readonly stream: RandomStream;
}

export interface Clusters {
  /** [clusters × dimensions] */
  readonly centres: Float64Array<ArrayBuffer>;
  /** The cluster of each point, [points]; a point between two goes to the first. */
  readonly assignments: Int32Array<ArrayBuffer>;
  /** Sum of squared distances of the points from their centres. */
  readonly inertia: number;
  readonly iterations: number;
}

/** Points [points × dimensions], about the first one so that a large level costs no digits. */
interface Points {
  readonly values: Float64Array;
  readonly count: number;
  readonly dimensions: number;
  readonly origin: Float64Array;
}

function refuse(what: string): never {
  throw new CorrenteError('internal', `k-means: ${what}.`);
}

/** Throws `internal` where the request does not fit, or a value is not finite. */
function check(block: Block, { clusters, starts, iterations, tolerance }: KMeansRequest): void {
  if (block.series < 1) refuse('there are no dimensions, expected at least 1');
  if (!Number.isInteger(clusters) || clusters < 1 || clusters > block.length) refuse(`${clusters} clusters of ${block.length} points, expected 1 to as many as there are points`);
  if (!Number.isInteger(starts) || starts < 1) refuse(`the number of starts is ${starts}, expected at least 1`);
  if (!Number.isInteger(iterations) || iterations < 1) refuse(`the number of iterations is ${iterations}, expected at least 1`);
  if (!(tolerance >= 0 && Number.isFinite(tolerance))) refuse(`the tolerance is ${tolerance}, expected a finite number of at least 0`);
  for (let d = 0; d < block.series; d++) {
    for (let i = 0; i < block.length; i++) if (!Number.isFinite(block.values[d * block.stride + i])) refuse(`dimension ${d} of point ${i} is ${block.values[d * block.stride + i]}, expected a finite value`);
  }
}

function pointsOf({ values, series, length, stride }: Block): Points {
  const origin = Float64Array.from({ length: series }, (_, d) => values[d * stride]!);
  const points = new Float64Array(series * length);
  for (let d = 0; d < series; d++) for (let i = 0; i < length; i++) points[i * series + d] = values[d * stride + i]! - origin[d]!;
  return { values: points, count: length, dimensions: series, origin };
}

function squaredDistance({ values, dimensions }: Points, i: number, centres: Float64Array, c: number): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d++) {
    const apart = values[i * dimensions + d]! - centres[c * dimensions + d]!;
    sum += apart * apart;
  }
  return sum;
}

/** The best of `starts` groupings; see `Engine.kMeans`. */
export async function kMeans(block: Block, request: KMeansRequest, options: PaceOptions): Promise<Clusters> {
  check(block, request);
  const { starts, iterations } = request;
  const pace = new Pace('k-means', starts * (iterations + 1), options);
  await pace.start();
  const points = pointsOf(block);
  const limit = request.tolerance * meanVariance(points);
  let best: Clusters | null = null;
  for (let start = 0; start < starts; start++) {
    const one = await oneStart(points, request, start, limit, pace);
    if (best === null || one.inertia < best.inertia) best = one;
    pace.count(iterations - one.iterations);
  }
  if (best === null) throw new CorrenteError('internal', 'k-means: no start was made.');
  return { ...best, centres: best.centres.map((value, at) => value + points.origin[at % points.dimensions]!) };
}

function meanVariance(points: Points): number {
  const { values, count, dimensions } = points;
  const mean = new Float64Array(dimensions);
  for (let i = 0; i < count; i++) for (let d = 0; d < dimensions; d++) mean[d]! += values[i * dimensions + d]! / count;
  let squares = 0;
  for (let i = 0; i < count; i++) squares += squaredDistance(points, i, mean, 0);
  return squares / (count * dimensions);
}

async function oneStart(points: Points, { clusters, iterations, stream }: KMeansRequest, start: number, limit: number, pace: Pace): Promise<Clusters> {
  const { count } = points;
  const centres = await seed(points, clusters, uniforms(stream, start), pace);
  const assignments = new Int32Array(count);
  const squares = new Float64Array(count);
  let iteration = 0;
  for (let settled = false; iteration < iterations && !settled; ) {
    const changed = await assign(points, centres, clusters, assignments, squares, pace);
    if (iteration++ > 0 && changed === 0) break;
    settled = move(points, centres, clusters, assignments, squares) <= limit;
    pace.count(1);
  }
  await assign(points, centres, clusters, assignments, squares, pace);
  return { centres, assignments, inertia: squares.reduce((sum, square) => sum + square, 0), iterations: iteration };
}

/** Uniform numbers in [0, 1) of one draw, of two words each. */
function* uniforms(stream: RandomStream, draw: number): Generator<number, never> {
  const words = randomWords(stream, draw);
  for (;;) {
    const high = words.next().value >>> 5;
    yield (high * 2 ** 26 + (words.next().value >>> 6)) / 2 ** 53;
  }
}

/** k-means++ with 2 + ⌊ln k⌋ trials for each centre, of which the one that leaves the least stays. */
async function seed(points: Points, clusters: number, draws: Generator<number, never>, pace: Pace): Promise<Float64Array<ArrayBuffer>> {
  const { values, count, dimensions } = points;
  const trials = 2 + Math.floor(Math.log(clusters));
  const centres = new Float64Array(clusters * dimensions);
  const take = (c: number, i: number): void => centres.set(values.subarray(i * dimensions, (i + 1) * dimensions), c * dimensions);
  const least = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  const keep = (c: number): void => {
    for (let i = 0; i < count; i++) least[i] = Math.min(least[i]!, squaredDistance(points, i, centres, c));
  };
  take(0, Math.min(count - 1, Math.floor(draws.next().value * count)));
  keep(0);
  for (let c = 1; c < clusters; c++) {
    const picked = Array.from({ length: trials }, () => pick(least, draws.next().value));
    let [best, bestLeft] = [0, Number.POSITIVE_INFINITY];
    for (const candidate of picked) {
      let left = 0;
      for (let i = 0; i < count; i++) left += Math.min(least[i]!, squaredDistance(points, i, values, candidate));
      if (left < bestLeft) [best, bestLeft] = [candidate, left];
      if (pace.due) await pace.turn();
    }
    take(c, best);
    keep(c);
  }
  return centres;
}

/** The point at this share of the sum of the squares. */
function pick(squares: Float64Array, share: number): number {
  let wanted = share * squares.reduce((sum, square) => sum + square, 0);
  let last = 0;
  for (let i = 0; i < squares.length; i++) {
    if (squares[i]! > 0) last = i;
    if (wanted < squares[i]!) return i;
    wanted -= squares[i]!;
  }
  return last;
}

/** Finds the nearest centre of each point; returns how many changed. */
async function assign(points: Points, centres: Float64Array, clusters: number, assignments: Int32Array, squares: Float64Array, pace: Pace): Promise<number> {
  let changed = 0;
  for (let i = 0; i < points.count; i++) {
    let [nearest, least] = [0, Number.POSITIVE_INFINITY];
    for (let c = 0; c < clusters; c++) {
      const square = squaredDistance(points, i, centres, c);
      if (square < least) {
        nearest = c;
        least = square;
      }
    }
    if (assignments[i] !== nearest) changed++;
    assignments[i] = nearest;
    squares[i] = least;
    if ((i & 255) === 0 && pace.due) await pace.turn();
  }
  return changed;
}

/** Moves the centres to the means of their points; returns the sum of their squared ways. */
function move(points: Points, centres: Float64Array, clusters: number, assignments: Int32Array, squares: Float64Array): number {
  const { values, count, dimensions } = points;
  const sums = new Float64Array(clusters * dimensions);
  const counts = new Int32Array(clusters);
  for (let i = 0; i < count; i++) {
    const c = assignments[i]!;
    counts[c]!++;
    for (let d = 0; d < dimensions; d++) sums[c * dimensions + d]! += values[i * dimensions + d]!;
  }
  if (counts.includes(0)) fillEmpty(points, assignments, squares, sums, counts);
  let way = 0;
  for (let c = 0; c < clusters; c++) {
    if (counts[c] === 0) continue;
    for (let d = 0; d < dimensions; d++) {
      const at = c * dimensions + d;
      const mean = sums[at]! / counts[c]!;
      way += (mean - centres[at]!) ** 2;
      centres[at] = mean;
    }
  }
  return way;
}

/** Each cluster without points takes the one that is farthest from its centre, of a cluster that has others. */
function fillEmpty({ values, count, dimensions }: Points, assignments: Int32Array, squares: Float64Array, sums: Float64Array, counts: Int32Array): void {
  const far = squares.slice();
  for (let c = 0; c < counts.length; c++) {
    if (counts[c]! > 0) continue;
    let taken = -1;
    for (let i = 0; i < count; i++) if (counts[assignments[i]!]! > 1 && far[i]! > (taken < 0 ? 0 : far[taken]!)) taken = i;
    if (taken < 0) continue;
    far[taken] = 0;
    const from = assignments[taken]!;
    counts[from]!--;
    counts[c] = 1;
    for (let d = 0; d < dimensions; d++) {
      const value = values[taken * dimensions + d]!;
      sums[from * dimensions + d]! -= value;
      sums[c * dimensions + d] = value;
    }
  }
}
