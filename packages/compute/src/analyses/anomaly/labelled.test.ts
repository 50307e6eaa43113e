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
    if (labelled === null) throw new Error('the data is not there');
    const result = await collect(anomaly, labelled.frame, { params, engine: cpu });
    const rowOf = new Map(Array.from(labelled.frame.time, (time, row) => [Number(time / 1000n), row]));
    const rows = (column: string): number[] => result.column('events', column).map((time) => rowOf.get(Number(time)) ?? -1);
    const ends = rows('end');
    expect(judge(rows('start').map((start, i) => ({ start, end: ends[i] ?? -1 })), labelled.windows)).toEqual(expected);
  });
});
