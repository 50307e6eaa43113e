/**
 * Ten indicators (15 outputs) of 500 series of 1,259 days: from the columns in memory to the outputs in memory. The peer
 * is TA-Lib itself, called from C. At least the four fields must be read and the outputs written.
 */
import { freshCpuEngine } from '../packages/compute/src/engine/cpu.testing.ts';
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import type { IndicatorRequest } from '../packages/compute/src/engine/contract.ts';
import type { NativeEngine } from '../packages/compute/src/engine/native.ts';
import { inTurn, timed, type Benchmark } from './benchmark.ts';
import { uniform } from './columns.ts';
import { startTalibPeer } from './peers/talib-peer.ts';

const series = 500;
const length = 1259;
const outputs = 15;

/** High, low, close and volume of random walks. */
function bars(): Float64Array[] {
  const next = uniform(1);
  const [high, low, close, volume] = Array.from({ length: 4 }, () => new Float64Array(series * length)) as [Float64Array, Float64Array, Float64Array, Float64Array];
  for (let s = 0; s < series; s += 1) {
    let price = 20 + 200 * next();
    for (let t = 0; t < length; t += 1) {
      const open = price;
      price *= 1 + 0.04 * (next() - 0.5);
      const at = s * length + t;
      close[at] = price;
      high[at] = Math.max(open, price) * (1 + 0.01 * next());
      low[at] = Math.min(open, price) * (1 - 0.01 * next());
      volume[at] = Math.round(1e6 * (0.5 + next()));
    }
  }
  return [high, low, close, volume];
}

const [high, low, close, volume] = [0, 1, 2, 3];
const bar = [high, low, close];
const requests: readonly IndicatorRequest[] = [
  { name: 'sma', parameters: [30], inputs: [close] },
  { name: 'ema', parameters: [30], inputs: [close] },
  { name: 'rsi', parameters: [14], inputs: [close] },
  { name: 'macd', parameters: [12, 26, 9], inputs: [close] },
  { name: 'bollinger', parameters: [20, 2, 2], inputs: [close] },
  { name: 'atr', parameters: [14], inputs: bar },
  { name: 'adx', parameters: [14], inputs: bar },
  { name: 'stochastic', parameters: [5, 3, 3], inputs: bar },
  { name: 'cci', parameters: [14], inputs: bar },
  { name: 'obv', parameters: [], inputs: [close, volume] },
];

export const benchmark: Benchmark = {
  summary: `ten indicators of ${series} series of ${length} days`,
  target: 'at least three times as fast as TA-Lib',
  async run(log) {
    const fields = bars();
    const blocks = fields.map((values) => ({ values, series, length, stride: length }));
    await using peer = await startTalibPeer(fields, series, length, log);
    const by = (engine: NativeEngine, precision: 'f64' | 'f32' = 'f64') => async (): Promise<number> => {
      let made: Awaited<ReturnType<typeof engine.indicators>> = [];
      const spent = await timed(async () => (made = await engine.indicators(blocks, requests, { precision })));
      for (const block of made.flat()) engine.release(block.buffer);
      return spent;
    };
    const theirs = async (): Promise<number> => (await peer.run()).ms;
    const engine = cpuEngine();
    const rounds = { rounds: 25, warmup: 3 };
    const all = await inTurn(by(engine), theirs, rounds);
    const one = await inTurn(by(freshCpuEngine({ threads: 1 })), theirs, rounds);
    const bytes = 8 * series * length * (fields.length + outputs);
    const peerName = 'TA-Lib from C, one thread';
    return {
      cases: [
        { case: 'ten indicators, 15 outputs', ...all, unit: 'ms', peerName, figures: { threads: engine.info().threads ?? 1, gigabytesPerSecond: bytes / all.ours / 1e6, nanosecondsPerValue: (1e6 * all.ours) / (series * length * outputs) } },
        { case: 'the same on one thread', ...one, unit: 'ms', peerName, figures: { threads: 1, gigabytesPerSecond: bytes / one.ours / 1e6 } },
      ],
      versions: { ...peer.versions, engine: engine.info().device },
    };
  },
};
