/** Training on the CPU engine: what the table of cases cannot ask. */
import { describe, expect, it } from 'vitest';
import { initialParameters, type Layer, type LayeredModel } from '@corrente/shared/portable/trainer/layers';
import { assertClose } from '../../test/oracle/compare.ts';
import { columnsOf, gaussianColumns } from '../../test/series/columns.ts';
import { cpuEngine } from './cpu.ts';
import { freshCpuEngine, isas } from './cpu.testing.ts';
import type { RandomStream } from './contract.ts';
import type { NativeEngine } from './native.ts';

const { available } = cpuEngine().info();
const stream: RandomStream = [5, 6, 7, 8];

const chains: Readonly<Record<string, readonly Layer[]>> = {
  'a linear model': [{ kind: 'decompose', window: 5 }, { kind: 'flatten' }],
  // More than one stretch of parameters, so that Adam too is shared.
  'a wide dense model': [{ kind: 'flatten' }, { kind: 'dense', units: 300, activation: 'relu' }, { kind: 'dropout', rate: 0.3 }, { kind: 'dense', units: 150, activation: 'tanh' }],
  'recurrent layers': [{ kind: 'lstm', units: 20, sequences: true }, { kind: 'gru', units: 9, sequences: false }],
  'a TCN block': [{ kind: 'tcn', filters: 12, kernel: 3, dilation: 2, dropout: 0.2 }, { kind: 'last' }],
};

/** State, errors and gradient after two epochs, the last batch of each being smaller than the others. */
async function trained(engine: NativeEngine, layers: readonly Layer[], precision: 'f64' | 'f32') {
  const model: LayeredModel = { steps: 12, features: 2, anchored: true, layers: [...layers, { kind: 'dense', units: 4, activation: 'linear' }] };
  const columns = gaussianColumns(4, 330, { seed: 311 });
  const groups = [0, 1].map((g) => ({ inputs: Int32Array.of(2 * g, 2 * g + 1), targets: Int32Array.of(2 * g) }));
  const session = await engine.openTrainer({ columns, horizon: 4, groups }, { model, loss: 'huber', parameters: initialParameters(model, stream) }, { precision });
  const origins = Int32Array.from({ length: 300 }, (_, i) => 12 + ((i * 7) % 300));
  try {
    const losses: number[] = [];
    for (const epoch of [0, 1]) losses.push(await session.epoch({ origins, batchSize: 128, learningRate: 0.01, clipNorm: 0.5, stream: [5, 6, 7, epoch] }, { precision }));
    return { losses, state: session.state(), errors: await session.errors(origins, { precision }), gradient: await session.gradient(origins, { precision }) };
  } finally {
    session.close();
  }
}

