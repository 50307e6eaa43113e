/** Gradient boosting: the oracle's trees, and what must hold of any. */
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { boostingOracle } from '../../test/oracle/trees-boosting.ts';
import { assertSameTree } from '../../test/oracle/trees.ts';
import { permutation } from '@corrente/shared/portable/random';
import type { Engine } from './contract.ts';
import type { BoostedTrees, BoostingRequest } from './contract.trees.ts';
import { assertRejects, checkAbortInMidst, checkProgress } from './engine.cases.control.ts';
import type { EngineCase } from './engine.cases.ts';
import { boosting, classesOf, friedman, lacksTrees, options, rowsTo, sampleOf, tableOf, type Sample } from './engine.cases.trees-data.ts';

const one = (name: string, run: (engine: Engine) => Promise<unknown>): EngineCase => ({ name: `boosting: ${name}`, skip: lacksTrees, run: async (engine) => void (await run(engine)) });

const relative = (wanted: ArrayLike<number>) => (i: number): number => 1e-9 * Math.max(1, Math.abs(wanted[i] ?? 0));

async function checkAgainstOracle(engine: Engine, sample: Sample, changes: Partial<BoostingRequest>): Promise<void> {
  const request = boosting(sample, changes);
  const { ensemble, trainLoss, validationLoss } = await engine.growBoosted(tableOf(sample, 3), request, options);
  const expected = boostingOracle(sample.features, request);
  if (ensemble.first.length !== expected.trees.length + 1) throw new Error(`got ${ensemble.first.length - 1} trees, expected ${expected.trees.length}`);
  assertClose(ensemble.baseline, expected.baseline, { tolerance: relative(expected.baseline), place: (k) => `baseline ${k}` });
  for (const [t, tree] of expected.trees.entries()) assertSameTree(ensemble, t, tree, `tree ${t}`);
  assertClose(trainLoss, expected.trainLoss, { tolerance: relative(expected.trainLoss), place: (round) => `training loss of round ${round}` });
  assertClose(validationLoss, expected.validationLoss, { tolerance: relative(expected.validationLoss), place: (round) => `validation loss of round ${round}` });
}

const grow = (engine: Engine, sample: Sample, changes: Partial<BoostingRequest> = {}): Promise<BoostedTrees> => engine.growBoosted(tableOf(sample), boosting(sample, changes), options);

/** The sample with one feature, or the target, as the function makes it. */
const withFeature = ({ features, target }: Sample, which: number, value: (i: number) => number): Sample => ({ target, features: features.map((feature, f) => (f === which ? feature.map((_, i) => value(i)) : feature)) });
const withTarget = ({ features, target }: Sample, value: (y: number, i: number) => number): Sample => ({ features, target: target.map(value) });

function assertSingleLeaves({ ensemble }: BoostedTrees): void {
  if (ensemble.feature.some((feature) => feature !== -1)) throw new Error(`got features ${[...new Set(ensemble.feature)].join(', ')}, expected trees of a single leaf`);
}

const shapes: ReadonlyArray<readonly [string, Sample, Partial<BoostingRequest>]> = [
  ['a plain regression', sampleOf(90, 4), {}],
  ['few bins', sampleOf(120, 3, { seed: 2 }), { bins: 7 }],
  ['two bins', sampleOf(50, 2, { seed: 3 }), { bins: 2 }],
  ['missing values', sampleOf(90, 4, { seed: 4, missing: 0.2 }), { bins: 40 }],
  ['few distinct values, and bins for fewer', sampleOf(100, 4, { seed: 5, steps: 6, missing: 0.1 }), { bins: 4 }],
  ['l2, large leaves and little depth', sampleOf(100, 3, { seed: 6 }), { l2: 2.5, minLeaf: 9, maxDepth: 3, maxLeaves: 31 }],
  ['leaves of one row', sampleOf(30, 2, { seed: 7 }), { minLeaf: 1, maxLeaves: 40, rounds: 2 }],
  ['some of the features in each tree', sampleOf(80, 6, { seed: 8 }), { featureShare: 0.5, rounds: 4 }],
  ['rows of the table that are not trained on, and validation', sampleOf(120, 3, { seed: 9, missing: 0.1 }), { train: rowsTo(90, 10), validation: rowsTo(120, 95) }],
  ['a row that is given twice', sampleOf(60, 3, { seed: 10 }), { train: Int32Array.from([...rowsTo(60), 5, 5, 17]) }],
  ['two classes', classesOf(sampleOf(90, 3, { seed: 11, missing: 0.05 }), 2), { classes: 2, bins: 40, rounds: 4, validation: rowsTo(20) }],
  ['three classes', classesOf(sampleOf(90, 3, { seed: 12 }), 3), { classes: 3, bins: 30, rounds: 3, l2: 0.5, validation: rowsTo(20) }],
  ['a class without rows', classesOf(sampleOf(60, 3, { seed: 13 }), 2), { classes: 3, rounds: 2 }],
];

