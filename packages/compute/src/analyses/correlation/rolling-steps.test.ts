import { describe, expect, it } from 'vitest';
import { rollingCorrelationOracle } from '../../../test/oracle/rolling-correlation.ts';
import { gaussianColumns, seriesOf } from '../../../test/series/columns.ts';
import { portableEngine } from '../../engine/portable.ts';
import { collect } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import { withOracleSessions } from './oracle-engine.testing.ts';
import { numbers } from './result.testing.ts';
import { alphaOfHalfLife } from './rolling-steps.ts';

const columns = gaussianColumns(4, 50, { seed: 9, missing: 0.05, padding: 1 });
const frame = frameOf(columns);
const engine = withOracleSessions(portableEngine());
const day = 86_400_000;

/** Whether all series are present in a row. */
const complete = (t: number): boolean => [0, 1, 2, 3].every((s) => !Number.isNaN(seriesOf(columns, s)[t]));

describe('rolling correlation', () => {
  it.each([
    ['windows', { window: 12, step: 5 }, { window: 12, alpha: null, step: 5, minPeriods: 2 }, 11],
    ['windows of few rows', { window: 12, minPeriods: 11 }, { window: 12, alpha: null, step: 1, minPeriods: 11 }, 11],
    ['decaying weights', { halfLife: 6, step: 3, minPeriods: 4 }, { window: null, alpha: 1 - 2 ** (-1 / 6), step: 3, minPeriods: 4 }, 3],
  ])('over %s is that of each pair in the order of the matrix, with the time of the last row of each window', async (_, params, request, first) => {
    const result = await collect('correlation', frame, { engine, params });
    expect(result.tables.map(({ name }) => name)).toEqual(['rolling']);
    const pairs = [0, 1, 2].flatMap((a) => [1, 2, 3].filter((b) => b > a).map((b) => [a, b] as const));
    const expected = pairs.flatMap(([a, b]) => {
      const values = rollingCorrelationOracle(seriesOf(columns, a), seriesOf(columns, b), request);
      return [...values].map((r, k) => ({ time: (first + k * request.step) * day, a: `s${a}`, b: `s${b}`, r }));
    });
    const [a, b, time] = ['a', 'b', 'time'].map((name) => result.column('rolling', name));
    const r = numbers(result.column('rolling', 'r'));
    expect(expected.length).toBeGreaterThan(40);
    expect(a?.length).toBe(expected.length);
    for (const [k, row] of expected.entries()) {
      expect({ a: a?.[k], b: b?.[k], time: Number(time?.[k]) }).toEqual({ a: row.a, b: row.b, time: row.time });
      if (Number.isNaN(row.r)) expect(r[k]).toBeNaN();
      else expect(r[k]).toBeCloseTo(row.r, 12);
    }
  });

  it('listwise leaves out of every pair the rows where any series is missing, and moves no row', async () => {
    const [x, y] = [0, 1].map((s) => seriesOf(columns, s).map((value, t) => (complete(t) ? value : Number.NaN)));
    const result = await collect('correlation', frame, { engine, params: { window: 15, missing: 'listwise' } });
    const expected = rollingCorrelationOracle(x ?? new Float64Array(0), y ?? new Float64Array(0), { window: 15, alpha: null, step: 1, minPeriods: 2 });
    const r = numbers(result.column('rolling', 'r'));
    for (const [k, value] of expected.entries()) expect(r[k]).toBeCloseTo(value, 12);
  });

  it('of one series is empty, and of a window as long as the series has one value for each pair', async () => {
    expect((await collect('correlation', frameOf(gaussianColumns(1, 20)), { engine, params: { window: 5 } })).table('rolling').numRows).toBe(0);
    expect((await collect('correlation', frame, { engine, params: { window: 50 } })).table('rolling').numRows).toBe(6);
  });

  it('is refused for a window longer than the series, and for trials', async () => {
    await expect(collect('correlation', frame, { engine, params: { window: 51 } })).rejects.toMatchObject({ code: 'window-too-long', places: [{ pointer: '/params/window' }] });
    await expect(collect('correlation', frameOf(gaussianColumns(2, 20), { trials: 2 }), { engine, params: { window: 5 } })).rejects.toMatchObject({ code: 'trials-unsupported' });
  });
});

describe('alphaOfHalfLife', () => {
  it('halves a weight after that many rows, also after very many', () => {
    for (const halfLife of [0.5, 1, 20, 1000]) expect((1 - alphaOfHalfLife(halfLife)) ** halfLife).toBeCloseTo(0.5, 12);
    expect(alphaOfHalfLife(1e9) / (Math.LN2 / 1e9)).toBeCloseTo(1, 8);
  });
});
