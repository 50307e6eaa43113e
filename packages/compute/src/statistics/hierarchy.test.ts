import { describe, expect, it } from 'vitest';
import { askPython, hasPython } from '../../test/python.ts';
import { uniform } from '../../test/series/random.ts';
import { averageLinkage, condensedIndex, leafOrder, type Merge } from './hierarchy.ts';

const distancesOf = (n: number, seed: number): Float64Array<ArrayBuffer> => Float64Array.from({ length: (n * (n - 1)) / 2 }, (_, k) => uniform(seed, k));

/** Always the closest two clusters, by the mean distance of their things, worked out anew each time. */
function naive(distances: Float64Array, n: number): Merge[] {
  const mean = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, i) => sum + y.reduce((inner, j) => inner + (distances[condensedIndex(i, j, n)] ?? Number.NaN), 0), 0) / (x.length * y.length);
  let clusters = Array.from({ length: n }, (_, i) => [i]);
  const merges: Merge[] = [];
  while (clusters.length > 1) {
    let best = { height: Number.POSITIVE_INFINITY, x: clusters[0] ?? [], y: clusters[1] ?? [] };
    for (const [i, x] of clusters.entries()) for (const y of clusters.slice(i + 1)) if (mean(x, y) < best.height) best = { height: mean(x, y), x, y };
    const { height, x, y } = best;
    merges.push({ a: Math.min(...x, ...y), b: Math.max(Math.min(...x), Math.min(...y)), height, size: x.length + y.length });
    clusters = [...clusters.filter((cluster) => cluster !== x && cluster !== y), [...x, ...y].sort((i, j) => i - j)];
  }
  return merges;
}

describe('averageLinkage', () => {
  it.each([2, 3, 10, 40])('of %d things makes the merges that always joining the closest two makes', async (n) => {
    const distances = distancesOf(n, 3 + n);
    const expected = naive(distances, n);
    const merges = await averageLinkage(distances.slice(), n, {});
    expect(merges.map(({ a, b, size }) => ({ a, b, size }))).toEqual(expected.map(({ a, b, size }) => ({ a, b, size })));
    merges.forEach(({ height }, k) => expect(height).toBeCloseTo(expected[k]?.height ?? Number.NaN, 12));
  });

  it('of nothing and of one thing makes no merge', async () => {
    expect(await averageLinkage(new Float64Array(0), 0, {})).toEqual([]);
    expect(await averageLinkage(new Float64Array(0), 1, {})).toEqual([]);
  });

  it('of equal distances makes the same tree every time', async () => {
    const trees = await Promise.all([1, 2].map(() => averageLinkage(new Float64Array(45).fill(0.5), 10, {})));
    expect(trees[0]).toEqual(trees[1]);
    expect(trees[0]?.map(({ height }) => height)).toEqual(Array.from({ length: 9 }, () => 0.5));
  });

  it('is cancelled by its signal', async () => {
    await expect(averageLinkage(distancesOf(20, 1), 20, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.skipIf(!hasPython('numpy', 'scipy.cluster.hierarchy'))('has the heights and sizes of scipy.cluster.hierarchy.average (needs python3 with scipy)', async () => {
    const distances = distancesOf(60, 9);
    const merges = await averageLinkage(distances.slice(), 60, {});
    const theirs = askPython('from scipy.cluster.hierarchy import average\nz = average(np.array(data))\nresult = [z[:, 2], z[:, 3]]', [...distances]);
    expect(theirs).toEqual([merges.map(({ height }) => expect.closeTo(height, 12)), merges.map(({ size }) => size)]);
  });
});

describe('leafOrder', () => {
  it('puts each cluster’s things next to each other, and has the height at which each joins the one before', async () => {
    const n = 30;
    const merges = await averageLinkage(distancesOf(n, 4), n, {});
    const { leaves, heights } = leafOrder(merges, n);
    expect([...leaves].sort((x, y) => x - y)).toEqual(Array.from({ length: n }, (_, i) => i));
    const clusters = new Map(Array.from({ length: n }, (_, i) => [i, [i]]));
    for (const { a, b, height } of merges) {
      const [first, second] = [clusters.get(a) ?? [], clusters.get(b) ?? []];
      const places = [...first, ...second].map((thing) => leaves.indexOf(thing)).sort((x, y) => x - y);
      expect((places.at(-1) ?? 0) - (places[0] ?? 0)).toBe(places.length - 1);
      expect(heights[leaves.indexOf(b)]).toBe(height);
      clusters.set(a, [...first, ...second]);
      clusters.delete(b);
    }
    expect(heights[0]).toBeNaN();
  });

  it('brings things that belong together next to each other', async () => {
    // Two groups, told apart by even and odd numbers.
    const distances = new Float64Array(15);
    for (let i = 0; i < 6; i++) for (let j = i + 1; j < 6; j++) distances[condensedIndex(i, j, 6)] = i % 2 === j % 2 ? 0.1 + 0.001 * (i + j) : 0.9;
    expect([...leafOrder(await averageLinkage(distances, 6, {}), 6).leaves]).toEqual([0, 2, 4, 1, 3, 5]);
  });
});
