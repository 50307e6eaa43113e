/** Trees of the CPU engine beside scikit-learn's, where Python and scikit-learn are installed: held-out rows decide. */
import { describe, expect, it } from 'vitest';
import { askPython, hasPython } from '../../test/python.ts';
import type { Columns } from './contract.ts';
import type { TreeEnsemble } from './contract.trees.ts';
import { cpuEngine } from './cpu.ts';
import { boosting, classesOf, forest, friedman, isolation, options, rowsTo, tableOf, type Sample } from './engine.cases.trees-data.ts';

const engine = cpuEngine();
const hasSklearn = hasPython('sklearn');

/** One thread, because those of OpenMP wait for each other where a processor is busy. What the script makes of X [rows × features], y and the number of training rows: numbers by name. */
function sklearn(script: string, { features, target }: Sample, train: number): Record<string, number[]> {
  const given = { x: features.map((feature) => Array.from(feature, (value) => (Number.isNaN(value) ? null : value))), y: [...target], train };
  const answer = askPython(`import os\nos.environ["OMP_NUM_THREADS"] = "1"\nX = np.array(data["x"], dtype=float).T\ny = np.array(data["y"])\nn = data["train"]\n${script}`, given);
  if (typeof answer !== 'object' || answer === null) throw new Error('scikit-learn gave no object');
  return Object.fromEntries(Object.entries(answer).map(([name, values]) => [name, Array.isArray(values) ? values.map(Number) : [Number(values)]]));
}

/** The share of the variance of the held-out targets that predictions explain. */
function r2(predicted: ArrayLike<number>, target: Float64Array, from: number): number {
  const held = target.subarray(from);
  const mean = held.reduce((sum, value) => sum + value, 0) / held.length;
  let residual = 0;
  let total = 0;
  for (const [i, value] of held.entries()) {
    residual += (value - (predicted[from + i] ?? Number.NaN)) ** 2;
    total += (value - mean) ** 2;
  }
  return 1 - residual / total;
}

const predict = (table: Columns, ensemble: TreeEnsemble): Promise<Float64Array> => engine.predictTrees(table, ensemble, options);

/** As scikit-learn's HistGradientBoosting has them. */
const theirDefaults = { rounds: 100, learningRate: 0.1, maxLeaves: 31, minLeaf: 20, l2: 0 };

function logLoss(outputs: Float64Array, { target }: Sample, classes: number, from: number): number {
  const rows = target.length;
  let sum = 0;
  for (let row = from; row < rows; row++) {
    const f = Array.from({ length: classes }, (_, k) => (classes === 2 ? (k === 0 ? 0 : (outputs[row] ?? Number.NaN)) : (outputs[k * rows + row] ?? Number.NaN)));
    sum += Math.log(f.reduce((all, one) => all + Math.exp(one), 0)) - (f[target[row] ?? 0] ?? Number.NaN);
  }
  return sum / (rows - from);
}

