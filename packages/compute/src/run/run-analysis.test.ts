import { CorrenteError } from '@corrente/shared/contract/errors';
import { describe, expect, it } from 'vitest';
import { gaussianColumns } from '../../test/series/columns.ts';
import { collect } from './collect.testing.ts';
import { frameOf } from './frame.testing.ts';
import { stepwise } from './stepwise.testing.ts';

/** Three steps of moving averages. */
const frame = frameOf(gaussianColumns(3, 130_000));
const params = { windows: [5] };

describe('runAnalysis', () => {
  it('stores the steps in order, each once', async () => {
    const order: number[] = [];
    await collect('moving-average', frame, { params, onStore: (step) => Promise.resolve(void order.push(step)) });
    expect(order).toEqual([0, 1, 2]);
  });

  it('skips the steps that were stored, and makes the others just the same', async () => {
    const whole = await collect('moving-average', frame, { params });
    const rest = await collect('moving-average', frame, { params, stored: 2 });
    expect(rest.steps).toEqual(whole.steps.slice(2));
    expect(rest.fractions[0]).toBeCloseTo(2 / 3, 12);
  });

  it('with every step stored does nothing but end', async () => {
    const ended = await collect('moving-average', frame, { params, stored: 3 });
    expect(ended.steps).toEqual([]);
    expect(ended.fractions).toEqual([1]);
  });

  it('tells a fraction that never falls, is below 1 while steps are missing, and ends at 1', async () => {
    const { fractions } = await collect('moving-average', frame, { params });
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.filter((fraction) => fraction === 1).length).toBeLessThanOrEqual(2);
    expect(fractions[0]).toBe(0);
    expect(fractions.at(-1)).toBe(1);
  });

  it('refuses before anything is computed what needs more memory than there is, with both figures', async () => {
    const stored: number[] = [];
    const refused = collect('moving-average', frame, { params, memoryLimit: 2 ** 20, onStore: (step) => Promise.resolve(void stored.push(step)) });
    await expect(refused).rejects.toMatchObject({ code: 'memory-exceeded', message: expect.stringMatching(/needs about 14\.9 MiB; 1 MiB are allowed/) });
    expect(stored).toEqual([]);
  });

  it('refuses parameters that are not of the schema, with a pointer', async () => {
    await expect(collect('moving-average', frame, { params: { windows: [0] } })).rejects.toMatchObject({ code: 'invalid-params', places: [{ pointer: '/params/windows/0' }] });
  });

  it('refuses an analysis that is not there', async () => {
    await expect(collect('astrology', frame)).rejects.toMatchObject({ code: 'unknown-analysis' });
  });

  it('stops with cancelled when it is aborted between two steps, and stores no more', async () => {
    const controller = new AbortController();
    const stored: number[] = [];
    const onStore = (step: number): Promise<void> => {
      stored.push(step);
      controller.abort();
      return Promise.resolve();
    };
    await expect(collect('moving-average', frame, { params, signal: controller.signal, onStore })).rejects.toMatchObject({ code: 'cancelled' });
    expect(stored).toEqual([0]);
  });

  it('ends with the error of the store', async () => {
    const full = new CorrenteError('disk-full', 'No space is left.');
    await expect(collect('moving-average', frame, { params, onStore: (step) => (step === 1 ? Promise.reject(full) : Promise.resolve()) })).rejects.toBe(full);
  });
});

const sums = (ticks: number) => ({ steps: 3, ticks });

describe('the steps of a run', () => {
  const series = frameOf({ values: Float64Array.from({ length: 8 }, (_, t) => t + 1), series: 1, length: 8, stride: 8 });

  it('give what they returned to a run that takes up after them, which then ends the same', async () => {
    const whole = await collect(stepwise, series, { params: sums(2) });
    expect(whole.returned).toEqual(new Map<number, unknown>([[0, { sum: 3 }], [1, { sum: 5 }], [2, { sum: 7 }], [3, null]]));
    const stored = new Map([...whole.returned].filter(([step]) => step < 2));
    const rest = await collect(stepwise, series, { params: sums(2), stored });
    expect([...rest.returned.keys()]).toEqual([2, 3]);
    expect(rest.column('verdicts', 'part')).toEqual([3 / 15, 5 / 15, 7 / 15]);
    expect(rest.steps).toEqual(whole.steps.slice(2));
  });

  it('take up at the note that was left in them, and only the first of them does', async () => {
    const taken = await collect(stepwise, series, { params: sums(4), stored: new Map([[0, { sum: 10 }]]), checkpoint: { tick: 3, sum: 1000 } });
    expect(taken.column('sums', 'sum')).toEqual([1000 + 5, 3 + 4 + 5 + 6]);
    expect(taken.checkpoints[0]).toEqual({ step: 1, note: { tick: 4, sum: 1005 } });
  });

  it('tell their notes in order, as they stood, and none before every earlier step is stored', async () => {
    const order: string[] = [];
    const onStore = async (step: number): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, 30));
      order.push(`stored ${step}`);
    };
    const { checkpoints } = await collect(stepwise, series, { params: sums(2), onStore, onCheckpoint: (step) => order.push(`note ${step}`) });
    expect(order).toEqual([0, 1, 2].flatMap((step) => [`note ${step}`, `note ${step}`, `stored ${step}`]).concat('stored 3'));
    expect(checkpoints.map(({ note }) => note)).toEqual([{ tick: 1, sum: 1 }, { tick: 2, sum: 3 }, { tick: 1, sum: 2 }, { tick: 2, sum: 5 }, { tick: 1, sum: 3 }, { tick: 2, sum: 7 }]);
  });

  it('of a share are those of the share, with the same bytes as in a run of all', async () => {
    const whole = await collect(stepwise, series, { params: sums(2) });
    const share = await collect(stepwise, series, { params: sums(2), share: [0, 2] });
    expect(share.steps).toEqual([whole.steps[0], whole.steps[2]]);
    expect(share.fractions.at(-1)).toBe(1);
    const rest = await collect(stepwise, series, { params: sums(2), share: [0, 2], stored: new Map([[0, { sum: 3 }]]) });
    expect([...rest.returned.keys()]).toEqual([2]);
  });

  it('that are not independent are refused in a share', async () => {
    await expect(collect(stepwise, series, { params: sums(2), share: [3] })).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('step 3, which is no independent step of the 4') });
  });

  it('show their provisional rows apart from those for good, also while they run', async () => {
    const quick = await collect(stepwise, series, { params: sums(2) });
    expect(quick.table('verdicts').numRows).toBe(3);
    expect([...quick.provisional('verdicts').getChild('part') ?? []]).toEqual([1, 3, 2, 5, 3, 7]);
    const shownAt: number[] = [];
    let stored = 0;
    const show = (step: number): Promise<void> => Promise.resolve(void (stored === 0 && shownAt.push(step)));
    await collect(stepwise, series, { params: { steps: 1, ticks: 8, tickMs: 100 }, onShow: show, onStore: () => Promise.resolve(void stored++) });
    expect(shownAt).toContain(0);
  });
});
