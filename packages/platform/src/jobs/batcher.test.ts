import { expect, test } from 'vitest';
import { batched } from './batcher.ts';

test('calls at the same time share a load, and a call during a load waits for one that begins after it', async () => {
  const loads: string[][] = [];
  let value = 1;
  const gate = Promise.withResolvers<void>();
  const get = batched(async (keys: readonly string[]) => {
    loads.push([...keys]);
    const seen = value;
    if (loads.length === 1) await gate.promise;
    return new Map(keys.map((key) => [key, seen]));
  });
  const first = Promise.all([get('a'), get('a'), get('b')]);
  await Promise.resolve();
  await new Promise((resolve) => setImmediate(resolve));
  value = 2;
  const second = get('a');
  gate.resolve();
  expect(await first).toEqual([1, 1, 1]);
  expect(await second).toBe(2);
  expect(loads).toEqual([['a', 'b'], ['a']]);
});

test('a load that fails fails its calls and no others; a key without a value is null', async () => {
  let fail = true;
  const get = batched(async (_keys: readonly string[]): Promise<Map<string, number>> => {
    if (fail) throw new Error('away');
    return new Map();
  });
  await expect(get('a')).rejects.toThrow('away');
  fail = false;
  expect(await get('a')).toBeNull();
});
