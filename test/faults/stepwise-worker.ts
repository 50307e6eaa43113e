/** A worker as a process of its own that also knows the analysis of the tests: what the fault tests kill. */
import { addStepwise } from '@corrente/compute/run/stepwise.testing';
import { runWorker } from '@corrente/compute/worker/main';
import { loadConfig } from '@corrente/platform/config/config';

addStepwise();
await runWorker(loadConfig(process.env), { engineScript: new URL('stepwise-engine.ts', import.meta.url) });
