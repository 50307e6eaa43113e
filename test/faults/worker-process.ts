/** A worker, or a whole server without its HTTP part, as a process of its own: what the fault tests kill. */
import { runWorker } from '@corrente/compute/worker/main';
import { loadConfig } from '@corrente/platform/config/config';

await runWorker(loadConfig(process.env));
