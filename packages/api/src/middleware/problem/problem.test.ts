import { CorrenteError } from '@corrente/shared/contract/errors';
import { expect, test } from 'vitest';
import { knownError } from './problem.ts';

test.each([
  [new CorrenteError('job-final', 'It has ended.'), 'job-final'],
  [Object.assign(new Error('no space left'), { code: 'ENOSPC', syscall: 'write' }), 'disk-full'],
  [Object.assign(new Error('not found'), { status: 404 }), 'not-found'],
  [Object.assign(new Error('unsupported charset'), { status: 415 }), 'unsupported-media-type'],
  [Object.assign(new Error('too large'), { status: 413, limit: 10 }), 'payload-too-large'],
  [Object.assign(new Error('bad'), { status: 400, type: 'entity.parse.failed' }), 'bad-request'],
  [Object.assign(new Error('broken'), { status: 502 }), 'internal'],
  [new URIError('URI malformed'), 'not-found'],
  [new TypeError('x is not a function'), 'internal'],
  ['a string', 'internal'],
])('%s becomes %s', (error, code) => {
  expect(knownError(error).code).toBe(code);
});

test('a fault keeps its cause for the log', () => {
  const cause = new TypeError('x is not a function');
  expect(knownError(cause).cause).toBe(cause);
});
