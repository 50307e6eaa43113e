import { describe, expect, it } from 'vitest';
import { columnsOf, gaussianColumns } from '../../../test/series/columns.ts';
import type { Columns } from '../../engine/contract.ts';
import { collect } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import { tieWarning } from './ties.ts';

const good = gaussianColumns(3, 50);
const run = (params: Record<string, unknown>, columns: Columns = good): Promise<unknown> => collect('information-measure', frameOf(columns), { params });
const series = (...rows: ReadonlyArray<readonly number[]>): Columns => columnsOf(rows.map((row) => Float64Array.from(row)));

describe('information-measure refuses', () => {
  it.for([
    ['an unknown series', { source: 's9', target: 's0' }, 'unknown-series', /s9.*s0, s1, s2/, '/params/source'],
    ['cmi without a conditional', { measure: 'cmi' }, 'invalid-params', /conditional/, '/params/conditional'],
    ['mi with a conditional', { measure: 'mi', conditional: 's2' }, 'invalid-params', /mi takes no conditional/, '/params/conditional'],
    ['a source that is its own target', { source: 's1', target: 's1' }, 'invalid-params', /s1 stands twice/, '/params/source'],
    ['a series that is named twice', { pairs: 'all', source: ['s0', 's1', 's0'] }, 'invalid-params', /source names s0 twice/, '/params/source'],
    ['a conditional among the sources', { measure: 'cmi', source: ['s0', 's2'], target: 's1', conditional: 's2' }, 'invalid-params', /s2 stands twice/, '/params/source'],
    ['pairs of a process measure', { measure: 'ais', pairs: 'all' }, 'invalid-params', /not of pairs/, '/params/pairs'],
    ['a matrix of one pair', { source: 's0', target: 's1', output: 'matrix' }, 'invalid-params', /all pairs/, '/params/output'],
    ['local values of many pairs', { local: true }, 'invalid-params', /6 are asked for/, '/params/local'],
    ['entropy by kernel', { measure: 'entropy', estimator: 'kernel' }, 'invalid-params', /kernel/, '/params/estimator'],
    ['an O-information by neighbours', { measure: 'o-information' }, 'invalid-params', /do not cancel/, '/params/estimator'],
    ['max-ais by kernel', { measure: 'ais', estimator: 'kernel', embedding: 'max-ais' }, 'invalid-params', /bias/, '/params/embedding'],
    ['analytic p of ksg', { nullDistribution: 'analytic' }, 'invalid-params', /ksg1/, '/params/nullDistribution'],
    ['p by permutation without permutations', { nullDistribution: 'permutation' }, 'invalid-params', /permutations is 0/, '/params/permutations'],
    ['permutations of an entropy', { measure: 'entropy', permutations: 10 }, 'invalid-params', /has no p/, '/params/permutations'],
    ['alpha that no p can be below', { permutations: 20, alpha: 0.05 }, 'too-few-permutations', /0\.05.*at least 21/, '/params/permutations'],
    ['noise on whole numbers', { estimator: 'discrete', noise: 1e-8 }, 'invalid-params', /whole/, '/params/noise'],
    ['a shift longer than the circle', { permutations: 10, surrogates: { method: 'circular', maxShift: 49 } }, 'invalid-params', /maxShift is 49/, '/params/surrogates/maxShift'],
    ['shifts so few that no p can be below alpha', { permutations: 100, alpha: 0.05, surrogates: { method: 'circular', maxShift: 20 } }, 'too-few-samples', /20 orders.*0\.05/, '/params/surrogates/method'],
    ['values that are not whole for the discrete estimator', { estimator: 'discrete' }, 'not-discrete', /s0 is -?\d+\.\d+ in row 0/, '/params/bins'],
  ] as const)('%s', async ([, params, code, message, pointer]) => {
    await expect(run(params)).rejects.toMatchObject({ code, message: expect.stringMatching(message), places: [expect.objectContaining({ pointer })] });
  });

  it.for([
    ['lags that reach beyond the rows', { targetHistory: 50 }, good, 'too-few-samples', /50 rows.*at least 51/],
    ['as many neighbours as realisations', { neighbours: 49 }, good, 'too-few-samples', /49 realisations.*at least 50/],
    ['neighbours that the Theiler window leaves none of', { theiler: 23 }, good, 'too-few-samples', /Theiler window of 23.*at least 51/],
    ['one series for a pair', {}, gaussianColumns(1, 50), 'too-few-series', /source and a target/],
    ['one series for a group', { measure: 'multi-information' }, gaussianColumns(1, 50), 'too-few-series', /several series/],
    ['a constant series', {}, series([1, 2, 3, 4, 5, 6, 7], [2, 2, 2, 2, 2, 2, 2]), 'constant-series', /s1 is 2 in all of its 7 rows/],
    ['two equal series', {}, series([1, 5, 3, 4, 2, 6, 7], [0, 1, 0, 2, 0, 3, 1], [1, 5, 3, 4, 2, 6, 7]), 'duplicate-series', /s0 and s2 are equal in all of their 7 rows/],
    ['missing values', {}, series([1, 5, 3, 4, 2, 6, 7], [0, 1, Number.NaN, 2, 0, 3, Number.NaN]), 'missing-values', /s1 has 2 missing of 7 values, the first in row 2/],
  ] as const)('%s', async ([, params, columns, code, message]) => {
    await expect(run(params, columns)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('only what concerns the series that are named', async () => {
    const flawed = series([1, 5, 3, 4, 2, 6, 7, 9], [2, 2, 2, 2, 2, 2, 2, 2], [0, 1, 0.5, 2, 0.2, 3, 1.4, 7], [0, 1, Number.NaN, 2, 0, 3, 1, 1]);
    await expect(run({ measure: 'mi', source: 's0', target: 's2' }, flawed)).resolves.toBeDefined();
    await expect(run({ measure: 'mi', source: 's0', target: 's1', estimator: 'discrete' }, flawed)).resolves.toBeDefined();
  });
});

describe('tieWarning', () => {
  it('counts the values that occur more than once, worst series first', () => {
    const columns = series([1, 2, 2, 3, 3, 3], [1, 2, 3, 4, 5, 6], [1, 1, 2, 3, 4, 5]);
    expect(tieWarning(columns, [0, 1, 2], ['a', 'b', 'c'])).toMatch(/Of 6 values .*: a 5, c 2\. /);
    expect(tieWarning(columns, [1], ['a', 'b', 'c'])).toBeNull();
  });
});
