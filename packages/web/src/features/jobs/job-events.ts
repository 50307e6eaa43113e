/** What an event changes in the job that is shown. */
import type { Job, JobEvent } from '@corrente/shared/contract/job';

export interface LogLine {
  readonly seq: number;
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

/** The job as it is after the event, or null where the event says too little and the job must be read again. */
export function applyEvent(job: Job, event: JobEvent): Job | null {
  switch (event.type) {
    case 'progress': {
      const { state, ...progress } = event.data;
      // A change of state brings the engine, the tables and the attempt with it.
      return state === job.state ? { ...job, progress } : null;
    }
    case 'part': {
      const known = job.tables.some((table) => table.name === event.data.table);
      if (!known) return null;
      const { table: name, part, totalRows, provisional } = event.data;
      const changed = (table: Job['tables'][number]) => (provisional === true ? { ...table, provisionalRows: totalRows } : { ...table, parts: Math.max(table.parts, part), rows: Math.max(table.rows, totalRows) });
      return { ...job, tables: job.tables.map((table) => (table.name === name ? changed(table) : table)) };
    }
    case 'log':
      return job;
    case 'succeeded':
    case 'failed':
    case 'cancelled':
      return null;
  }
}
