/** Cancelling, progress and refusals: what every engine must do besides computing. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Precision } from '@corrente/shared/contract/engine';
import { gaussianColumns } from '../../test/series/columns.ts';
import type { Engine, OpOptions, RollingRequest } from './contract.ts';
import { inBothPrecisions } from './engine.cases.precision.ts';
import type { EngineCase } from './engine.cases.ts';

type Work = (engine: Engine, options: OpOptions) => Promise<unknown>;

/** Throws unless the work rejects with a CorrenteError, and with this code where one is given. */
export async function assertRejects(work: () => Promise<unknown>, code?: CorrenteError['code']): Promise<void> {
  let outcome: unknown;
  try {
    await work();
    outcome = 'success';
  } catch (error) {
    outcome = error;
  }
  if (!(outcome instanceof CorrenteError)) throw new Error(`got ${String(outcome)}, expected a CorrenteError${code === undefined ? '' : ` with code ${code}`}`);
  if (code !== undefined && outcome.code !== code) throw new Error(`got code ${outcome.code} (${outcome.message}), expected ${code}`);
}

const requests: readonly RollingRequest[] = (['mean', 'std', 'min', 'max', 'ema', 'wma'] as const).map((kind) => ({ kind, window: 250, ddof: 1 }));

const rollingWork: Work = (engine, options) => engine.rolling(gaussianColumns(3, 500), requests, options);

const tileWork: Work = async (engine, options) => {
  const session = await engine.openCorrelation(gaussianColumns(8, 100), { method: 'pearson', ddof: 0 }, { precision: options.precision });
  try {
    return await session.tile(0, 8, 0, 8, options);
  } finally {
    session.close();
  }
};

const openWork: Work = async (engine, options) => (await engine.openCorrelation(gaussianColumns(8, 100), { method: 'pearson', ddof: 0 }, options)).close();

/**
 * Calls `work` over and over, whatever its speed, aborts in the midst of it, and wants the rejection within the second
 * that the contract allows. An engine that never rejects is given up after 10 seconds.
 */
export async function checkAbortInMidst(work: (options: OpOptions) => Promise<unknown>, precision: Precision): Promise<void> {
  const controller = new AbortController();
  let abortedAt = Number.NaN;
  const timer = setTimeout(() => {
    abortedAt = performance.now();
    controller.abort();
  }, 30);
  const start = performance.now();
  try {
    await assertRejects(async () => {
      while (performance.now() - start < 10_000) await work({ precision, signal: controller.signal });
    }, 'cancelled');
  } finally {
    clearTimeout(timer);
  }
  const waited = performance.now() - abortedAt;
  if (!(waited < 1000)) throw new Error(`the rejection came ${waited} ms after the abort, expected less than 1000 ms`);
}

async function checkAbortOfTile(engine: Engine, missing: number, precision: Precision): Promise<void> {
  const columns = gaussianColumns(400, 3000, { seed: 71, missing });
  const session = await engine.openCorrelation(columns, { method: 'pearson', ddof: 0 }, { precision });
  try {
    await checkAbortInMidst((options) => session.tile(0, 400, 0, 400, options), precision);
    // The session outlives a cancelled tile.
    const { r } = await session.tile(5, 6, 5, 6, { precision });
    if (r[0] !== 1) throw new Error(`after a cancelled tile the diagonal was ${r[0]}, expected 1`);
  } finally {
    session.close();
  }
}

/** Progress climbs within [0, 1]. */
export async function checkProgress(work: (options: OpOptions) => Promise<unknown>, precision: Precision): Promise<void> {
  let last = 0;
  const wrong: string[] = [];
  await work({
    precision,
    onProgress: (fraction) => {
      if (!(fraction >= last && fraction <= 1)) wrong.push(`${fraction} after ${last}`);
      last = fraction;
    },
  });
  if (wrong.length > 0) throw new Error(`progress came as ${wrong.slice(0, 3).join(', ')}; expected it to climb within [0, 1]`);
}

const aborted = (precision: Precision): OpOptions => ({ precision, signal: AbortSignal.abort() });

export const controlCases: EngineCase[] = [
  ...inBothPrecisions('cancel: rolling with an aborted signal rejects with code cancelled', (engine, precision) => assertRejects(() => rollingWork(engine, aborted(precision)), 'cancelled')),
  ...inBothPrecisions('cancel: openCorrelation with an aborted signal rejects with code cancelled', (engine, precision) => assertRejects(() => openWork(engine, aborted(precision)), 'cancelled')),
  ...inBothPrecisions('cancel: a tile with an aborted signal rejects with code cancelled', (engine, precision) => assertRejects(() => tileWork(engine, aborted(precision)), 'cancelled')),
  ...inBothPrecisions('cancel: rolling that is aborted in its midst rejects within a second', (engine, precision) => {
    const columns = gaussianColumns(40, 20_000, { seed: 72 });
    return checkAbortInMidst((options) => engine.rolling(columns, requests, options), precision);
  }),
  ...[0, 0.1].flatMap((missing) =>
    inBothPrecisions(`cancel: a tile that is aborted in its midst rejects within a second, and the session lives on (missing ${missing})`, (engine, precision) => checkAbortOfTile(engine, missing, precision)),
  ),
  ...inBothPrecisions('progress: rolling reports fractions that climb within [0, 1]', (engine, precision) => {
    const columns = gaussianColumns(20, 5000, { seed: 73, missing: 0.001 });
    return checkProgress((options) => engine.rolling(columns, requests, options), precision);
  }),
  ...inBothPrecisions('progress: a tile reports fractions that climb within [0, 1]', async (engine, precision) => {
    const session = await engine.openCorrelation(gaussianColumns(150, 600, { seed: 74, missing: 0.1 }), { method: 'pearson', ddof: 0 }, { precision });
    try {
      await checkProgress((options) => session.tile(0, 150, 0, 150, options), precision);
    } finally {
      session.close();
    }
  }),
  ...inBothPrecisions('refusal: a window of 0 rows is an error that says so', (engine, precision) =>
    assertRejects(() => engine.rolling(gaussianColumns(1, 9), [{ kind: 'mean', window: 0, ddof: 0 }], { precision })),
  ),
  ...inBothPrecisions('refusal: a tile beyond the last series is an error', async (engine, precision) => {
    const session = await engine.openCorrelation(gaussianColumns(4, 30), { method: 'pearson', ddof: 0 }, { precision });
    try {
      await assertRejects(() => session.tile(0, 5, 0, 4, { precision }));
    } finally {
      session.close();
    }
  }),
];
