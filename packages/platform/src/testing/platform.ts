/** A whole platform for tests, on an embedded PostgreSQL and, if asked for, a Redis of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { loadConfig, type Config } from '../config/config.ts';
import { openPlatform, type OpenPlatform } from '../open.ts';
import { startEmbeddedForTests } from './embedded.ts';
import { startRedisForTests, type TestRedis } from './redis.ts';

export interface TestPlatform {
  readonly platform: OpenPlatform;
  readonly config: Config;
  /** Null where the queue is in PostgreSQL. */
  readonly redis: TestRedis | null;
  /** Another platform on the same database, queue and folder, as another process has it; closed with this one. */
  another(overrides?: Partial<Config>): Promise<OpenPlatform>;
  close(): Promise<void>;
}

/** Silent, with a reconciler that practically never runs by itself (`reconcileMs`), unless overridden. */
export async function openPlatformForTests(options: { redis?: boolean; config?: Partial<Config> } = {}): Promise<TestPlatform> {
  const home = await mkdtemp(join(tmpdir(), 'corrente-home-'));
  const database = await startEmbeddedForTests();
  const redis = options.redis === true ? await startRedisForTests() : null;
  const config: Config = { ...loadConfig({ CORRENTE_HOME: home, CORRENTE_RECONCILE_MS: '600000' }), databaseUrl: database.url, redisUrl: redis?.url ?? null, port: 0, ...options.config };
  const logger = pino({ level: 'silent' });
  const platform = await openPlatform(config, logger);
  const others: OpenPlatform[] = [];
  return {
    platform,
    config,
    redis,
    async another(overrides = {}) {
      const other = await openPlatform({ ...config, ...overrides }, logger);
      others.push(other);
      return other;
    },
    async close() {
      for (const one of [...others, platform]) await one.close();
      await redis?.close();
      await database.close();
      await rm(home, { recursive: true, force: true });
    },
  };
}
