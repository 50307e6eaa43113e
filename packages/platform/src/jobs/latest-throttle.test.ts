import { describe, expect, it } from 'vitest';
import { LatestThrottle } from './latest-throttle.ts';

/** A throttle whose interval never ends by itself, and what it stored. */
function slow(answer: (value: string) => Promise<boolean> = () => Promise.resolve(true)) {
  const stored: string[] = [];
  const store = (value: string): Promise<boolean> => {
    stored.push(value);
    return answer(value);
  };
  return { stored, throttle: new LatestThrottle<string>(store, () => undefined, 2 ** 30) };
}

describe('LatestThrottle', () => {
  it('stores the first value of each key at once, and of those that follow the last, when it is settled', async () => {
    const { stored, throttle } = slow();
    for (const value of ['a1', 'b1', 'a2', 'a3', 'b2']) await throttle.push(value.charAt(0), value);
    expect(stored).toEqual(['a1', 'b1']);
    await throttle.settle('a');
    await throttle.settle('a');
    expect(stored).toEqual(['a1', 'b1', 'a3']);
    throttle.close();
  });

  it('stores nothing of a key that was dropped', async () => {
    const { stored, throttle } = slow();
    for (const value of ['a1', 'a2']) await throttle.push('a', value);
    throttle.drop('a');
    await throttle.settle('a');
    expect(stored).toEqual(['a1']);
  });

  it('stores one value at a time, so that a later one is not overtaken', async () => {
    const first = Promise.withResolvers<boolean>();
    const { stored, throttle } = slow((value) => (value === 'a1' ? first.promise : Promise.resolve(true)));
    const pushed = throttle.push('a', 'a1');
    await new Promise(setImmediate);
    void throttle.push('a', 'a2');
    const settled = throttle.settle('a');
    await new Promise(setImmediate);
    expect(stored).toEqual(['a1']);
    first.resolve(true);
    await Promise.all([pushed, settled]);
    expect(stored).toEqual(['a1', 'a2']);
    throttle.close();
  });

  it('tells who pushes that what it stands for is no longer live, and whoever flushed what went wrong', async () => {
    const { throttle } = slow((value) => (value === 'bad' ? Promise.reject(new Error('the database is away')) : Promise.resolve(value !== 'late')));
    expect(await throttle.push('a', 'early')).toBe(true);
    expect(await throttle.push('b', 'late')).toBe(false);
    await expect(throttle.push('c', 'bad')).rejects.toThrow('the database is away');
    throttle.close();
  });
});
