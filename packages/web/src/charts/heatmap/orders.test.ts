import { describe, expect, it } from 'vitest';
import { clusterOrder } from './cluster-order.ts';
import { asCorrelations, firstEigenvector, orderNames, orderOf, type SquareMatrix } from './orders.ts';

function matrixOf(names: string[], r: (i: number, j: number) => number): SquareMatrix {
  const size = names.length;
  return { names, values: Float32Array.from({ length: size * size }, (_, k) => (k % (size + 1) === 0 ? 1 : r(Math.floor(k / size), k % size))) };
}
const named = (matrix: SquareMatrix, order: Uint32Array) => [...order].map((i) => matrix.names[i]);

/** Three groups, shuffled: series i belongs to group i mod 3. */
const groups = matrixOf(Array.from({ length: 30 }, (_, i) => `s${i}`), (i, j) => (i % 3 === j % 3 ? 0.8 : 0.05 + ((i * j) % 7) / 100));

describe('orderOf', () => {
  it('is a permutation for every order, also with missing coefficients and of one series', () => {
    const holed = matrixOf(['a', 'b', 'c', 'd'], (i, j) => (i + j === 3 ? Number.NaN : 0.1 * (i + j)));
    for (const name of orderNames) {
      for (const matrix of [groups, holed, matrixOf(['only'], () => 0), matrixOf([], () => 0)]) {
        expect([...orderOf(name, matrix)].sort((a, b) => a - b), name).toEqual(matrix.names.map((_, i) => i));
      }
    }
  });

  it('sorts names as people do, numbers by their size', () => {
    const matrix = matrixOf(['c10', 'c2', 'B', 'a'], () => 0);
    expect(named(matrix, orderOf('alphabetical', matrix))).toEqual(['a', 'B', 'c2', 'c10']);
  });

  it('puts the series of highest mean correlation first, the diagonal not counted', () => {
    const r = [[1, 0.1, 0.2], [0.1, 1, 0.9], [0.2, 0.9, 1]];
    const matrix = matrixOf(['low', 'middle', 'high'], (i, j) => r[i]![j]!);
    expect(named(matrix, orderOf('mean', matrix))).toEqual(['high', 'middle', 'low']);
  });
});

describe('clusterOrder', () => {
  it('puts the series of a group next to each other', () => {
    const positions = [...clusterOrder(groups)].map((i) => i % 3);
    const changes = positions.filter((group, at) => at > 0 && group !== positions[at - 1]).length;
    expect(changes).toBe(2);
  });

  it('follows a chain, where each series resembles its neighbours most', () => {
    const place = [4, 0, 3, 1, 5, 2];
    const chain = matrixOf(place.map(String), (i, j) => 1 - 0.15 * Math.abs(place[i]! - place[j]!));
    const found = named(chain, clusterOrder(chain)).join('');
    expect(['012345', '543210']).toContain(found);
  });

  it('ends also where all distances are equal', () => {
    const equal = matrixOf(Array.from({ length: 40 }, (_, i) => String(i)), () => 0.5);
    expect(new Set(clusterOrder(equal)).size).toBe(40);
  });
});

describe('firstEigenvector', () => {
  it('satisfies R v = λ v with the largest eigenvalue, and has length 1', () => {
    const size = groups.names.length;
    const v = firstEigenvector(groups);
    const product = Array.from({ length: size }, (_, i) => v.reduce((sum, x, j) => sum + groups.values[i * size + j]! * x, 0));
    const eigenvalue = product.reduce((sum, x, i) => sum + x * v[i]!, 0);
    product.forEach((x, i) => expect(x).toBeCloseTo(eigenvalue * v[i]!, 5));
    expect(v.reduce((sum, x) => sum + x * x, 0)).toBeCloseTo(1, 9);
    // No unit vector has a larger quotient: the mean of all entries is a lower bound for the largest eigenvalue.
    expect(eigenvalue).toBeGreaterThanOrEqual(groups.values.reduce((sum, x) => sum + x, 0) / size - 1e-4);
  });
});

const scale = (i: number): number => 10 ** (i % 5);

describe('asCorrelations', () => {
  it('frees covariances of the scale of each series, so that the clusters are those of the correlations', () => {
    const covariances = { names: groups.names, values: groups.values.map((r, at) => r * scale(Math.floor(at / 30)) * scale(at % 30)) };
    const back = asCorrelations(covariances);
    for (const [at, r] of back.values.entries()) expect(r).toBeCloseTo(groups.values[at]!, 5);
    const order = [...clusterOrder(back)].map((i) => i % 3);
    expect(order.filter((one, i) => i > 0 && one !== order[i - 1])).toHaveLength(2);
  });

  it('has no value for a series that does not vary', () => {
    expect([...asCorrelations({ names: ['a', 'b'], values: Float32Array.of(0, 0, 0, 4) }).values]).toEqual([Number.NaN, Number.NaN, Number.NaN, 1]);
  });
});
