/** Random and isolation forests: the oracle's trees from the same random words, and what must hold of any. */
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { forestOracle, isolationOracle, meanDepth } from '../../test/oracle/trees-forest.ts';
import { assertSameTree, predictOracle } from '../../test/oracle/trees.ts';
import type { Engine } from './contract.ts';
import type { ForestRequest, IsolationRequest, TreeEnsemble } from './contract.trees.ts';
import { assertRejects, checkAbortInMidst, checkProgress } from './engine.cases.control.ts';
import type { EngineCase } from './engine.cases.ts';
import { boosting, classesOf, forest, friedman, isolation, lacksTrees, options, rowsTo, sampleOf, tableOf, type Sample } from './engine.cases.trees-data.ts';

const one = (name: string, run: (engine: Engine) => Promise<unknown>): EngineCase => ({ name: `forests: ${name}`, skip: lacksTrees, run: async (engine) => void (await run(engine)) });

async function checkForest(engine: Engine, sample: Sample, changes: Partial<ForestRequest>): Promise<void> {
  const request = forest(sample, changes);
  const ensemble = await engine.growForest(tableOf(sample, 5), request, options);
  if (ensemble.outputs !== Math.max(1, request.classes) || ensemble.combine !== 'mean') throw new Error(`got ${ensemble.outputs} outputs by ${ensemble.combine}`);
  if (ensemble.first.length !== request.trees + 1) throw new Error(`got ${ensemble.first.length - 1} trees, expected ${request.trees}`);
  for (let t = 0; t < request.trees; t++) assertSameTree(ensemble, t, forestOracle(sample.features, request, t), `tree ${t}`);
}

async function checkIsolation(engine: Engine, sample: Sample, changes: Partial<IsolationRequest>): Promise<void> {
  const request = isolation(sample, changes);
  const ensemble = await engine.growIsolation(tableOf(sample, 5), request, options);
  for (let t = 0; t < request.trees; t++) assertSameTree(ensemble, t, isolationOracle(sample.features, request, t), `tree ${t}`);
}

/** What an engine predicts is what the lists say, row by row. */
async function checkPredictions(engine: Engine, sample: Sample, ensemble: TreeEnsemble): Promise<Float64Array> {
  const got = await engine.predictTrees(tableOf(sample, 2), ensemble, options);
  assertSameBits(got, predictOracle(sample.features, ensemble), (at) => `prediction ${at}`);
  return got;
}

const forests: ReadonlyArray<readonly [string, Sample, Partial<ForestRequest>]> = [
  ['regression', sampleOf(150, 4, { seed: 31 }), {}],
  ['regression on all rows and features', sampleOf(60, 3, { seed: 32 }), { bootstrap: false, featuresPerSplit: 3, trees: 2 }],
  ['missing values and large leaves', sampleOf(170, 4, { seed: 33, missing: 0.15, steps: 5 }), { minLeaf: 7 }],
  ['many rows in few bins', sampleOf(400, 3, { seed: 34, missing: 0.1 }), { bins: 12, maxDepth: 5, minLeaf: 2, trees: 2 }],
  ['rows of the table that are not trained on', sampleOf(90, 3, { seed: 35 }), { train: rowsTo(70, 7) }],
  ['two classes', classesOf(sampleOf(160, 4, { seed: 36, missing: 0.1 }), 2), { classes: 2, featuresPerSplit: 1 }],
  ['four classes', classesOf(sampleOf(160, 4, { seed: 37, missing: 0.1, steps: 4 }), 4), { classes: 4 }],
  ['four classes, large leaves, all rows', classesOf(sampleOf(120, 4, { seed: 38 }), 4), { trees: 2, classes: 4, minLeaf: 6, bootstrap: false, maxDepth: 4 }],
];

