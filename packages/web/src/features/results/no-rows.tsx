import { Empty } from '../../components/page.tsx';
import type { ArrivingTable } from './use-result-table.ts';

/** In place of a picture without rows: they are still to come, or the job has ended without them. */
export function NoRows({ state }: { state: ArrivingTable['state'] }) {
  return state === 'broken' ? <Empty title="The job ended before its first rows" /> : <Empty title={state === 'complete' ? 'The table is empty' : 'No rows have arrived yet'} />;
}
