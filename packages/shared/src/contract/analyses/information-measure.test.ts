import { describe, expect, it } from 'vitest';
import { informationMeasure as contract } from './information-measure.ts';

const shape = (series: number, rows = 1000) => ({ series: Array.from({ length: series }, (_, s) => `s${s}`), rows, time: 'timestamp' as const });
const estimate = (params: object, series: number, rows = 1000) => contract.estimate(contract.params.parse(params), shape(series, rows), 'f64');
const columns = (params: object, names: readonly string[]) => contract.tables(contract.params.parse(params), { series: names, rows: 10, time: 'index' }).map(({ name, columns: of }) => [name, of.map((column) => column.name)]);

describe('information-measure', () => {
  it('estimates work that grows with pairs, surrogates and rows', () => {
    const one = estimate({ source: 's0', target: 's1' }, 10).operations;
    expect(estimate({}, 10).operations).toBe(90 * one);
    expect(estimate({ measure: 'mi' }, 10).operations / estimate({ measure: 'mi', source: 's0', target: 's1' }, 10).operations).toBe(45);
    expect(estimate({ pairs: 'all', source: ['s0', 's1', 's2'], target: ['s2', 's3'] }, 10).operations).toBe(5 * one);
    expect(estimate({ source: 's0', target: 's1', permutations: 99 }, 10).operations).toBe(100 * one);
    expect(estimate({ source: 's0', target: 's1' }, 10, 4000).operations).toBe(4 * one);
  });

  it('estimates memory of at least the series and their copy', () => {
    for (const params of [{}, { estimator: 'gaussian' }, { measure: 'ais' }, { output: 'matrix' }]) expect(estimate(params, 300, 2000).memoryBytes).toBeGreaterThan(16 * 300 * 2000);
  });

  it('adds columns and tables only where parameters ask for them', () => {
    const basic = ['source', 'target', 'value', 'unit', 'n', 'p'];
    expect(columns({}, ['a', 'b'])).toEqual([['values', basic]]);
    expect(columns({ measure: 'cmi', conditional: 'c', alpha: 0.05 }, ['a', 'b', 'c'])).toEqual([['values', [...basic, 'conditional', 'significant']]]);
    expect(columns({ embedding: 'ragwitz' }, ['a', 'b'])).toEqual([['values', [...basic, 'target_history', 'target_tau', 'source_history', 'source_tau']]]);
    expect(columns({ source: 'a', target: 'b', local: true }, ['a', 'b'])).toEqual([['values', basic], ['local', ['time', 'value']]]);
  });

  it('gives a series called target a column of its own in the matrix', () => {
    expect(columns({ output: 'matrix' }, ['a', 'target', 'target_'])).toEqual([['matrix', ['target', 'a', 'target__', 'target_']]]);
  });
});
