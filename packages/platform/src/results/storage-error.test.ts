import { open } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { databaseError } from '../database/database-error.ts';
import { isDiskFull, storageError } from './storage-error.ts';

test.skipIf(!existsSync('/dev/full'))('a write to a full disk becomes disk-full and names the place', async () => {
  const file = await open('/dev/full', 'w');
  const error = await file.write('x').then(() => null, (failure: unknown) => storageError(failure, 'results/job_1/1/pairs-0'));
  await file.close();
  expect(error).toMatchObject({ code: 'disk-full' });
  expect(error?.message).toContain('results/job_1/1/pairs-0');
});

test.each(['ENOSPC', 'EDQUOT'])('a write that fails with %s met a full disk', (code) => {
  const error = Object.assign(new Error('write failed'), { code });
  expect(isDiskFull(error)).toBe(true);
  expect(storageError(error, 'out.csv')).toMatchObject({ code: 'disk-full', message: `No space is left to write out.csv (${code}).` });
});

test.each([Object.assign(new Error('write failed'), { code: 'EACCES' }), new Error('disk full'), null, 'ENOSPC'])('%s met none', (error) => {
  expect(isDiskFull(error)).toBe(false);
});

test('what PostgreSQL says is sorted into full, away and wrong', () => {
  const codes = ['53100', '57P01', '08006', 'ECONNREFUSED', '57014', '42601', '23505'].map((code) => databaseError(Object.assign(new Error('said'), { code })).code);
  expect(codes).toEqual(['disk-full', 'not-ready', 'not-ready', 'not-ready', 'not-ready', 'internal', 'internal']);
  expect(databaseError(new Error('Connection terminated unexpectedly')).code).toBe('not-ready');
});
