/** `corrente engines`: the engines of this machine or, with --server, of a server's workers. */
import { CorrenteClient } from '@corrente/shared/client/corrente-client';
import type { EngineInfo } from '@corrente/shared/contract/engine';
import { inSeconds } from '@corrente/shared/contract/engine-choice';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { Command } from 'commander';
import { explainChoices } from '../engines/explain-choices.ts';
import { printJson, printTable, say } from '../terminal/words.ts';

interface Options {
  readonly server?: string;
  readonly apiKey?: string;
  readonly explain?: boolean;
  readonly calibrate?: boolean;
  readonly json?: boolean;
}

async function infos(options: Options): Promise<readonly EngineInfo[]> {
  if (options.server !== undefined && options.calibrate === true) throw new CorrenteError('usage', '--calibrate measures the engines of this machine, and --server asks about others; give one of the two.');
  if (options.server !== undefined) return await new CorrenteClient({ baseUrl: options.server, apiKey: options.apiKey ?? process.env['CORRENTE_API_KEY'] }).engines();
  const { calibratedEngineInfos, engineInfos, recalibratedEngineInfos } = await import('@corrente/compute/engine/engines');
  if (options.calibrate === true) return await recalibratedEngineInfos();
  return options.explain === true ? await calibratedEngineInfos() : await engineInfos();
}

const rate = (perSecond: number | null, unit: string): string => (perSecond === null ? '' : `${Number((perSecond / 1e9).toPrecision(3))} ${unit}`);

async function explain(engines: readonly EngineInfo[], json: boolean): Promise<void> {
  // Why an engine is not there is told once, not with every job.
  const there = engines.filter((engine) => engine.available);
  const choices = explainChoices(there.length > 0 ? there : engines);
  if (json) return await printJson({ engines, choices });
  const measured = engines.flatMap(({ name, calibration }) => (calibration === undefined ? [] : [{ name, ...calibration }]));
  await printTable(
    ['engine', 'copies', 'multiplies in f64', 'in f32', 'a call', 'transfers', 'measured'],
    measured.map(({ name, copyBytesPerSecond, operationsPerSecond: { f64, f32 }, launchSeconds, transferBytesPerSecond, measuredAt }) => [
      name,
      rate(copyBytesPerSecond, 'GB/s'),
      rate(f64, 'GFLOP/s'),
      rate(f32, 'GFLOP/s'),
      inSeconds(launchSeconds),
      rate(transferBytesPerSecond, 'GB/s'),
      measuredAt,
    ]),
  );
  for (const { name, available, whyNot } of engines) if (!available) say(`${name} is not available: ${whyNot ?? 'it does not say why'}`);
  await printTable(['job', 'precision', 'choice'], choices.map(({ job, precision, reason }) => [job, precision, reason]));
}

export const command = new Command('engines')
  .description('Tell which engines there are, best first, and why one is not.')
  .option('--server <address>', 'ask a server instead of this machine')
  .option('--api-key <key>', 'key of the server (also CORRENTE_API_KEY)')
  .option('--explain', 'tell what the engines were measured to do, and which one auto would take for some jobs')
  .option('--calibrate', 'measure the engines of this machine anew, keep that for the choices of auto, and explain')
  .option('--json', 'print JSON')
  .action(async (options: Options) => {
    const engines = await infos(options);
    if (options.explain === true || options.calibrate === true) return await explain(engines, options.json === true);
    if (options.json === true) return await printJson(engines);
    await printTable(['engine', 'available', 'device', 'precisions'], engines.map((engine) => [engine.name, engine.available ? 'yes' : `no: ${engine.whyNot ?? ''}`, engine.device, engine.precisions.join(', ')]));
  });
