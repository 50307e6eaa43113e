/** The configuration: environment variables, validated once, at the start of a process. */
import { resolve } from 'node:path';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { z } from 'zod';
import { byteSize, integer, list, urlOf } from './values.ts';

/** How a variable is shown in the documentation; `secret` values never appear in an error. */
interface VariableMeta {
  readonly description: string;
  /** What holds where the variable is not set, in words. */
  readonly fallback: string;
  readonly secret?: boolean;
}

const variable = <T extends z.ZodType>(schema: T, meta: VariableMeta) => ({ schema, meta });

/** Every variable there is. docs/operations.md shows this table; a test compares the two. */
export const variables = {
  CORRENTE_HOME: variable(z.string().default('.corrente').transform((path) => resolve(path)), {
    description: 'Folder of everything Corrente stores: the embedded database, data sets, results.',
    fallback: '`.corrente` in the current folder',
  }),
  DATABASE_URL: variable(urlOf('postgres', 'postgresql').nullable().default(null), {
    description: 'An external PostgreSQL (14 or newer) instead of the embedded one.',
    fallback: 'the embedded PostgreSQL',
    secret: true,
  }),
  REDIS_URL: variable(urlOf('redis', 'rediss').nullable().default(null), {
    description: 'Redis (6.2 or newer) for the queue, for many hosts.',
    fallback: 'the queue is in PostgreSQL',
    secret: true,
  }),
  CORRENTE_DATABASE_CONNECTIONS: variable(integer(2, 500).default(10), {
    description: 'Connections to PostgreSQL that one process may hold for its own queries.',
    fallback: '`10`',
  }),
  CORRENTE_HOST: variable(z.string().default('127.0.0.1'), {
    description: 'Address the API listens on. Any but a loopback address needs an API key.',
    fallback: '`127.0.0.1`',
  }),
  CORRENTE_PORT: variable(integer(0, 65_535).default(8420), {
    description: 'Port the API listens on; 0 takes a free one.',
    fallback: '`8420`',
  }),
  CORRENTE_API_KEYS: variable(list(8).default([]), {
    description: 'API keys, separated by commas, each of at least 8 characters.',
    fallback: 'none; the API is open on a loopback address',
    secret: true,
  }),
  CORRENTE_MAX_UPLOAD: variable(byteSize(1).default(4 * 2 ** 30), {
    description: 'Largest file that may be imported, in bytes or with a unit (`500MB`, `4GiB`).',
    fallback: '`4GiB`',
  }),
  CORRENTE_LOG: variable(z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'), {
    description: 'Least level that is logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
    fallback: '`info`',
  }),
  CORRENTE_ENGINE_MEMORY: variable(byteSize(64 * 2 ** 20).nullable().default(null), {
    description: 'Memory that one engine process may use (at least `64MiB`); a job that needs more is refused.',
    fallback: 'worked out from the memory of the machine',
  }),
  CORRENTE_WORKER_CONCURRENCY: variable(integer(1, 64).default(1), {
    description: 'Jobs that one worker runs at the same time, each in its own engine process.',
    fallback: '`1`',
  }),
  CORRENTE_LEASE_MS: variable(integer(500, 600_000).default(10_000), {
    description: 'Milliseconds without a sign of life after which a worker counts as lost and its job runs again.',
    fallback: '`10000`',
  }),
  CORRENTE_RECONCILE_MS: variable(integer(50, 600_000).default(2_000), {
    description: 'Milliseconds between two looks for lapsed leases and for jobs that the queue has lost.',
    fallback: '`2000`',
  }),
} as const;

type Values = { readonly [Name in keyof typeof variables]: z.output<(typeof variables)[Name]['schema']> };

export interface Config {
  /** Absolute path. */
  readonly home: string;
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly databaseConnections: number;
  readonly host: string;
  readonly port: number;
  readonly apiKeys: readonly string[];
  readonly maxUploadBytes: number;
  readonly logLevel: Values['CORRENTE_LOG'];
  readonly engineMemoryBytes: number | null;
  readonly workerConcurrency: number;
  readonly leaseMs: number;
  readonly reconcileMs: number;
}

function read<Name extends keyof typeof variables>(env: NodeJS.ProcessEnv, name: Name): Values[Name] {
  const text = env[name]?.trim();
  const { schema, meta }: { schema: z.ZodType; meta: VariableMeta } = variables[name];
  const parsed = schema.safeParse(text === '' ? undefined : text);
  if (parsed.success) return parsed.data as Values[Name];
  const came = meta.secret ? 'a value that is not shown' : JSON.stringify(text);
  const expected = parsed.error.issues.map((issue) => issue.message).join('; ');
  throw new CorrenteError('invalid-config', `${name} is ${came}; expected: ${expected}.`, { cause: parsed.error });
}

/**
 * The configuration that the environment states. An empty variable counts as not set.
 * @throws CorrenteError `invalid-config` naming the first variable that is wrong, what came and what is expected.
 */
export function loadConfig(env: NodeJS.ProcessEnv): Config {
  return {
    home: read(env, 'CORRENTE_HOME'),
    databaseUrl: read(env, 'DATABASE_URL'),
    redisUrl: read(env, 'REDIS_URL'),
    databaseConnections: read(env, 'CORRENTE_DATABASE_CONNECTIONS'),
    host: read(env, 'CORRENTE_HOST'),
    port: read(env, 'CORRENTE_PORT'),
    apiKeys: read(env, 'CORRENTE_API_KEYS'),
    maxUploadBytes: read(env, 'CORRENTE_MAX_UPLOAD'),
    logLevel: read(env, 'CORRENTE_LOG'),
    engineMemoryBytes: read(env, 'CORRENTE_ENGINE_MEMORY'),
    workerConcurrency: read(env, 'CORRENTE_WORKER_CONCURRENCY'),
    leaseMs: read(env, 'CORRENTE_LEASE_MS'),
    reconcileMs: read(env, 'CORRENTE_RECONCILE_MS'),
  };
}

/** The table of variables as docs/operations.md holds it. */
export function configTable(): string {
  const rows = Object.entries(variables).map(([name, { meta }]) => `| \`${name}\` | ${meta.description} | ${meta.fallback} |`);
  return ['| variable | meaning | without it |', '|---|---|---|', ...rows].join('\n');
}
