import { describe, expect, it } from 'vitest';
import { gaussianColumns } from '../../../test/series/columns.ts';
import { collect } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import type { JsonValue } from '../analysis.ts';
import { pairsOf } from './result.testing.ts';

/** Enough series for three bands. */
const frame = frameOf(gaussianColumns(300, 30, { seed: 4, missing: 0.02 }));
const top = { output: 'pairs', top: 40, minPeriods: 20 };

describe('pairs picked band by band', () => {
  it('are those of all pairs, the strongest first', async () => {
    const all = pairsOf(await collect('correlation', frame, { params: { output: 'pairs', minPeriods: 20 } }));
    const picked = pairsOf(await collect('correlation', frame, { params: top }));
    expect(picked).toEqual(all.filter(({ r }) => !Number.isNaN(r)).toSorted((x, y) => Math.abs(y.r) - Math.abs(x.r)).slice(0, 40));
    const above = pairsOf(await collect('correlation', frame, { params: { output: 'pairs', minAbs: 0.8, minPeriods: 20 } }));
    expect(above).toEqual(all.filter(({ r }) => Math.abs(r) >= 0.8));
  });

  it('are shown as they stand after each band, every one of the strongest among them', async () => {
    const shown: number[] = [];
    const result = await collect('correlation', frame, { params: top, onStore: (_, parts) => Promise.resolve(void shown.push(parts.reduce((sum, { rows, provisional }) => sum + (provisional === true ? rows : 0), 0))) });
    expect(shown).toHaveLength(4);
    expect(shown[0]).toBe(40);
    expect(shown[3]).toBe(0);
    const provisional = new Set([...result.provisional('pairs')].map((row) => `${String(row['a'])}-${String(row['b'])}`));
    for (const { a, b } of pairsOf(result)) expect(provisional).toContain(`${String(a)}-${String(b)}`);
  });

  it('are the same bytes whichever bands were stored before, and by whom', async () => {
    const whole = await collect('correlation', frame, { params: top });
    const last = whole.steps.slice(-1);
    for (const bands of [[0], [1, 2], [0, 1, 2]]) {
      const stored = new Map(bands.map((band) => [band, whole.returned.get(band) ?? null]));
      expect((await collect('correlation', frame, { params: top, stored })).steps.slice(-1)).toEqual(last);
    }
    // Each band by a worker that knows nothing of the others.
    const alone = new Map<number, JsonValue>();
    for (const band of [2, 0, 1]) alone.set(band, (await collect('correlation', frame, { params: top, share: [band] })).returned.get(band) ?? null);
    expect((await collect('correlation', frame, { params: top, stored: alone })).steps).toEqual(last);
  });

  it('are computed anew after a loss where they are too many to be noted', async () => {
    const params = { output: 'pairs', top: 30_000 };
    const whole = await collect('correlation', frame, { params });
    expect(whole.returned.get(0)).toBeNull();
    const rest = await collect('correlation', frame, { params, stored: whole.returned.size - 1 });
    expect(rest.steps).toEqual(whole.steps.slice(-1));
    expect(pairsOf(whole)).toHaveLength(30_000);
  });
});
