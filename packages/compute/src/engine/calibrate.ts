/** What an engine does in a second, measured through its own operations in some tenths of a second. */
import type { Calibration, Precision } from '@corrente/shared/contract/engine';
import type { Columns, Engine } from './contract.ts';

/** A measurement grows its work until it takes so long; what is shorter is mostly the clock's and the launch's. */
const enoughSeconds = 0.03;
const launches = 20;
const repeats = 2;

export type Clock = () => number;

/** Values of no order, over and over; the period is prime, so that no two series are alike. */
function columnsOf(series: number, length: number): Columns {
  const period = 4099;
  const values = new Float64Array(series * length);
  for (let i = 0; i < Math.min(period, values.length); i++) values[i] = ((i * 2654435761) % 4096) / 4096;
  for (let filled = period; filled < values.length; filled *= 2) values.copyWithin(filled, 0, filled);
  return { values, series, length, stride: length };
}

/** The least of some repetitions: whatever else the machine does only adds. */
async function leastSeconds(clock: Clock, times: number, work: () => Promise<unknown>): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < times; i++) {
    const start = clock();
    await work();
    least = Math.min(least, (clock() - start) / 1000);
  }
  return least;
}

interface Measured {
  readonly amount: number;
  readonly seconds: number;
}

/** Doubles the size until the work takes long enough, or the sizes end. */
async function growing(clock: Clock, sizes: readonly number[], work: (size: number) => { amount: number; run: () => Promise<unknown> }): Promise<Measured> {
  let last: Measured = { amount: 1, seconds: 1 };
  for (const size of sizes) {
    const { amount, run } = work(size);
    last = { amount, seconds: await leastSeconds(clock, repeats, run) };
    if (last.seconds >= enoughSeconds) break;
  }
  return last;
}

const rolling = (engine: Engine, columns: Columns): Promise<unknown> => engine.rolling(columns, [{ kind: 'mean', window: 8, ddof: 0 }], { precision: 'f64' });

async function correlate(engine: Engine, columns: Columns, precision: Precision): Promise<void> {
  const session = await engine.openCorrelation(columns, { method: 'pearson', ddof: 0 }, { precision });
  try {
    await session.tile(0, columns.series, 0, columns.series, { precision });
  } finally {
    session.close();
  }
}

/** A rate without what every call costs, which must not take more than half of what was measured. */
const rateOf = ({ amount, seconds }: Measured, overhead: number): number => amount / Math.max(seconds - overhead, seconds / 2, 1e-9);

/**
 * Measures an engine that is available; `clock` gives milliseconds. The rolling mean, which reads and writes each value
 * once, gives the rate of copying, which on a device apart is that of the transfer: its own memory is many times as fast.
 * The correlation matrix gives the rate of multiplying. The portable engine is measured under f64 only: under f32 it
 * would have to load gpu.js.
 */
export async function calibrate(engine: Engine, clock: Clock = () => performance.now()): Promise<Calibration> {
  const apart = engine.name === 'cuda';
  const smallest = columnsOf(1, 16);
  // The first call also opens what is opened once: threads, the device.
  await rolling(engine, smallest);
  const launchSeconds = await leastSeconds(clock, launches, () => rolling(engine, smallest));

  const moved = await growing(clock, [2 ** 15, 2 ** 17, 2 ** 19, 2 ** 21, 2 ** 22], (length) => {
    const columns = columnsOf(1, length);
    return { amount: 16 * length, run: () => rolling(engine, columns) };
  });
  const bytesPerSecond = rateOf(moved, launchSeconds);

  const rows = 512;
  const multiply = async (precision: Precision): Promise<number> => {
    const multiplied = await growing(clock, [48, 96, 192, 384, 768, 1536, 3072], (series) => {
      const columns = columnsOf(series, rows);
      return { amount: series * (series + 1) * rows, run: () => correlate(engine, columns, precision) };
    });
    return rateOf(multiplied, launchSeconds);
  };
  const { precisions } = engine.info();
  const f64 = await multiply(precisions.includes('f64') ? 'f64' : 'f32');
  const f32 = precisions.includes('f32') && engine.name !== 'portable' ? await multiply('f32') : null;
  return { copyBytesPerSecond: apart ? null : bytesPerSecond, operationsPerSecond: { f64, f32 }, launchSeconds, transferBytesPerSecond: apart ? bytesPerSecond : null, measuredAt: new Date().toISOString() };
}
