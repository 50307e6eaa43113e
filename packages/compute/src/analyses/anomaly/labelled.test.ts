/** Every method on real data with labels; the figures of docs/analyses/anomaly.md. */
import { describe, expect, it } from 'vitest';
import { cpuEngine } from '../../engine/cpu.ts';
import { collect } from '../../run/collect.testing.ts';
import { anomaly } from './anomaly.ts';
import { judge, machineTemperature } from './labelled.testing.ts';

const labelled = machineTemperature();
const cpu = cpuEngine();

/** Rows of a day. */
const day = 288;

async function eventsOf(params: object): Promise<Array<{ start: number; end: number }>> {
  if (labelled === null) throw new Error('the data is not there');
  const result = await collect(anomaly, labelled.frame, { params, engine: cpu });
  const rowOf = new Map(Array.from(labelled.frame.time, (time, row) => [Number(time / 1000n), row]));
  const rows = (column: string): number[] => result.column('events', column).map((time) => rowOf.get(Number(time)) ?? -1);
  const ends = rows('end');
  return rows('start').map((start, i) => ({ start, end: ends[i] ?? -1 }));
}

describe.skipIf(labelled === null || !cpu.info().available)('the four labelled failures of the machine temperature (in CORRENTE_DATA; the CPU engine)', () => {
  it.each([
    [{ gap: day }, { hit: 4, false: 8 }],
    [{ gap: day, threshold: 4 }, { hit: 4, false: 5 }],
    [{ gap: day, threshold: 6 }, { hit: 2, false: 0 }],
    [{ gap: day, window: 7 * day }, { hit: 3, false: 7 }],
    [{ gap: day, method: 'seasonal-residual', season: day }, { hit: 4, false: 14 }],
    [{ gap: day, method: 'seasonal-residual', season: day, threshold: 6 }, { hit: 3, false: 1 }],
    [{ method: 'matrix-profile', window: 2 * day, discords: 4 }, { hit: 1, false: 3 }],
  ])('%o meets as many windows, and has as many false alarms, as the documentation says', async (params, expected) => {
    expect(judge(await eventsOf(params), labelled?.windows ?? [])).toEqual(expected);
  });

  it("an isolation forest over a day's course meets three of them, with few false alarms", async () => {
    const { hit, false: alarms } = judge(await eventsOf({ gap: day, method: 'isolation-forest', lags: 11, spacing: 24, trees: 400, threshold: 0.6 }), labelled?.windows ?? []);
    expect(hit).toBeGreaterThanOrEqual(3);
    expect(alarms).toBeLessThanOrEqual(2);
  });
});
