import type { Job, JobEvent } from '@corrente/shared/contract/job';
import { describe, expect, it } from 'vitest';
import { applyEvent } from './job-events.ts';

const job = {
  id: 'job_00000000000000000000000000', state: 'running', progress: { fraction: 0, stage: 'reading', message: '' },
  tables: [{ name: 'matrix', title: 'Matrix', columns: [], rows: 40, parts: 1, bytes: 0, complete: false }],
} as unknown as Job;
const part = (table: string, number: number, totalRows: number): JobEvent => ({ seq: 3, type: 'part', data: { table, part: number, rows: 40, totalRows } });

describe('applyEvent', () => {
  it('takes progress over as long as the state is the same', () => {
    const progress = { fraction: 0.5, stage: 'computing', message: 'half' };
    expect(applyEvent(job, { seq: 2, type: 'progress', data: { ...progress, state: 'running' } })?.progress).toEqual(progress);
    expect(applyEvent(job, { seq: 2, type: 'progress', data: { ...progress, state: 'queued' } })).toBeNull();
  });

  it('never lets a replayed part take rows away', () => {
    expect(applyEvent(job, part('matrix', 2, 80))?.tables[0]).toMatchObject({ parts: 2, rows: 80 });
    expect(applyEvent(job, part('matrix', 1, 20))?.tables[0]).toMatchObject({ parts: 1, rows: 40 });
  });

  it('counts provisional rows apart from those for good', () => {
    const shown: JobEvent = { seq: 4, type: 'part', data: { table: 'matrix', part: 7, rows: 5, totalRows: 95, provisional: true } };
    expect(applyEvent(job, shown)?.tables[0]).toMatchObject({ parts: 1, rows: 40, provisionalRows: 95 });
  });

  it('asks for the job again where a table is new or the job has ended', () => {
    expect(applyEvent(job, part('pairs', 1, 10))).toBeNull();
    expect(applyEvent(job, { seq: 9, type: 'succeeded', data: { cachedFrom: null } })).toBeNull();
  });
});
