/** Lloyd's algorithm, plainly, from k-means++ seeds drawn as the contract's stream names them. */
import { philox } from '@corrente/shared/portable/random';
import type { KMeansRequest } from '../../src/engine/contract.points.ts';

export interface PlainClusters {
  readonly centres: readonly (readonly number[])[];
  readonly assignments: readonly number[];
  readonly inertia: number;
  readonly iterations: number;
}

type Point = readonly number[];

const squared = (a: Point, b: Point): number => a.reduce((sum, value, d) => sum + (value - (b[d] ?? Number.NaN)) ** 2, 0);
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const nearestOf = (point: Point, centres: readonly Point[]): number => {
  const squares = centres.map((centre) => squared(point, centre));
  return squares.indexOf(Math.min(...squares));
};

/** Number n of a draw, in [0, 1): 53 bits of words 2n and 2n + 1. */
function uniform([seed, a, b, c]: KMeansRequest['stream'], draw: number, n: number): number {
  const words = philox([Math.floor(n / 2), draw, a, b], [seed, c]);
  return ((words[2 * (n % 2)] ?? 0) >>> 5) / 2 ** 27 + ((words[2 * (n % 2) + 1] ?? 0) >>> 6) / 2 ** 53;
}

/** The first centres of a start: each the best of 2 + ⌊ln k⌋ points drawn by their squared distance from those before. */
export function plainSeeds(points: readonly Point[], { clusters, stream }: KMeansRequest, start: number): Point[] {
  let drawn = 0;
  const draw = (): number => uniform(stream, start, drawn++);
  const pointAt = (i: number): Point => points[i] ?? [];
  const centres = [pointAt(Math.floor(draw() * points.length))];
  while (centres.length < clusters) {
    const squares = points.map((point) => Math.min(...centres.map((centre) => squared(point, centre))));
    const trials = Array.from({ length: 2 + Math.floor(Math.log(clusters)) }, () => {
      const wanted = draw() * total(squares);
      const found = squares.findIndex((_, i) => total(squares.slice(0, i + 1)) > wanted);
      const candidate = pointAt(found < 0 ? squares.findLastIndex((square) => square > 0) : found);
      return { candidate, left: total(points.map((point, i) => Math.min(squares[i] ?? 0, squared(point, candidate)))) };
    });
    const least = Math.min(...trials.map(({ left }) => left));
    centres.push(trials.find(({ left }) => left === least)?.candidate ?? []);
  }
  return centres;
}

/** One run from given centres. */
export function plainLloyd(points: readonly Point[], first: readonly Point[], { iterations, tolerance }: KMeansRequest): PlainClusters {
  const dimensions = points[0]?.length ?? 0;
  const mean = (of: readonly Point[]): Point => Array.from({ length: dimensions }, (_, d) => total(of.map((point) => point[d] ?? Number.NaN)) / of.length);
  const limit = (tolerance * total(points.map((point) => squared(point, mean(points))))) / (points.length * dimensions);
  let centres = [...first];
  let assignments: number[] = [];
  let iteration = 0;
  while (iteration < iterations) {
    const next = points.map((point) => nearestOf(point, centres));
    iteration += 1;
    if (iteration > 1 && next.every((c, i) => c === assignments[i])) break;
    assignments = next;
    const groups = centres.map((_, c) => points.filter((_point, i) => assignments[i] === c));
    const far = points.map((point, i) => ({ i, from: assignments[i] ?? 0, square: squared(point, centres[assignments[i] ?? 0] ?? []) }));
    for (const [c, group] of groups.entries()) {
      if (group.length > 0) continue;
      const free = far.filter(({ from, square }) => square > 0 && (groups[from]?.length ?? 0) > 1);
      const most = Math.max(...free.map(({ square }) => square));
      const taken = free.find(({ square }) => square === most);
      if (taken === undefined) continue;
      const point = points[taken.i] ?? [];
      groups[c] = [point];
      groups[taken.from] = (groups[taken.from] ?? []).filter((one) => one !== point);
      taken.square = 0;
    }
    const moved = centres.map((centre, c) => ((groups[c]?.length ?? 0) > 0 ? mean(groups[c] ?? []) : centre));
    const way = total(moved.map((centre, c) => squared(centre, centres[c] ?? [])));
    centres = moved;
    if (way <= limit) break;
  }
  assignments = points.map((point) => nearestOf(point, centres));
  return { centres, assignments, inertia: total(points.map((point, i) => squared(point, centres[assignments[i] ?? 0] ?? []))), iterations: iteration };
}

/** The best of all starts, the first of equal ones. */
export function kMeansOracle(points: readonly Point[], request: KMeansRequest): PlainClusters {
  const all = Array.from({ length: request.starts }, (_, start) => plainLloyd(points, plainSeeds(points, request, start), request));
  return all.reduce((best, one) => (one.inertia < best.inertia ? one : best));
}