describe.skipIf(!available)('training on the CPU engine', () => {
  const engines = isas.flatMap((isa) => [1, 2, 5].map((threads) => ({ isa, threads, engine: freshCpuEngine({ isa, threads }) }))).filter(({ engine }) => engine.info().available);

  for (const [name, layers] of Object.entries(chains)) {
    it.each(['f64', 'f32'] as const)(`gives ${name} the same bits on one thread, two and five (%s)`, async (precision) => {
      for (const isa of isas) {
        const [one, ...others] = engines.filter((engine) => engine.isa === isa);
        if (one === undefined) continue;
        const expected = await trained(one.engine, layers, precision);
        expect(expected.state.every(Number.isFinite)).toBe(true);
        for (const { engine, threads } of others) expect(await trained(engine, layers, precision), `${isa}, ${threads} threads`).toEqual(expected);
      }
    });
  }

  it.each([['sigmoid', 'f64'], ['sigmoid', 'f32'], ['tanh', 'f64'], ['tanh', 'f32']] as const)('computes %s within 4 units in the last place on every instruction set (%s)', async (activation, precision) => {
    // A dense layer of one unit, weight 1 and bias 0: its forecasts are act(x).
    const model: LayeredModel = { steps: 1, features: 1, anchored: false, layers: [{ kind: 'dense', units: 1, activation }] };
    const dense = Float64Array.from({ length: 40_001 }, (_, i) => Math.fround((i - 20_000) / 250));
    const tiny = Float64Array.from({ length: 2001 }, (_, i) => Math.fround((i - 1000) * 1e-7));
    const x = Float64Array.of(...dense, ...tiny, -1e-30, 1e-30, 1e-12);
    const act = (value: number): number => (activation === 'tanh' ? Math.tanh(value) : value < 0 ? Math.exp(value) / (1 + Math.exp(value)) : 1 / (1 + Math.exp(-value)));
    const unit = precision === 'f64' ? 2 ** -52 : 2 ** -23;
    for (const { engine, isa } of engines.filter(({ threads }) => threads === 2)) {
      const session = await engine.openTrainer({ columns: columnsOf([x]), horizon: 1, groups: [{ inputs: Int32Array.of(0), targets: Int32Array.of(0) }] }, { model, loss: 'mse', parameters: Float64Array.of(1, 0) }, { precision });
      const got = await session.forecast(Int32Array.from(x, (_, i) => i + 1), { precision });
      session.close();
      // Units of the binade of the exact value; the smaller ones of float32 are not reached at ±80.
      assertClose(got, x.map(act), { tolerance: (i) => 4 * unit * 2 ** Math.floor(Math.log2(Math.max(Math.abs(act(x[i] ?? 0)), 1e-40))), place: (i) => `${isa}: ${activation}(${x[i]})` });
    }
  });

  it('trains on many windows in the memory of a batch', async () => {
    // 40,000 windows of 500 values are 160 MB of doubles; the block they lie in is 0.3 MB.
    const columns = gaussianColumns(1, 40_600, { seed: 312 });
    const model: LayeredModel = { steps: 500, features: 1, anchored: false, layers: [{ kind: 'flatten' }, { kind: 'dense', units: 1, activation: 'linear' }] };
    const session = await cpuEngine().openTrainer({ columns, horizon: 1, groups: [{ inputs: Int32Array.of(0), targets: Int32Array.of(0) }] }, { model, loss: 'mse', parameters: initialParameters(model, stream) }, { precision: 'f64' });
    try {
      const origins = Int32Array.from({ length: 40_000 }, (_, i) => 500 + i);
      const before = process.memoryUsage().rss;
      await session.epoch({ origins, batchSize: 256, learningRate: 1e-4, clipNorm: 0, stream }, { precision: 'f64' });
      expect(process.memoryUsage().rss - before).toBeLessThan(80e6);
    } finally {
      session.close();
    }
  });

  it('reads parameters between the batches of an epoch that is under way, and refuses to set them', async () => {
    const columns = gaussianColumns(1, 20_100, { seed: 313 });
    const model: LayeredModel = { steps: 50, features: 1, anchored: false, layers: [{ kind: 'lstm', units: 16, sequences: false }, { kind: 'dense', units: 1, activation: 'linear' }] };
    const session = await cpuEngine().openTrainer({ columns, horizon: 1, groups: [{ inputs: Int32Array.of(0), targets: Int32Array.of(0) }] }, { model, loss: 'mse', parameters: initialParameters(model, stream) }, { precision: 'f32' });
    try {
      const origins = Int32Array.from({ length: 20_000 }, (_, i) => 50 + i);
      const seen = new Set<number>();
      const refusals = new Set<string>();
      const look = setInterval(() => {
        const state = session.state();
        seen.add(state.every(Number.isFinite) ? (state.at(-1) ?? Number.NaN) : Number.NaN);
        try {
          session.restore(state);
        } catch (error) {
          refusals.add(String(error));
        }
      }, 1);
      await session.epoch({ origins, batchSize: 16, learningRate: 1e-4, clipNorm: 0, stream }, { precision: 'f32' });
      clearInterval(look);
      expect([...seen].every(Number.isInteger)).toBe(true);
      expect([...refusals]).toEqual([expect.stringContaining('while the session is at work')]);
      session.restore(session.state());
      expect(session.state().at(-1)).toBe(1250);
      expect(seen.size).toBeGreaterThan(2);
    } finally {
      session.close();
    }
  });
});
