import { expect, it } from 'vitest';
import { integers, reals, storeOf, texts, verdicts } from '../table-store.testing.ts';
import { linkRows, testRows, testsByStage, variableRows } from './network-tables.ts';

it('tells a link that failed from one that still awaits its verdict', () => {
  const store = storeOf({ source: texts(['a', 'b', 'c']), target: texts(['b', 'c', 'a']), lag: integers([2, 1, 3]), te: reals([0.1, 0.2, 0.3]), p: reals([0.002, 0.01, 0.04]), significant: verdicts([true, null, false]) });
  const links = linkRows(store);
  expect(links.map(({ significant }) => significant)).toEqual([true, null, false]);
  expect(links[0]).toEqual({ source: 'a', target: 'b', lag: 2, te: 0.1, p: 0.002, significant: true });
});

it('reads what is null as missing: the p of a forced variable, the candidate of a test of all', () => {
  const variables = variableRows(storeOf({ target: texts(['a']), process: texts(['m']), lag: integers([0]), kind: texts(['conditional']), te: reals([null]), p: reals([null]) }));
  expect(variables).toEqual([{ target: 'a', process: 'm', lag: 0, kind: 'conditional', te: Number.NaN, p: Number.NaN }]);
  const tests = testRows(storeOf({ target: texts(['a']), stage: texts(['omnibus']), candidate: texts([null]), lag: integers([null]), statistic: reals([0.5]), p: reals([0.002]), permutations: integers([500]), significant: verdicts([true]) }));
  expect(tests[0]).toMatchObject({ candidate: null, lag: Number.NaN, permutations: 500, significant: true });
});

it('reads a table that lacks a column as if it were missing everywhere', () => {
  const [link] = linkRows(storeOf({ source: texts(['a']), target: texts(['b']), te: reals([0.1]) }));
  expect(link).toEqual({ source: 'a', target: 'b', lag: Number.NaN, te: 0.1, p: Number.NaN, significant: null });
});

it('groups the tests of one target by stage, in their order', () => {
  const test = (target: string, stage: string, statistic: number) => ({ target, stage, candidate: 'x', lag: 1, statistic, p: 0.01, permutations: 200, significant: true });
  const groups = testsByStage([test('a', 'target-past', 1), test('b', 'sources', 2), test('a', 'sources', 3), test('a', 'sources', 4)], 'a');
  expect([...groups.keys()]).toEqual(['target-past', 'sources']);
  expect(groups.get('sources')?.map(({ statistic }) => statistic)).toEqual([3, 4]);
});
