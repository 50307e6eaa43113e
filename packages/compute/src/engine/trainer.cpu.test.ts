/** Training on the CPU engine: what the table of cases cannot ask. */
import { describe, expect, it } from 'vitest';
import { initialParameters, type Layer, type LayeredModel } from '@corrente/shared/portable/trainer/layers';
import { gaussianColumns } from '../../test/series/columns.ts';
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

  it('reads parameters between the batches of an epoch that is under way', async () => {
    const columns = gaussianColumns(1, 20_100, { seed: 313 });
    const model: LayeredModel = { steps: 50, features: 1, anchored: false, layers: [{ kind: 'lstm', units: 16, sequences: false }, { kind: 'dense', units: 1, activation: 'linear' }] };
    const session = await cpuEngine().openTrainer({ columns, horizon: 1, groups: [{ inputs: Int32Array.of(0), targets: Int32Array.of(0) }] }, { model, loss: 'mse', parameters: initialParameters(model, stream) }, { precision: 'f32' });
    try {
      const origins = Int32Array.from({ length: 20_000 }, (_, i) => 50 + i);
      const epoch = session.epoch({ origins, batchSize: 16, learningRate: 1e-4, clipNorm: 0, stream }, { precision: 'f32' });
      const seen = new Set<number>();
      let over = false;
      const end = epoch.then(() => (over = true));
      while (!over) {
        const state = session.state();
        const steps = state.at(-1) ?? Number.NaN;
        expect(Number.isInteger(steps) && state.every(Number.isFinite)).toBe(true);
        seen.add(steps);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
      await end;
      expect(session.state().at(-1)).toBe(1250);
      expect(seen.size).toBeGreaterThan(2);
    } finally {
      session.close();
    }
  });
});
