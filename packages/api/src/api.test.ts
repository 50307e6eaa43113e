/** The API over a platform in memory. All cases run in one file, so that the last one can tell what none has seen. */
import { documentedStatuses, routes, type RouteName } from '@corrente/shared/contract/http';
import { describe, expect, test } from 'vitest';
import { guardCases } from './middleware/guards.cases.ts';
import { datasetCases } from './routes/datasets/datasets.cases.ts';
import { dashboardCases } from './routes/dashboard/dashboard.cases.ts';
import { eventCases } from './routes/events/events.cases.ts';
import { jobCases } from './routes/jobs/jobs.cases.ts';
import { resultCases } from './routes/results/results.cases.ts';
import { serviceCases } from './routes/service.cases.ts';
import { statusesSeen } from './testing/recorder.ts';

datasetCases();
jobCases();
eventCases();
resultCases();
serviceCases();
guardCases();
dashboardCases();

describe('the description', () => {
  test.each(Object.keys(routes) as RouteName[])('%s answers with each status that it documents, and with no other', (name) => {
    // A fault inside, and a method that an address does not take, are documented for all at once.
    const seen = statusesSeen(name).filter((status) => status !== 500 && status !== 405).sort((a, b) => a - b);
    expect(seen).toEqual(documentedStatuses(routes[name]).filter((status) => status !== 500));
  });
});
