import { describe, expect, it } from 'vitest';
import { columnsOf, gaussianColumns } from '../../test/series/columns.ts';
import type { Columns } from '../engine/contract.ts';
import { nearestNeighbours } from './nearest.ts';

/** Every other point by distance, then by index. */
function bruteForce(points: Columns, point: number, theiler: number, euclidean: boolean): Array<{ index: number; distance: number }> {
  return Array.from({ length: points.length }, (_, index) => {
    const along = Array.from({ length: points.series }, (_unused, s) => Math.abs((points.values[s * points.stride + point] ?? 0) - (points.values[s * points.stride + index] ?? 0)));
    return { index, distance: euclidean ? Math.hypot(...along) : Math.max(...along) };
  })
    .filter(({ index }) => Math.abs(index - point) > theiler)
    .toSorted((a, b) => a.distance - b.distance || a.index - b.index);
}

describe('nearestNeighbours', () => {
  it.for([['maximum', 0], ['maximum', 3], ['euclidean', 0]] as const)('agrees with brute force in the %s norm with a Theiler window of %i', async ([metric, theiler]) => {
    const points = gaussianColumns(3, 90, { padding: 2 });
    const { indices, distances } = await nearestNeighbours(points, { neighbours: 5, theiler, metric }, {});
    for (let i = 0; i < 90; i += 1) {
      const truth = bruteForce(points, i, theiler, metric === 'euclidean').slice(0, 5);
      expect([...indices.subarray(5 * i, 5 * i + 5)]).toEqual(truth.map(({ index }) => index));
      truth.forEach(({ distance }, j) => expect(distances[5 * i + j]).toBeCloseTo(distance, 13));
    }
  });

  it('takes the lower index of equally distant points', async () => {
    const points = columnsOf([Float64Array.of(0, 1, -1, 2, 1)]);
    const { indices } = await nearestNeighbours(points, { neighbours: 2, theiler: 0, metric: 'maximum' }, {});
    expect([...indices.subarray(0, 2)]).toEqual([1, 2]);
    expect([...indices.subarray(2, 4)]).toEqual([4, 0]);
  });

  it('refuses more neighbours than there are, with the figures', async () => {
    await expect(nearestNeighbours(gaussianColumns(1, 10), { neighbours: 6, theiler: 2, metric: 'maximum' }, {})).rejects.toMatchObject({ code: 'too-few-samples', message: expect.stringMatching(/10 points.*at least 11/) });
  });

  it('ends when it is cancelled', async () => {
    await expect(nearestNeighbours(gaussianColumns(5, 6000), { neighbours: 4, theiler: 0, metric: 'maximum' }, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' });
  });
});
