/** Linear models, naive Bayes, calibration and metrics beside those of scikit-learn. */
import { learnParams } from '@corrente/shared/contract/analyses/learn';
import { beforeAll, describe, expect, it } from 'vitest';
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
import { rangeOf } from './training-rows.ts';

const engine = portableEngine();
const [rows, features] = [240, 6];
const whole = { from: 0, to: rows };
const agreement = 1e-8;

/** Features on very different scales and levels, two of them nearly collinear. */
function featureColumns(seed: number): Float64Array[] {
  const columns = Array.from({ length: features }, (_, f) => Float64Array.from({ length: rows }, (_unused, t) => 10 ** (f - 2) * (gaussian(seed + f, t) + 5 * f)));
  columns[1] = columns[0]!.map((value, t) => 3 * value + 0.05 * gaussian(seed + 99, t));
  return columns;
}

const columns = featureColumns(11);
const gaps = columns.map((column, f) => withMissing(column, 0.1, 500 + f));
const level = Float64Array.from({ length: rows }, (_, t) => 100 + 40 * columns[0]![t]! - 0.2 * columns[3]![t]! + 0.005 * columns[4]![t]! + gaussian(77, t));
const middle = level.toSorted()[rows / 2]!;
const two = level.map((value, t) => (value + 2 * gaussian(78, t) > middle ? 1 : 0));
const three = level.map((value, t) => (value + gaussian(79, t) > middle + 2 ? 2 : value + gaussian(80, t) < middle - 2 ? 0 : 1));

const predicted = level.map((value, t) => Math.round(value + 3 * gaussian(33, t)));
const raw = [31, 32, 33].map((seed, k) => Float64Array.from({ length: rows }, (_, t) => Math.round(100 * uniform(seed, t)) + (three[t] === k ? 60 : 0.5)));
const probability = raw.map((one) => one.map((value, t) => value / raw.reduce((sum, other) => sum + other[t]!, 0)));

const stated = Float64Array.from({ length: 120 }, (_, i) => Math.round(uniform(5, i) * 40) / 40);
const came = stated.map((p, i) => (uniform(6, i) < p ** 2 ? 1 : 0));
const asked = Float64Array.from({ length: 201 }, (_, i) => i / 200);

async function trained(given: z.input<typeof learnParams>, table: FeatureTable, classes: number): Promise<LearnedModel> {
  const training = { table, classes, train: whole, parts: { fit: { from: 0, to: 180 }, heldOut: { from: 181, to: rows } } };
  return (await fitModel(learnParams.parse(given), training, { precision: 'f64', engine, seed: 1, draw: 0 })).model;
}

async function predictions(given: z.input<typeof learnParams>, target: Float64Array, classes: number, of = columns): Promise<Float64Array[]> {
  const table = tableOf(of, target);
  return predict(await trained(given, table, classes), rangeOf(table, whole), engine, { precision: 'f64' });
}

/** Everything that scikit-learn is asked, in one process: importing it takes longer than all it does. */
const script = `import warnings; warnings.simplefilter("ignore")
from scipy.stats import spearmanr
from sklearn import metrics as m
from sklearn.impute import SimpleImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, Ridge
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
plain_x = np.array(data["x"]).T
x = StandardScaler().fit_transform(plain_x)
gaps = np.array([[np.nan if v is None else v for v in column] for column in data["gaps"]]).T
level, two, three, f, p = (np.array(data[k]) for k in ("level", "two", "three", "predicted", "probability"))
result = {}
for alpha in (1e-6, 1, 300): result[f"ridge {alpha:g}"] = [Ridge(alpha=alpha).fit(x, level).predict(x)]
for alpha in (0.01, 0.5, 2):
    for name, model in (("lasso", Lasso(alpha=alpha, tol=1e-15, max_iter=100000)), ("elastic-net", ElasticNet(alpha=alpha, l1_ratio=0.3, tol=1e-15, max_iter=100000))):
        model.fit(x, level)
        result[f"{name} {alpha:g}"] = [model.predict(x), model.coef_]
for alpha in (0.1, 10):
    for classes, y in ((2, two), (3, three)):
        model = LogisticRegression(C=1 / alpha, solver="newton-cg", multi_class="ovr" if classes == 2 else "multinomial", tol=1e-10, max_iter=2000).fit(x, y)
        result[f"logistic {classes} {alpha:g}"] = list(model.predict_proba(x).T)
for classes, y in ((2, two), (3, three)): result[f"naive Bayes {classes}"] = list(GaussianNB().fit(plain_x, y).predict_proba(plain_x).T)
for impute in ("mean", "median"): result[f"impute {impute}"] = [make_pipeline(SimpleImputer(strategy=impute), StandardScaler(), Ridge(alpha=2)).fit(gaps, level).predict(gaps)]
result["isotonic"] = [IsotonicRegression(out_of_bounds="clip").fit(data["stated"], data["came"]).predict(data["asked"])]
result["metrics"] = [[m.mean_squared_error(level, f), m.mean_absolute_error(level, f), m.r2_score(level, f), spearmanr(level, f).correlation,
  m.accuracy_score(three, p.argmax(0)), m.log_loss(three, p.T), m.roc_auc_score(three, p.T, multi_class="ovr"),
  m.log_loss(two, p[1]), m.brier_score_loss(two, p[1]), m.roc_auc_score(two, p[1])]]`;

