/** Linear models, naive Bayes, calibration and metrics beside those of scikit-learn. */
import { learnParams, type LearnParams } from '@corrente/shared/contract/analyses/learn';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { assertClose } from '../../test/oracle/compare.ts';
import { askPython, hasPython } from '../../test/python.ts';
import { gaussian, uniform, withMissing } from '../../test/series/random.ts';
import { portableEngine } from '../engine/portable.ts';
import { calibrated, fitIsotonic } from './calibration.ts';
import type { FeatureTable } from './features.ts';
import { fitModel } from './fit.ts';
import { accuracy, areaUnderCurve, brierScore, informationCoefficient, logLoss, meanAbsoluteError, meanSquaredError, rSquared } from './metrics.ts';
import { type LearnedModel, mostProbable, predict } from './model.ts';
import { tableOf } from './table.testing.ts';
import { rangeOf, type TrainingRows } from './training-rows.ts';

const engine = portableEngine();
const [rows, features] = [240, 6];

/** Features on very different scales and levels, two of them nearly collinear. */
function featureColumns(seed: number): Float64Array[] {
  const columns = Array.from({ length: features }, (_, f) => Float64Array.from({ length: rows }, (_unused, t) => 10 ** (f - 2) * (gaussian(seed + f, t) + 5 * f)));
  columns[1] = columns[0]!.map((value, t) => 3 * value + 0.05 * gaussian(seed + 99, t));
  return columns;
}

const columns = featureColumns(11);
const score = (t: number): number => 40 * columns[0]![t]! - 0.2 * columns[3]![t]! + 0.005 * columns[4]![t]!;
const level = Float64Array.from({ length: rows }, (_, t) => 100 + score(t) + gaussian(77, t));
const middle = level.toSorted()[rows / 2]!;
const two = level.map((value, t) => (value + 2 * gaussian(78, t) > middle ? 1 : 0));
const three = level.map((value, t) => (value + gaussian(79, t) > middle + 2 ? 2 : value + gaussian(80, t) < middle - 2 ? 0 : 1));

const whole = { from: 0, to: rows };
const params = (given: z.input<typeof learnParams>): LearnParams => learnParams.parse(given);
const trained = async (given: z.input<typeof learnParams>, table: FeatureTable, classes: number): Promise<LearnedModel> => {
  const training: TrainingRows = { table, classes, train: whole, parts: { fit: { from: 0, to: 180 }, heldOut: { from: 181, to: rows } } };
  return (await fitModel(params(given), training, { precision: 'f64', engine, seed: 1, draw: 0 })).model;
};
const predictions = async (given: z.input<typeof learnParams>, target: Float64Array, classes: number): Promise<Float64Array[]> => {
  const table = tableOf(columns, target);
  return predict(await trained(given, table, classes), rangeOf(table, whole), engine, { precision: 'f64' });
};

const lists = z.array(z.array(z.number()));
const sklearn = (script: string, target: Float64Array): number[][] =>
  lists.parse(
    askPython(
      `import warnings; warnings.simplefilter("ignore")
from sklearn.preprocessing import StandardScaler
x, y = np.array(data["x"]).T, np.array(data["y"])
x = StandardScaler().fit_transform(x)
${script}`,
      { x: columns.map((column) => [...column]), y: [...target] },
    ),
  );

const compared = (name: string, got: readonly Float64Array[], expected: readonly number[][], tolerance: number): void => {
  expect(got.length).toBe(expected.length);
  for (const [k, one] of got.entries()) assertClose(one, expected[k]!, { tolerance: () => tolerance, place: (t) => `${name}: output ${k}, row ${t}` });
};