export const forestCases: EngineCase[] = [
  ...forests.map(([name, sample, changes]) => one(`trees of a random forest are the oracle's: ${name}`, (engine) => checkForest(engine, sample, changes))),
  one("trees of an isolation forest are the oracle's", async (engine) => {
    await checkIsolation(engine, sampleOf(300, 4, { seed: 41 }), {});
    await checkIsolation(engine, sampleOf(100, 3, { seed: 42, missing: 0.2, steps: 3 }), { sampleSize: 64 });
    await checkIsolation(engine, sampleOf(30, 2, { seed: 43 }), { sampleSize: 256, train: rowsTo(25, 5) });
  }),
  one('what is predicted is what the lists say, for forests, classes, and boosting', async (engine) => {
    const sample = sampleOf(600, 4, { seed: 44, missing: 0.1 });
    const classes = classesOf(sample, 3);
    await checkPredictions(engine, sample, await engine.growForest(tableOf(sample), forest(sample), options));
    const shares = await checkPredictions(engine, classes, await engine.growForest(tableOf(classes), forest(classes, { classes: 3 }), options));
    for (let row = 0; row < 600; row++) assertClose([(shares[row] ?? 0) + (shares[600 + row] ?? 0) + (shares[1200 + row] ?? 0)], [1], { tolerance: () => 1e-12, place: () => `shares of row ${row}` });
    await checkPredictions(engine, sample, (await engine.growBoosted(tableOf(sample), boosting(sample), options)).ensemble);
    await checkPredictions(engine, classes, (await engine.growBoosted(tableOf(classes), boosting(classes, { classes: 3 }), options)).ensemble);
    await checkPredictions(engine, sample, await engine.growIsolation(tableOf(sample), isolation(sample), options));
    await checkPredictions(engine, { features: sample.features.map(() => new Float64Array(0)), target: new Float64Array(0) }, await engine.growForest(tableOf(sample), forest(sample), options));
  }),
  one('leaves of a tree on all rows hold the training targets', async (engine) => {
    const sample = sampleOf(200, 3, { seed: 45 });
    const ensemble = await engine.growForest(tableOf(sample), forest(sample, { bootstrap: false, trees: 1 }), options);
    assertSameBits(await engine.predictTrees(tableOf(sample), ensemble, options), sample.target, (row) => `prediction of row ${row}`);
  }),
  one('an outlier ends nearer to the root than others', async (engine) => {
    const sample = sampleOf(256, 3, { seed: 46 });
    const outlier = { ...sample, features: sample.features.map((feature) => feature.map((value, i) => (i === 100 ? 9 : value))) };
    const depth = await engine.predictTrees(tableOf(outlier), await engine.growIsolation(tableOf(outlier), isolation(outlier, { trees: 100, sampleSize: 128 }), options), options);
    if (depth.indexOf(Math.min(...depth)) !== 100) throw new Error(`row ${depth.indexOf(Math.min(...depth))} is the shallowest, expected row 100`);
    const mean = depth.reduce((sum, value) => sum + value, 0) / depth.length;
    if (!(Math.abs(mean - meanDepth(128)) < 1)) throw new Error(`rows end at depth ${mean} in the mean, expected about ${meanDepth(128)}`);
  }),
  one('seeds that are the same give the same bits, others other trees', async (engine) => {
    const sample = sampleOf(120, 3, { seed: 47, missing: 0.1 });
    const table = tableOf(sample);
    const grown = (seed: number): Promise<TreeEnsemble> => engine.growForest(table, forest(sample, { stream: [seed, 0, 0, 0] }), options);
    const [a, b, c] = [await grown(1), await grown(1), await grown(2)];
    assertSameBits(b.threshold, a.threshold, (node) => `threshold of node ${node}`);
    assertSameBits(b.value, a.value, (node) => `value of node ${node}`);
    if (c.threshold.length === a.threshold.length && c.threshold.every((value, i) => value === a.threshold[i])) throw new Error('another seed gave the same thresholds');
  }),
  one('one row, a constant target, and features without values give single leaves', async (engine) => {
    const sample = sampleOf(30, 2, { seed: 48 });
    const blank = { target: sample.target, features: [new Float64Array(30).fill(Number.NaN), new Float64Array(30).fill(3)] };
    const constant = { features: sample.features, target: sample.target.map(() => 0.1) };
    for (const [of, changes] of [[sample, { train: rowsTo(1) }], [constant, {}], [blank, {}], [{ ...constant, target: constant.target.map(() => 2) }, { classes: 3 }]] as const) {
      const ensemble = await engine.growForest(tableOf(of), forest(of, changes), options);
      if (ensemble.feature.length !== 3 || ensemble.feature.some((feature) => feature !== -1)) throw new Error(`got ${ensemble.feature.length} nodes, expected 3 leaves`);
    }
    const alone = await engine.growIsolation(tableOf(blank), isolation(blank), options);
    assertClose(alone.value, alone.value.map(() => meanDepth(30)), { tolerance: () => 1e-12, place: (node) => `depth of tree ${node}` });
    if (alone.feature.length !== 4) throw new Error(`got ${alone.feature.length} nodes, expected 4 leaves`);
  }),
  one('what cannot be grown or read is refused', async (engine) => {
    const sample = sampleOf(20, 2, { seed: 49 });
    const table = tableOf(sample);
    const refused = [{ trees: 0 }, { featuresPerSplit: 0 }, { featuresPerSplit: 3 }, { train: new Int32Array(0) }, { train: Int32Array.of(20) }, { minLeaf: 0 }, { bins: 1 }, { classes: 2 }];
    for (const changes of refused) await assertRejects(() => engine.growForest(table, forest(sample, changes), options), 'internal');
    for (const changes of [{ trees: 0 }, { sampleSize: 0 }, { train: new Int32Array(0) }, { train: Int32Array.of(-3) }]) await assertRejects(() => engine.growIsolation(table, isolation(sample, changes), options), 'internal');
    const good = await engine.growForest(table, forest(sample), options);
    const spoilt: TreeEnsemble[] = [
      { ...good, feature: good.feature.map((feature) => (feature === -1 ? -1 : 2)) },
      { ...good, left: good.left.map(() => 0) },
      { ...good, right: good.right.map(() => 1e9) },
      { ...good, first: Int32Array.of(0, 1e9) },
      { ...good, first: Int32Array.of(0, good.feature.length, 0, good.feature.length) },
      { ...good, value: good.value.slice(1) },
      { ...good, outputs: 2 },
    ];
    for (const ensemble of spoilt) await assertRejects(() => engine.predictTrees(table, ensemble, options), 'internal');
  }),
  one('progress climbs within [0, 1]', async (engine) => {
    const sample = sampleOf(300, 3, { seed: 50 });
    const table = tableOf(sample);
    await checkProgress((given) => engine.growForest(table, forest(sample, { trees: 20 }), given), 'f64');
    await checkProgress((given) => engine.growIsolation(table, isolation(sample), given), 'f64');
    const grown = await engine.growForest(table, forest(sample), options);
    await checkProgress((given) => engine.predictTrees(table, grown, given), 'f64');
  }),
  one('work that is aborted ends within a second', async (engine) => {
    const sample = friedman(3000, 10, 51);
    const table = tableOf(sample);
    await checkAbortInMidst((given) => engine.growForest(table, forest(sample, { trees: 100_000 }), given), 'f64');
    await checkAbortInMidst((given) => engine.growIsolation(table, isolation(sample, { trees: 100_000 }), given), 'f64');
    const grown = await engine.growForest(table, forest(sample, { trees: 20 }), options);
    await checkAbortInMidst((given) => engine.predictTrees(table, grown, given), 'f64');
  }),
];
