import { jobId } from '@corrente/shared/contract/job';
import { expect, test } from 'vitest';
import { newJobId } from './job-id.ts';

test('ids are of the contract’s form, different, and sort by their time', () => {
  const ids = [0, 1, 1_000, 1_795_255_200_000, 2 ** 47, 2 ** 48 - 1].map((time) => newJobId(time));
  for (const id of ids) expect(jobId.safeParse(id).success).toBe(true);
  expect([...ids].sort()).toEqual(ids);
  expect(newJobId(5)).not.toBe(newJobId(5));
  expect(newJobId(0).slice(4, 14)).toBe('0000000000');
  expect(newJobId(2 ** 48 - 1).slice(4, 14)).toBe('7zzzzzzzzz');
});
