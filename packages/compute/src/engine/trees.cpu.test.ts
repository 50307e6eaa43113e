/** Trees of the CPU engine: on any number of threads, and on every instruction set, the same bits. */
import { describe, expect, it } from 'vitest';
import { assertSameBits } from '../../test/oracle/compare.ts';
import { cpuEngine } from './cpu.ts';
import { freshCpuEngine, isas } from './cpu.testing.ts';
import type { TreeEnsemble } from './contract.trees.ts';
import { boosting, classesOf, forest, friedman, isolation, options, rowsTo, sampleOf, tableOf } from './engine.cases.trees-data.ts';
import type { NativeEngine } from './native.ts';

async function grownBy(engine: NativeEngine): Promise<TreeEnsemble[]> {
  const large = friedman(70_000, 5, 61);
  const sample = sampleOf(2500, 5, { seed: 62, missing: 0.05, steps: 9 });
  const classes = classesOf(sample, 3);
  return [
    (await engine.growBoosted(tableOf(large), boosting(large, { rounds: 2, maxLeaves: 31, minLeaf: 20 }), options)).ensemble,
    (await engine.growBoosted(tableOf(sample), boosting(sample, { rounds: 10, maxLeaves: 31, featureShare: 0.6, train: rowsTo(2000), validation: rowsTo(2500, 2000), patience: 3 }), options)).ensemble,
    (await engine.growBoosted(tableOf(classes), boosting(classes, { classes: 3, maxLeaves: 15 }), options)).ensemble,
    await engine.growForest(tableOf(sample), forest(sample, { trees: 7 }), options),
    await engine.growForest(tableOf(classes), forest(classes, { trees: 7, classes: 3 }), options),
    await engine.growIsolation(tableOf(sample), isolation(sample, { trees: 9, sampleSize: 256 }), options),
  ];
}

describe.skipIf(!cpuEngine().info().available)('trees of the CPU engine', { timeout: 60_000 }, () => {
  const engines = (cpuEngine().info().available ? [1, 2, 3] : []).flatMap((threads) => isas.map((isa) => freshCpuEngine({ isa, threads }))).filter((one) => one.info().available);

  it('are the same bits on 1, 2 and 3 threads and on every instruction set', async () => {
    const [first, ...others] = engines;
    if (first === undefined) throw new Error('no engine is available');
    const expected = await grownBy(first);
    for (const engine of others) {
      for (const [i, ensemble] of (await grownBy(engine)).entries()) {
        const wanted = expected[i];
        if (wanted === undefined) throw new Error(`no ensemble ${i}`);
        const place = (what: string) => (node: number): string => `ensemble ${i}, ${what} of node ${node}, on ${engine.info().device}`;
        for (const list of ['first', 'feature', 'threshold', 'missingLeft', 'left', 'right', 'value', 'gain', 'rows'] as const) assertSameBits(ensemble[list], wanted[list], place(list));
      }
    }
    expect(engines.length).toBeGreaterThanOrEqual(3);
  });
});
