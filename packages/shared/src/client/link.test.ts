import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { CorrenteError } from '../contract/errors.ts';
import { Link } from './link.ts';

const lost = new CorrenteError('server-unreachable', 'It is gone.');

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Milliseconds for which the link waits after a failure. */
async function waits(link: Link): Promise<number> {
  const start = performance.now();
  const waiting = link.broken(lost);
  await vi.runAllTimersAsync();
  await waiting;
  return performance.now() - start;
}

test('each failure in a row doubles the pause, up to five seconds', async () => {
  const link = new Link(500, {});
  link.connected();
  const pauses: number[] = [];
  for (let i = 0; i < 6; i++) pauses.push(await waits(link));
  expect(pauses.map(Math.round)).toEqual([500, 1000, 2000, 4000, 5000, 5000]);
});

test('the first connection gets no second chance, nor does an error that a retry cannot mend', async () => {
  await expect(new Link(1, {}).broken(lost)).rejects.toBe(lost);
  const link = new Link(1, {});
  link.connected();
  const final = new CorrenteError('job-not-found', 'No.');
  await expect(link.broken(final)).rejects.toBe(final);
});

test('a stream that is cut again and again after lasting a while is never given up; one that is cut at once is', async () => {
  const lasting = new Link(500, { attempts: 3 });
  for (let i = 0; i < 20; i++) {
    lasting.connected();
    vi.advanceTimersByTime(60_000);
    expect(Math.round(await waits(lasting))).toBe(500);
  }
  const brief = new Link(500, { attempts: 3 });
  for (let i = 0; i < 2; i++) {
    brief.connected();
    await waits(brief);
  }
  brief.connected();
  await expect(brief.broken(lost)).rejects.toBe(lost);
});
