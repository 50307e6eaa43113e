import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { expect, test } from 'vitest';
import { configTable, loadConfig, variables } from './config.ts';

function refusal(env: NodeJS.ProcessEnv): CorrenteError {
  try {
    loadConfig(env);
  } catch (error) {
    if (error instanceof CorrenteError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(env)} was taken`);
}

test('without any variable everything has its documented default, and empty counts as not set', () => {
  const config = loadConfig({});
  expect(config).toEqual({
    home: resolve('.corrente'), databaseUrl: null, redisUrl: null, databaseConnections: 10, host: '127.0.0.1', port: 8420, apiKeys: [], maxUploadBytes: 4 * 2 ** 30,
    logLevel: 'info', engineMemoryBytes: null, workerConcurrency: 1, leaseMs: 10_000, reconcileMs: 2_000,
  });
  expect(loadConfig(Object.fromEntries(Object.keys(variables).map((name) => [name, ' '])))).toEqual(config);
});

test('values are read with their units and spaces', () => {
  const config = loadConfig({ CORRENTE_MAX_UPLOAD: '1.5 GiB', CORRENTE_ENGINE_MEMORY: '512MB', CORRENTE_API_KEYS: ' first-key , second-key,', DATABASE_URL: 'postgres://a:b@h/d', REDIS_URL: 'rediss://h' });
  expect(config).toMatchObject({ maxUploadBytes: 1.5 * 2 ** 30, engineMemoryBytes: 512e6, apiKeys: ['first-key', 'second-key'], databaseUrl: 'postgres://a:b@h/d', redisUrl: 'rediss://h' });
});

test.each([
  ['CORRENTE_PORT', '70000', 'from 0 to 65535'],
  ['CORRENTE_PORT', 'http', 'whole number'],
  ['CORRENTE_PORT', '80.5', 'whole number'],
  ['CORRENTE_LEASE_MS', '1', 'from 500'],
  ['CORRENTE_MAX_UPLOAD', '4 parsecs', 'bytes'],
  ['CORRENTE_MAX_UPLOAD', '-1', 'bytes'],
  ['CORRENTE_ENGINE_MEMORY', '1MB', 'at least 67108864'],
  ['CORRENTE_LOG', 'loud', 'warn'],
])('%s=%s is refused with the name, the value and what is expected', (name, value, expected) => {
  const error = refusal({ [name]: value });
  expect(error.code).toBe('invalid-config');
  expect(error.message).toContain(name);
  expect(error.message).toContain(JSON.stringify(value));
  expect(error.message).toContain(expected);
});

test.each([
  ['DATABASE_URL', 'mysql://user:hunter2@host/db'],
  ['REDIS_URL', 'http://:hunter2@host'],
  ['CORRENTE_API_KEYS', 'hunter2'],
])('a wrong %s is refused without showing it', (name, value) => {
  const error = refusal({ [name]: value });
  expect(error.message).toContain(name);
  expect(error.message).not.toContain('hunter2');
});

test('docs/operations.md holds the table of variables as the code has it', async () => {
  const text = await readFile(new URL('../../../../docs/operations.md', import.meta.url), 'utf8');
  expect(text).toContain(configTable());
});