describe.skipIf(!hasPython('numpy', 'sklearn'))('beside scikit-learn (needs python3 with sklearn)', () => {
  it('ridge predicts the same to 1e-8, whatever the penalty', async () => {
    for (const alpha of [1e-6, 1, 300]) {
      compared(`ridge ${alpha}`, await predictions({ model: 'ridge', alpha }, level, 0), sklearn(`from sklearn.linear_model import Ridge\nresult = [Ridge(alpha=${alpha}).fit(x, y).predict(x)]`, level), 1e-8);
    }
  });

  it('lasso and elastic net predict the same to 1e-8, and leave out the same features', async () => {
    const fit = (model: string): string => `from sklearn.linear_model import ElasticNet, Lasso\nmodel = ${model}.fit(x, y)\nresult = [model.predict(x), model.coef_]`;
    for (const alpha of [0.01, 0.5, 2]) {
      for (const [given, model] of [
        [{ model: 'lasso', alpha }, `Lasso(alpha=${alpha}, tol=1e-15, max_iter=1000000)`],
        [{ model: 'elastic-net', alpha, l1Ratio: 0.3 }, `ElasticNet(alpha=${alpha}, l1_ratio=0.3, tol=1e-15, max_iter=1000000)`],
      ] as const) {
        const [predicted = [], coefficients = []] = sklearn(fit(model), level);
        compared(model, await predictions(given, level, 0), [predicted], 1e-8);
        const { predictor } = await trained(given, tableOf(columns, level), 0);
        if (predictor.kind !== 'linear') throw new Error('expected a linear model');
        expect(Array.from(predictor.weights, (weight) => weight === 0)).toEqual(coefficients.map((weight) => weight === 0));
      }
    }
  });

  it('logistic regression of two classes and of three gives the same probabilities to 1e-8', async () => {
    for (const [classes, target] of [[2, two], [3, three]] as const) {
      for (const alpha of [0.1, 10]) {
        const script = `from sklearn.linear_model import LogisticRegression
model = LogisticRegression(C=${1 / alpha}, solver="newton-cg", multi_class="${classes === 2 ? 'ovr' : 'multinomial'}", tol=1e-12, max_iter=10000).fit(x, y)
result = list(model.predict_proba(x).T)`;
        compared(`logistic ${classes} ${alpha}`, await predictions({ model: 'logistic', alpha }, target, classes), sklearn(script, target), 1e-8);
      }
    }
  });

  it('Gaussian naive Bayes gives the same probabilities to 1e-8', async () => {
    const script = `from sklearn.naive_bayes import GaussianNB\nx = np.array(data["x"]).T\nresult = list(GaussianNB().fit(x, y).predict_proba(x).T)`;
    for (const [classes, target] of [[2, two], [3, three]] as const) compared(`naive Bayes ${classes}`, await predictions({ model: 'gaussian-naive-bayes' }, target, classes), sklearn(script, target), 1e-8);
  });

  it('imputation by mean and by median, fitted on the training rows, gives the same ridge', async () => {
    const gaps = columns.map((column, f) => withMissing(column, 0.1, 500 + f));
    for (const impute of ['mean', 'median'] as const) {
      const table = tableOf(gaps, level);
      const got = await predict(await trained({ model: 'ridge', alpha: 2, impute }, table, 0), rangeOf(table, whole), engine, { precision: 'f64' });
      const answer = askPython(
        `from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
x = np.array([[np.nan if v is None else v for v in column] for column in data["x"]]).T
model = make_pipeline(SimpleImputer(strategy="${impute}"), StandardScaler(), Ridge(alpha=2)).fit(x, data["y"])
result = [model.predict(x)]`,
        { x: gaps.map((column) => [...column].map((value) => (Number.isNaN(value) ? null : value))), y: [...level] },
      );
      compared(`ridge, ${impute}`, got, lists.parse(answer), 1e-8);
    }
  });

  it('isotonic regression has the same values, also between the points it was fitted to', () => {
    const predicted = Float64Array.from({ length: 120 }, (_, i) => Math.round(uniform(5, i) * 40) / 40);
    const came = predicted.map((p, i) => (uniform(6, i) < p ** 2 ? 1 : 0));
    const asked = Float64Array.from({ length: 201 }, (_, i) => i / 200);
    const answer = askPython(`from sklearn.isotonic import IsotonicRegression\nresult = [IsotonicRegression(out_of_bounds="clip").fit(data["p"], data["y"]).predict(data["q"])]`, { p: [...predicted], y: [...came], q: [...asked] });
    compared('isotonic', [asked.map((p) => calibrated(fitIsotonic(predicted, came), p))], lists.parse(answer), 1e-12);
  });

  it('the metrics are the same', () => {
    const predicted = level.map((value, t) => Math.round(value + 3 * gaussian(33, t)));
    const raw = [31, 32, 33].map((seed) => Float64Array.from({ length: rows }, (_, t) => Math.round(100 * uniform(seed, t)) + (three[t] === seed - 31 ? 60 : 0.5)));
    const probability = raw.map((one) => one.map((value, t) => value / raw.reduce((sum, other) => sum + other[t]!, 0)));
    const second = probability[1]!;
    const binary = [second.map((p) => 1 - p), second];
    const got = [
      meanSquaredError(level, predicted), meanAbsoluteError(level, predicted), rSquared(level, predicted), informationCoefficient(level, predicted),
      accuracy(three, mostProbable(probability)), logLoss(three, probability), areaUnderCurve(three, probability),
      logLoss(two, binary), brierScore(two, binary), areaUnderCurve(two, binary),
    ];
    const answer = askPython(
      `from scipy.stats import spearmanr
from sklearn import metrics as m
y, f, two, three, p = (np.array(data[k]) for k in ("y", "f", "two", "three", "p"))
result = [m.mean_squared_error(y, f), m.mean_absolute_error(y, f), m.r2_score(y, f), spearmanr(y, f).correlation,
  m.accuracy_score(three, p.argmax(0)), m.log_loss(three, p.T), m.roc_auc_score(three, p.T, multi_class="ovr"),
  m.log_loss(two, p[1]), m.brier_score_loss(two, p[1]), m.roc_auc_score(two, p[1])]`,
      { y: [...level], f: [...predicted], two: [...two], three: [...three], p: probability.map((one) => [...one]) },
    );
    assertClose(got, z.array(z.number()).parse(answer), { tolerance: () => 1e-12 * 1e3, place: (i) => `metric ${i}` });
  });
});
