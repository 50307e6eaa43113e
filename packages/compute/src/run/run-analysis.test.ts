import { CorrenteError } from '@corrente/shared/contract/errors';
import { describe, expect, it } from 'vitest';
import { gaussianColumns } from '../../test/series/columns.ts';
import { collect } from './collect.testing.ts';
import { frameOf } from './frame.testing.ts';
import { inBytes } from './memory.ts';

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
    await expect(refused).rejects.toMatchObject({ code: 'memory-exceeded', message: expect.stringMatching(/needs about 14\.9 MiB; 1\.0 MiB are allowed/) });
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

describe('inBytes', () => {
  it.each([
    [0, '0 bytes'],
    [1023, '1023 bytes'],
    [1024, '1.0 KiB'],
    [1.5 * 2 ** 30, '1.5 GiB'],
    [2 ** 62, '4096.0 PiB'],
  ])('writes %d as %s', (bytes, words) => {
    expect(inBytes(bytes)).toBe(words);
  });
});
