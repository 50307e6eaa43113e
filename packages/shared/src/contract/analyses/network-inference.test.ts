import { expect, it } from 'vitest';
import { parseParams } from './index.ts';
import { lagsUpTo, largestTargetLag, methodTraits, networkInference as contract, networkInferenceParams } from './network-inference.ts';

const shape = (series: number, rows: number) => ({ series: Array.from({ length: series }, (_, s) => `s${s}`), rows, time: 'index' as const });

const tablesOf = (method: string): string[] => contract.tables(networkInferenceParams.parse({ method }), shape(2, 10)).map(({ name }) => name);

const operations = (series: number, rows: number): number => contract.estimate(networkInferenceParams.parse({}), shape(series, rows), 'f64').operations;

it("the defaults are IDTxl's", () => {
  expect(networkInferenceParams.parse({})).toMatchObject({
    method: 'multivariate-te',
    estimator: 'ksg1',
    neighbours: 4,
    theiler: 0,
    minLagSources: 1,
    tauSources: 1,
    tauTarget: 1,
    permutations: { maxStatistic: 200, minStatistic: 500, omnibus: 500, sequential: 500 },
    alpha: 0.05,
    fdr: true,
    fdrMethod: 'benjamini-yekutieli',
    fdrBy: 'target',
    surrogates: { method: 'random' },
    normalise: true,
    noise: 0,
  });
});

it('one number of permutations can be given, and the others keep their defaults', () => {
  expect(networkInferenceParams.parse({ permutations: { omnibus: 2000 } }).permutations).toEqual({ maxStatistic: 200, minStatistic: 500, omnibus: 2000, sequential: 500 });
});

it.each([{ sources: [] }, { sources: { a: [] } }, { targets: [] }, { alpha: 0 }, { alpha: 1 }, { maxLagSources: -1 }, { maxLagTarget: 0 }, { method: 'te' }, { permutations: { maxstat: 1 } }, { conditionals: [{ process: 'a' }] }, { noise: -1 }])('%j is refused', (params) => {
  expect(networkInferenceParams.safeParse(params).success).toBe(false);
});

it('links are a table of every method that looks for them, and the first', () => {
  for (const method of ['multivariate-te', 'bivariate-te', 'multivariate-mi', 'bivariate-mi']) expect(tablesOf(method)).toEqual(['links', 'variables', 'targets', 'tests']);
  expect(tablesOf('active-information')).toEqual(['variables', 'targets', 'tests']);
});

it('the lags of the target are those of the sources where none are given, and at least one', () => {
  expect(largestTargetLag(networkInferenceParams.parse({ maxLagSources: 7 }))).toBe(7);
  expect(largestTargetLag(networkInferenceParams.parse({ maxLagSources: 7, maxLagTarget: 3 }))).toBe(3);
  expect(largestTargetLag(networkInferenceParams.parse({ maxLagSources: 0, minLagSources: 0 }))).toBe(1);
  expect([lagsUpTo(1, 5, 1), lagsUpTo(1, 6, 2), lagsUpTo(0, 0, 3), lagsUpTo(4, 3, 1)]).toEqual([[1, 2, 3, 4, 5], [1, 3, 5], [0], []]);
});

it('methods differ in what takes part', () => {
  expect(methodTraits('bivariate-te')).toEqual({ targetPast: true, sources: true, multivariate: false });
  expect(methodTraits('multivariate-mi')).toEqual({ targetPast: false, sources: true, multivariate: true });
  expect(methodTraits('active-information')).toEqual({ targetPast: true, sources: false, multivariate: false });
});

it('the estimate is that of the MuTE record within a factor of 2, and grows with the square of the processes', () => {
  const recorded = 70_732 * 1000 * 120;
  expect(operations(5, 1000) / recorded).toBeGreaterThan(0.5);
  expect(operations(5, 1000) / recorded).toBeLessThan(2);
  expect(operations(100, 1000) / operations(50, 1000)).toBeCloseTo(4, 0);
});

it('a misspelt parameter is answered with the names there are', () => {
  expect(() => parseParams(contract, { maxLag: 2 })).toThrow(/"maxLag".*Its parameters are method, estimator,.*maxLagSources/);
});
