/** An engine process that also knows the analysis of the tests. */
import { addStepwise } from '@corrente/compute/run/stepwise.testing';

addStepwise();
await import('@corrente/compute/worker/engine-process');
