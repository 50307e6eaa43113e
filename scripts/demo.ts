/**
 * `npm run demo`: starts the platform on its embedded defaults, imports the bundled data, runs one job of each
 * analysis through the job API, prints what it found and the dashboard's address, and stays up.
 * `npm run demo -- --exit` ends it when the jobs are done; exit code 0 only if all succeeded.
 */
import { CorrenteClient } from '@corrente/shared/client/corrente-client';
import { analyses } from '@corrente/shared/contract/analyses/index';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { loadConfig } from '@corrente/platform/config/config';
import { describeEnd, watchJob } from '../packages/cli/src/terminal/watch-job.ts';
import { datasetOfFile } from '../packages/cli/src/terminal/import-file.ts';
import { reportLines } from '../packages/cli/src/terminal/report.ts';
import { reportError } from '../packages/cli/src/terminal/errors.ts';
import { interruptSignal } from '../packages/cli/src/terminal/signals.ts';
import { bold, say } from '../packages/cli/src/terminal/words.ts';
import { startPlatform } from '../packages/cli/src/serve/start-platform.ts';
import { join } from 'node:path';
import { stories } from './demo/stories.ts';

const sample = join(import.meta.dirname, '..', 'data', 'sp500-2013-2018.parquet');

/** Runs one analysis and tells of it; false where it failed, its error having been shown. */
async function runStory(client: CorrenteClient, dataset: Dataset, name: string): Promise<boolean> {
  say(`\n${bold(analyses.get(name)?.title ?? name)}`);
  const story = stories[name];
  try {
    if (story === undefined) throw new Error(`The demo tells no story of the analysis "${name}".`);
    const { id } = await client.submit({ ...(await story.spec(dataset, client)), fresh: true });
    const job = await watchJob(client, id, { quiet: !process.stderr.isTTY });
    for (const line of await story.tell(client, job)) say(`  ${line}`);
    say(`  ${describeEnd(job)}`);
    return true;
  } catch (error) {
    reportError(error, false);
    return false;
  }
}

const exitWhenDone = process.argv.includes('--exit');
// A demo in a terminal should show its own story, not the server's log.
const config = loadConfig({ CORRENTE_LOG: 'warn', ...process.env });
const platform = await startPlatform(config, { otherPortIfTaken: true });
let succeeded = true;
try {
  const client = new CorrenteClient({ baseUrl: platform.address, apiKey: config.apiKeys[0] });
  say(bold('Sample data'));
  const dataset = await datasetOfFile(client, sample, { name: 'S&P 500, 2013 to 2018' });
  for (const line of reportLines(dataset)) say(`  ${line}`);
  for (const name of analyses.keys()) succeeded = (await runStory(client, dataset, name)) && succeeded;
  say(`\n${bold('Dashboard')}  ${platform.address}`);
  if (!exitWhenDone) {
    say('Ctrl-C ends it; what it stored stays.');
    const stop = interruptSignal();
    if (!stop.aborted) await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve()));
  }
} finally {
  await platform.close();
}
process.exit(succeeded ? 0 : 1);
