/** What the demo does with one analysis, and how it reads result tables. */
import type { CorrenteClient } from '@corrente/shared/client/corrente-client';
import type { Dataset } from '@corrente/shared/contract/dataset';
import type { Job, JobSpecInput } from '@corrente/shared/contract/job';
import type { Table } from 'apache-arrow';

export interface Story {
  /** Runs, through the client, the jobs whose results it reads, where it reads any. */
  readonly spec: (dataset: Dataset, client: CorrenteClient) => JobSpecInput | Promise<JobSpecInput>;
  /** A few lines about what was found. */
  readonly tell: (client: CorrenteClient, job: Job) => Promise<string[]>;
}

/** A numeric column, NaN where missing. */
export function column(table: Table, name: string): Float64Array {
  const vector = table.getChild(name);
  if (vector === null) throw new Error(`The table has no column "${name}".`);
  return Float64Array.from(vector, (value: unknown) => (typeof value === 'number' ? value : Number.NaN));
}

/** A column as texts, empty where missing. */
export function texts(table: Table, name: string): string[] {
  const vector = table.getChild(name);
  if (vector === null) throw new Error(`The table has no column "${name}".`);
  return Array.from(vector, (value: unknown) => (typeof value === 'string' ? value : ''));
}
