/** The table that is shown until another one is chosen. */
import type { Job } from '@corrente/shared/contract/job';
import { finalStates } from '@corrente/shared/contract/job';
import type { ResultTable } from '@corrente/shared/contract/result';

/** The first one; of a training that runs and has no metrics yet, its losses. Undefined where there is no table. */
export function firstShown({ state, tables }: Pick<Job, 'state' | 'tables'>): ResultTable | undefined {
  const [main] = tables;
  if (main === undefined || finalStates.has(state) || main.rows + main.provisionalRows > 0) return main;
  return tables.find(({ name, columns }) => name === 'history' && columns.some((column) => column.name === 'val_loss')) ?? main;
}
