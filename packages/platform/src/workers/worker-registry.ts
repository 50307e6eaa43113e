/** The workers that are there, as they announce themselves. */
import type { EngineInfo } from '@corrente/shared/contract/engine';
import { statement, type Database } from '../database/database.ts';
import type { WorkerRegistry } from '../platform.ts';

interface WorkerRow {
  readonly id: string;
  readonly engines: EngineInfo[];
  readonly memory_bytes: number;
  readonly seen_at: Date;
}

/** What has expired goes with the next announcement of anyone. */
const announceWorker = statement(
  'announce-worker',
  `with expired as (delete from workers where id <> $1 and seen_at < clock_timestamp() - $4 * interval '1 millisecond')
   insert into workers (id, engines, memory_bytes) values ($1, $2::json, $3)
   on conflict (id) do update set engines = excluded.engines, memory_bytes = excluded.memory_bytes, seen_at = clock_timestamp()`,
);
const withdrawWorker = statement('withdraw-worker', 'delete from workers where id = $1');
const liveWorkers = statement<WorkerRow>('live-workers', `select * from workers where seen_at >= clock_timestamp() - $1 * interval '1 millisecond' order by id`);

/** @param expiryMs after how many milliseconds without an announcement a worker counts as gone. */
export function createWorkerRegistry(database: Database, expiryMs: number): WorkerRegistry {
  return {
    async announce({ id, engines, memoryBytes }) {
      await database.query(announceWorker, [id, JSON.stringify(engines), memoryBytes, expiryMs]);
    },
    async withdraw(workerId) {
      await database.query(withdrawWorker, [workerId]);
    },
    async list() {
      const rows = await database.query(liveWorkers, [expiryMs]);
      return rows.map((row) => ({ id: row.id, engines: row.engines, memoryBytes: row.memory_bytes, seenAt: row.seen_at.toISOString() }));
    },
  };
}