/** Ranks of values, 0 the smallest. */
function ranks(values: ArrayLike<number>): Float64Array {
  const out = new Float64Array(values.length);
  for (const [rank, at] of Array.from(values, (_, i) => i).toSorted((a, b) => (values[a] ?? 0) - (values[b] ?? 0)).entries()) out[at] = rank;
  return out;
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (a.length - 1) / 2;
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [(a[i] ?? Number.NaN) - mean, (b[i] ?? Number.NaN) - mean];
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

const train = 10_000;

describe.skipIf(!hasSklearn || !engine.info().available)('trees of the CPU engine, beside scikit-learn', { timeout: 300_000 }, () => {
  it('boosting explains as much of Friedman 1 as HistGradientBoosting does, within 0.005', async () => {
    const sample = friedman(14_000, 20, 71);
    const { ensemble } = await engine.growBoosted(tableOf(sample), boosting(sample, { ...theirDefaults, train: rowsTo(train) }), options);
    const { score } = sklearn('from sklearn.ensemble import HistGradientBoostingRegressor as Model\nresult = {"score": Model(early_stopping=False).fit(X[:n], y[:n]).score(X[n:], y[n:])}', sample, train);
    const ours = r2(await predict(tableOf(sample), ensemble), sample.target, train);
    expect(ours).toBeGreaterThan(0.9);
    expect(Math.abs(ours - (score?.[0] ?? Number.NaN))).toBeLessThan(0.005);
  });

  it('boosting with missing values explains as much as HistGradientBoosting does, within 0.01', async () => {
    const whole = friedman(6000, 8, 72);
    const sample = { ...whole, features: whole.features.map((feature, f) => feature.map((value, i) => ((i * 31 + f * 7) % 10 === 0 ? Number.NaN : value))) };
    const { ensemble } = await engine.growBoosted(tableOf(sample), boosting(sample, { ...theirDefaults, train: rowsTo(4000) }), options);
    const { score } = sklearn('from sklearn.ensemble import HistGradientBoostingRegressor as Model\nresult = {"score": Model(early_stopping=False).fit(X[:n], y[:n]).score(X[n:], y[n:])}', sample, 4000);
    expect(Math.abs(r2(await predict(tableOf(sample), ensemble), sample.target, 4000) - (score?.[0] ?? Number.NaN))).toBeLessThan(0.01);
  });

  it.each([2, 3])("boosting of %i classes has HistGradientBoosting's log loss, within a twentieth", async (classes) => {
    const sample = classesOf(friedman(5000, 6, 73), classes);
    const { ensemble } = await engine.growBoosted(tableOf(sample), boosting(sample, { ...theirDefaults, rounds: 40, classes, train: rowsTo(3000) }), options);
    const { loss } = sklearn('from sklearn.ensemble import HistGradientBoostingClassifier as Model\nfrom sklearn.metrics import log_loss\nresult = {"loss": log_loss(y[n:], Model(max_iter=40, early_stopping=False).fit(X[:n], y[:n]).predict_proba(X[n:]))}', sample, 3000);
    const theirs = loss?.[0] ?? Number.NaN;
    expect(Math.abs(logLoss(await predict(tableOf(sample), ensemble), sample, classes, 3000) - theirs) / theirs).toBeLessThan(0.05);
  });

  it('a random forest explains as much of Friedman 1 as RandomForestRegressor does, within 0.01', async () => {
    const sample = friedman(4000, 20, 74);
    const ensemble = await engine.growForest(tableOf(sample), forest(sample, { trees: 100, featuresPerSplit: 20, train: rowsTo(2000) }), options);
    const { score } = sklearn('from sklearn.ensemble import RandomForestRegressor as Model\nresult = {"score": Model(100, random_state=0).fit(X[:n], y[:n]).score(X[n:], y[n:])}', sample, 2000);
    expect(Math.abs(r2(await predict(tableOf(sample), ensemble), sample.target, 2000) - (score?.[0] ?? Number.NaN))).toBeLessThan(0.01);
  });

  it('a random forest is right about as many rows of three classes as RandomForestClassifier is, within 0.02', async () => {
    const sample = classesOf(friedman(4000, 8, 75), 3);
    const ensemble = await engine.growForest(tableOf(sample), forest(sample, { classes: 3, trees: 100, featuresPerSplit: 3, train: rowsTo(2000) }), options);
    const shares = await predict(tableOf(sample), ensemble);
    const likeliest = (row: number): number => [0, 1, 2].reduce((best, k) => ((shares[k * 4000 + row] ?? 0) > (shares[best * 4000 + row] ?? 0) ? k : best));
    const right = Array.from(rowsTo(4000, 2000)).filter((row) => likeliest(row) === sample.target[row]).length / 2000;
    const { score } = sklearn('from sklearn.ensemble import RandomForestClassifier as Model\nresult = {"score": Model(100, max_features=3, random_state=0).fit(X[:n], y[:n]).score(X[n:], y[n:])}', sample, 2000);
    expect(Math.abs(right - (score?.[0] ?? Number.NaN))).toBeLessThan(0.02);
  });

  it('an isolation forest ranks rows as IsolationForest does, with a correlation above 0.95', async () => {
    const { features, target } = friedman(1500, 4, 76);
    // Away from uniform, where no row would be more of an outlier than another.
    const sample = { target, features: features.map((feature) => feature.map((value) => Math.log(value / (1 - value)))) };
    const ensemble = await engine.growIsolation(tableOf(sample), isolation(sample, { trees: 300, sampleSize: 256 }), options);
    const { scores } = sklearn('from sklearn.ensemble import IsolationForest as Model\nresult = {"scores": Model(n_estimators=300, max_samples=256, random_state=0).fit(X).score_samples(X)}', sample, 0);
    expect(correlation(ranks(await predict(tableOf(sample), ensemble)), ranks(scores ?? []))).toBeGreaterThan(0.95);
  });
});