export const boostingCases: EngineCase[] = [
  ...shapes.map(([name, sample, changes]) => one(`trees are those of an exhaustive search: ${name}`, (engine) => checkAgainstOracle(engine, sample, changes))),
  one('of equal splits the lowest feature is taken, and the lowest threshold', async (engine) => {
    const x = Float64Array.of(0, 1, 2, 3, 4, 5, 6, 7);
    const sample = { features: [new Float64Array(8), x, x], target: Float64Array.of(0, 0, 1, 1, 1, 1, 0, 0) };
    const { ensemble } = await grow(engine, sample, { minLeaf: 1, rounds: 1, maxLeaves: 2 });
    assertSameBits([ensemble.feature[0] ?? 0, ensemble.threshold[0] ?? 0], [1, 1.5], () => 'feature and threshold');
  }),
  one('the training loss of squared error never rises', async (engine) => {
    const { trainLoss } = await grow(engine, sampleOf(300, 4, { seed: 21, missing: 0.1 }), { rounds: 60, minLeaf: 5 });
    for (const [round, loss] of trainLoss.entries()) if (round > 0 && !(loss <= (trainLoss[round - 1] ?? Number.NaN))) throw new Error(`round ${round}: loss ${loss} after ${trainLoss[round - 1]}`);
  }),
  one('rows in another order give the same trees, up to rounding of the baseline', async (engine) => {
    const sample = sampleOf(250, 4, { seed: 22, missing: 0.1 });
    const order = permutation([3, 1, 4, 1], 0, 250);
    const shuffle = (values: Float64Array): Float64Array => Float64Array.from(order, (row) => values[row] ?? Number.NaN);
    const changes = { rounds: 10, minLeaf: 5 };
    const [a, b] = [(await grow(engine, sample, changes)).ensemble, (await grow(engine, { features: sample.features.map(shuffle), target: shuffle(sample.target) }, changes)).ensemble];
    assertSameBits(b.feature, a.feature, (node) => `feature of node ${node}`);
    assertSameBits(b.threshold, a.threshold, (node) => `threshold of node ${node}`);
    assertClose(b.value, a.value, { tolerance: () => 1e-11, place: (node) => `value of node ${node}` });
  }),
  one('a constant added to the target moves what is predicted by as much', async (engine) => {
    const sample = sampleOf(200, 3, { seed: 23 });
    const table = tableOf(sample);
    const [a, b] = [await grow(engine, sample, { rounds: 8 }), await grow(engine, withTarget(sample, (y) => y + 1000), { rounds: 8 })];
    const [pa, pb] = [await engine.predictTrees(table, a.ensemble, options), await engine.predictTrees(table, b.ensemble, options)];
    assertClose(pb, pa.map((value) => value + 1000), { tolerance: () => 1e-9, place: (row) => `prediction of row ${row}` });
  }),
  one('missing values go to the side that they are like', async (engine) => {
    for (const high of [false, true]) {
      const sample = { features: [Float64Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? Number.NaN : i))], target: Float64Array.from({ length: 60 }, (_, i) => Number((i % 3 === 0 && high) || (i % 3 !== 0 && i >= 30))) };
      const { ensemble } = await grow(engine, sample, { rounds: 1, maxLeaves: 2 });
      if (ensemble.missingLeft[0] !== (high ? 0 : 1)) throw new Error(`missing values like the ${high ? 'high' : 'low'} ones went to side ${ensemble.missingLeft[0]}`);
      if (ensemble.threshold[0] !== 29 && ensemble.threshold[0] !== 30) throw new Error(`the threshold is ${ensemble.threshold[0]}, expected one between 29 and 31`);
    }
  }),
  one('training ends after patience without a lower validation loss, with the trees up to the lowest', async (engine) => {
    const sample = withTarget(sampleOf(120, 3, { seed: 24 }), (y, i) => y + 3 * Math.sin(1e4 * i));
    const changes = { train: rowsTo(80), validation: rowsTo(120, 80), rounds: 200, patience: 5, minLeaf: 2 };
    const { ensemble, trainLoss, validationLoss } = await grow(engine, sample, changes);
    const lowest = validationLoss.indexOf(Math.min(...validationLoss));
    if (trainLoss.length >= 200 || validationLoss.length !== trainLoss.length) throw new Error(`got ${trainLoss.length} and ${validationLoss.length} losses, expected as many of both, below 200`);
    if (validationLoss.length !== lowest + 6) throw new Error(`the loss was lowest in round ${lowest}, and there were ${validationLoss.length} rounds; expected ${lowest + 6}`);
    if (ensemble.first.length !== lowest + 2) throw new Error(`got ${ensemble.first.length - 1} trees, expected ${lowest + 1}`);
    const whole = await grow(engine, sample, { ...changes, patience: 0 });
    if (whole.trainLoss.length !== 200) throw new Error(`without patience there were ${whole.trainLoss.length} rounds, expected 200`);
    assertSameBits(whole.ensemble.value.subarray(0, ensemble.value.length), ensemble.value, (node) => `value of node ${node}`);
  }),
  one('a target that is constant, a single row, and features without values give single leaves', async (engine) => {
    const sample = sampleOf(40, 2, { seed: 25 });
    const constant = await grow(engine, withTarget(sample, () => 0.1));
    assertSingleLeaves(constant);
    assertSameBits(constant.ensemble.baseline, [0.1], () => 'baseline');
    assertSingleLeaves(await grow(engine, sample, { train: rowsTo(1), minLeaf: 1 }));
    assertSingleLeaves(await grow(engine, { target: sample.target, features: [new Float64Array(40).fill(Number.NaN), new Float64Array(40).fill(7)] }));
    assertSingleLeaves(await grow(engine, withTarget(sample, () => 1), { classes: 2 }));
    const beside = await grow(engine, withFeature(sample, 0, () => Number.NaN));
    if (beside.ensemble.feature.every((feature) => feature !== 1)) throw new Error('expected splits by the feature that has values');
  }),
  one('rows outside training and validation are not read', async (engine) => {
    const sample = sampleOf(60, 2, { seed: 26 });
    const spoilt = { features: sample.features.map((feature) => feature.map((value, i) => (i < 50 ? value : 1e300))), target: sample.target.map((value, i) => (i < 50 ? value : Number.NaN)) };
    const train = rowsTo(50);
    const [a, b] = [await grow(engine, sample, { train }), await grow(engine, spoilt, { train })];
    assertSameBits(b.ensemble.value, a.ensemble.value, (node) => `value of node ${node}`);
  }),
  one('thresholds part neighbouring numbers and the largest ones', async (engine) => {
    const next = 1 + Number.EPSILON;
    const sample = { features: [Float64Array.of(1, next, 1, next, 1, next)], target: Float64Array.of(0, 1, 0, 1, 0, 1) };
    const { ensemble } = await grow(engine, sample, { minLeaf: 1, rounds: 1, learningRate: 1 });
    assertClose(await engine.predictTrees(tableOf(sample), ensemble, options), sample.target, { tolerance: () => 1e-12, place: (row) => `prediction of row ${row}` });
    const huge = { features: [Float64Array.of(1.7e308, 1.75e308, -1.7e308, 1.75e308)], target: Float64Array.of(0, 1, 5, 1) };
    const parted = await grow(engine, huge, { minLeaf: 1, rounds: 1, learningRate: 1 });
    assertClose(await engine.predictTrees(tableOf(huge), parted.ensemble, options), huge.target, { tolerance: () => 1e-12, place: (row) => `prediction of row ${row}` });
  }),
  one('what cannot be trained on is refused, naming it', async (engine) => {
    const sample = sampleOf(20, 2, { seed: 27 });
    const refused = async (changes: Partial<BoostingRequest>, words: RegExp, of = sample): Promise<void> => {
      await assertRejects(() => grow(engine, of, changes));
      await grow(engine, of, changes).catch((error: unknown) => {
        if (!(error instanceof Error) || !words.test(error.message)) throw new Error(`got "${String(error)}", expected ${words}`);
      });
    };
    await refused({ train: new Int32Array(0) }, /no training rows/);
    await refused({}, /target of row 7 is missing/, withTarget(sample, (y, i) => (i === 7 ? Number.NaN : y)));
    await refused({ train: rowsTo(15), validation: rowsTo(20, 15) }, /target of row 17 is missing/, withTarget(sample, (y, i) => (i === 17 ? Number.NaN : y)));
    await refused({ classes: 2 }, /target of row 3 is 2, expected a class of 0 to 1/, withTarget(sample, (_, i) => (i === 3 ? 2 : i % 2)));
    await refused({ classes: 2 }, /target of row 3 is 0.5/, withTarget(sample, (_, i) => (i === 3 ? 0.5 : i % 2)));
    await refused({ train: Int32Array.of(0, 20) }, /training row 20, expected 0 to 19/);
    await refused({ train: Int32Array.of(-1) }, /training row -1/);
    await refused({ bins: 256 }, /bins is 256/);
    await refused({ rounds: 0 }, /rounds is 0/);
    await refused({ classes: 1 }, /classes is 1/);
    await refused({ learningRate: Number.NaN }, /learningRate is nan/);
    await refused({ maxLeaves: 1 }, /maxLeaves is 1/);
    await refused({ featureShare: 0 }, /featureShare is 0/);
    await refused({}, /no features/, { features: [], target: new Float64Array(0) });
  }),
  one('progress climbs within [0, 1]', (engine) => checkProgress((given) => engine.growBoosted(tableOf(sampleOf(200, 3)), boosting(sampleOf(200, 3), { rounds: 30 }), given), 'f64')),
  one('training that is aborted ends within a second', async (engine) => {
    const sample = friedman(3000, 10, 28);
    const [table, request] = [tableOf(sample), boosting(sample, { rounds: 100_000, minLeaf: 20, maxLeaves: 31 })];
    await assertRejects(() => engine.growBoosted(table, request, { ...options, signal: AbortSignal.abort() }), 'cancelled');
    await checkAbortInMidst((given) => engine.growBoosted(table, request, given), 'f64');
  }),
];