const plain = (values: Float64Array): Array<number | null> => Array.from(values, (value) => (Number.isNaN(value) ? null : value));

describe.skipIf(!hasPython('numpy', 'scipy', 'sklearn'))('beside scikit-learn (needs python3 with sklearn)', () => {
  let answers: Record<string, number[][]> = {};

  beforeAll(() => {
    const data = { x: columns.map(plain), gaps: gaps.map(plain), level: plain(level), two: plain(two), three: plain(three), predicted: plain(predicted), probability: probability.map(plain), stated: plain(stated), came: plain(came), asked: plain(asked) };
    answers = z.record(z.string(), z.array(z.array(z.number()))).parse(askPython(script, data));
  }, 120_000);

  const compare = (name: string, got: readonly Float64Array[], tolerance = agreement): void => {
    const expected = answers[name] ?? [];
    expect(expected.length, name).toBeGreaterThanOrEqual(got.length);
    for (const [k, one] of got.entries()) assertClose(one, expected[k]!, { tolerance: () => tolerance, place: (t) => `${name}: output ${k}, row ${t}` });
  };

  it('ridge predicts the same to 1e-8, whatever the penalty', async () => {
    for (const alpha of [1e-6, 1, 300]) compare(alpha === 1e-6 ? 'ridge 1e-06' : `ridge ${alpha}`, await predictions({ model: 'ridge', alpha }, level, 0));
  });

  it('lasso and elastic net predict the same to 1e-8, and leave out the same features', async () => {
    for (const alpha of [0.01, 0.5, 2]) {
      for (const model of ['lasso', 'elastic-net'] as const) {
        const given = { model, alpha, l1Ratio: 0.3 };
        compare(`${model} ${alpha}`, await predictions(given, level, 0));
        const { predictor } = await trained(given, tableOf(columns, level), 0);
        if (predictor.kind !== 'linear') throw new Error('expected a linear model');
        expect(Array.from(predictor.weights, (weight) => weight === 0)).toEqual(answers[`${model} ${alpha}`]?.[1]?.map((weight) => weight === 0));
      }
    }
  });

  it('logistic regression of two classes and of three gives the same probabilities to 1e-8', async () => {
    for (const alpha of [0.1, 10]) for (const [classes, target] of [[2, two], [3, three]] as const) compare(`logistic ${classes} ${alpha}`, await predictions({ model: 'logistic', alpha }, target, classes));
  });

  it('Gaussian naive Bayes gives the same probabilities to 1e-8', async () => {
    for (const [classes, target] of [[2, two], [3, three]] as const) compare(`naive Bayes ${classes}`, await predictions({ model: 'gaussian-naive-bayes' }, target, classes));
  });

  it('imputation by mean and by median, fitted on the training rows, gives the same ridge', async () => {
    for (const impute of ['mean', 'median'] as const) compare(`impute ${impute}`, await predictions({ model: 'ridge', alpha: 2, impute }, level, 0, gaps));
  });

  it('isotonic regression has the same values, also between the points it was fitted to', () => {
    compare('isotonic', [asked.map((p) => calibrated(fitIsotonic(stated, came), p))], 1e-12);
  });

  it('the metrics are the same', () => {
    const second = probability[1]!;
    const binary = [second.map((p) => 1 - p), second];
    const got = [
      meanSquaredError(level, predicted), meanAbsoluteError(level, predicted), rSquared(level, predicted), informationCoefficient(level, predicted),
      accuracy(three, mostProbable(probability)), logLoss(three, probability), areaUnderCurve(three, probability),
      logLoss(two, binary), brierScore(two, binary), areaUnderCurve(two, binary),
    ];
    compare('metrics', [Float64Array.from(got)], 1e-10);
  });
});
