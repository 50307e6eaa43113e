import { describe, expect, it } from 'vitest';
import { integers, reals, storeOf, texts, verdicts } from '../table-store.testing.ts';
import { centroidBars, centroidLines, choiceOf, colouredLines, groupedRows, groupsOf, mergesOf, sizeBars } from './cluster-tables.ts';

describe('groupsOf', () => {
  it('has in each cluster those that belong most clearly first, and the mean of what is known', () => {
    const groups = groupsOf(storeOf({ series: texts(['a', 'b', 'c', 'd']), cluster: integers([2, 1, 1, 1]), silhouette: reals([0.5, null, 0.2, 0.4]) }));
    expect(groups.map(({ cluster, members, silhouette }) => [cluster, members.map(({ series }) => series), Number(silhouette.toFixed(3))])).toEqual([[1, ['d', 'c', 'b'], 0.3], [2, ['a'], 0.5]]);
  });
});

describe('colouredLines', () => {
  it('puts each value of a series into the line of its row’s cluster', () => {
    const rows = groupedRows(storeOf({ time: reals([1, 2, 3, 4]), cluster: integers([2, 1, 2, 2]) }));
    const [x, first, second] = colouredLines(rows, { x: Float64Array.of(1, 2, 4, 5), y: Float64Array.of(10, 20, 40, 50) }, 'index');
    expect([x, first, second]).toEqual([[1, 2, 4, 5], [null, 20, null, null], [10, null, 40, null]]);
  });
});

describe('the other tables', () => {
  it('are read as they stand', () => {
    expect(sizeBars(storeOf({ cluster: integers([1]), size: integers([3]), silhouette: reals([0.25]) }))).toMatchObject([{ name: 'cluster 1', value: 3, figure: '3 members', note: '0.250' }]);
    expect(choiceOf(storeOf({ clusters: integers([2, 3]), silhouette: reals([0.1, 0.4]), chosen: verdicts([false, true]) }))).toMatchObject({ chosen: 3 });
    expect(mergesOf(storeOf({ a: texts(['x']), b: texts(['y']), height: reals([0.5]) }))).toEqual([{ a: 'x', b: 'y', height: 0.5 }]);
  });

  it('tell the centres over time, or of each series', () => {
    const lines = centroidLines(storeOf({ cluster: integers([2, 1, 1]), time: reals([1, 1, 2]), value: reals([9, 5, 6]) }));
    expect([...lines].map(([cluster, { x, y }]) => [cluster, [...x], [...y]])).toEqual([[1, [1, 2], [5, 6]], [2, [1], [9]]]);
    expect(centroidBars(storeOf({ cluster: integers([1, 2]), series: texts(['a', 'a']), value: reals([1, 2]) }), 2)).toMatchObject([{ name: 'a', value: 2 }]);
  });
});
