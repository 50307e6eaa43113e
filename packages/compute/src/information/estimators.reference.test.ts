/** The estimators of this process against JIDT and IDTxl, through the pieces that the analyses use. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { assertClose } from '../../test/oracle/compare.ts';
import { gaussianOracle } from '../../test/oracle/gaussian.ts';
import { columnsOf } from '../../test/series/columns.ts';
import type { Columns } from '../engine/contract.ts';
import { portableEngine } from '../engine/portable.ts';
import { chiSquareTail } from '../statistics/chi-square.ts';
import type { ConditionalSession } from './estimator.ts';
import { type EstimatorName, type EstimatorSettings, openEstimator } from './estimators.ts';
import { embed, longestLag, normaliseColumns, spanOf, standardiseSeries, type Variable } from './realisations.ts';
import { columnsNamed, numberOf, referenceColumns, referenceEntries, type ReferenceEntry, referenceFolder, titleOf } from './reference.testing.ts';

const options = { precision: 'f64' } as const;
const tolerance = 1e-9;

interface Question {
  readonly name: EstimatorName;
  readonly settings?: Partial<EstimatorSettings>;
  readonly x: readonly Variable[];
  readonly y: readonly Variable[];
  readonly z: readonly Variable[];
}

async function open(data: Columns, { name, settings = {}, x, y, z: conditions }: Question): Promise<{ session: ConditionalSession; source: Columns; value: number }> {
  const span = spanOf(data, longestLag([...x, ...y, ...conditions]));
  const block = (variables: readonly Variable[]): Columns => (name === 'discrete' ? embed(data, variables, span) : normaliseColumns(embed(data, variables, span)));
  const session = await openEstimator(name, settings, portableEngine()).open(block(y), block(conditions), options);
  const source = block(x);
  const [values] = await session.estimate([{ source, surrogates: 0, null: { kind: 'permuted', stream: [1, 0, 0, 0] } }], options);
  return { session, source, value: values?.[0] ?? Number.NaN };
}

const at = (series: readonly number[], lag: number): Variable[] => series.map((one) => ({ series: one, lag }));

function past(series: number, history: number, tau: number, first: number): Variable[] {
  return Array.from({ length: history }, (_, i) => ({ series, lag: first + i * tau }));
}

function informationOf(entry: ReferenceEntry): Pick<Question, 'x' | 'y' | 'z'> {
  const shift = numberOf(entry.params, 'time_diff', 0);
  return { x: at(columnsNamed(entry.columns, 'var1'), shift), y: at(columnsNamed(entry.columns, 'var2'), 0), z: at(columnsNamed(entry.columns, 'cond'), 0) };
}

function transferOf({ columns, params }: ReferenceEntry): Pick<Question, 'x' | 'y' | 'z'> {
  const [source = 0] = columnsNamed(columns, 'source');
  const [target = 0] = columnsNamed(columns, 'target');
  return {
    x: past(source, numberOf(params, 'l_history', 1), numberOf(params, 'l_tau', 1), numberOf(params, 'delay', 1)),
    y: at([target], 0),
    z: past(target, numberOf(params, 'k_history'), numberOf(params, 'k_tau', 1), 1),
  };
}

function storageOf({ columns, params }: ReferenceEntry): Pick<Question, 'x' | 'y' | 'z'> {
  const [process = 0] = columnsNamed(columns, 'process');
  return { x: past(process, numberOf(params, 'k_history', numberOf(params, 'history', 1)), numberOf(params, 'tau', 1), 1), y: at([process], 0), z: [] };
}

function expectClose(came: number, expected: unknown): void {
  assertClose([came], [z.number().parse(expected)], { tolerance: () => tolerance, place: () => 'value' });
}

describe.skipIf(referenceFolder === null)('the Gaussian estimator agrees with JIDT to 1e-9', () => {
  const cases = [
    ...['gaussian_mi', 'gaussian_cmi'].flatMap((id) => referenceEntries(id).map((entry) => ({ entry, of: informationOf(entry) }))),
    ...referenceEntries('gaussian_te').map((entry) => ({ entry, of: transferOf(entry) })),
    ...referenceEntries('gaussian_ais').map((entry) => ({ entry, of: storageOf(entry) })),
  ].map(({ entry, of }) => ({ entry, of, title: titleOf(entry) }));

  it.for(cases)('$title', async ({ entry, of }) => {
    const settings = { biasCorrection: entry.params.bias_correction === true };
    const { session, source, value } = await open(referenceColumns(entry.data), { name: 'gaussian', settings, ...of });
    expectClose(value, entry.value);
    expectClose(session.analyticP(source, value) ?? Number.NaN, entry.analytic_p);
  });

  // JIDT 1.6.1 z-scores the observations but centres the quadratic forms with the means from before, so that its local
  // values do not average to its value. Ours do; the oracle tells what they are either way.
  it.for(referenceEntries('gaussian_te_local').map((entry) => ({ entry, title: titleOf(entry) })))('$title, but for the means', async ({ entry }) => {
    const data = referenceColumns(entry.data);
    const { x, y, z: conditions } = transferOf(entry);
    const span = spanOf(data, 1);
    const raw = [x, y, conditions].map((variables) => embed(data, variables, span));
    const means = raw.map(({ values, length }) => values.reduce((sum, value) => sum + value, 0) / length);
    const [sources = data, targets = data, pasts = data] = raw.map(normaliseColumns);
    assertClose(gaussianOracle(sources, targets, pasts, means).locals, z.array(z.number()).parse(entry.value).slice(1), { tolerance: () => tolerance, place: (i) => `realisation ${i}` });
    const { session, source, value } = await open(data, { name: 'gaussian', x, y, z: conditions });
    const locals = await session.locals(source, options);
    assertClose(locals, gaussianOracle(sources, targets, pasts).locals, { tolerance: () => tolerance, place: (i) => `realisation ${i}` });
    expectClose(locals.reduce((sum, local) => sum + local, 0) / locals.length, value);
  });

  it.for(referenceEntries('gaussian_cmi_local').map((entry) => ({ entry, title: titleOf(entry) })))('$title', async ({ entry }) => {
    const { session, source } = await open(referenceColumns(entry.data), { name: 'gaussian', ...informationOf(entry) });
    assertClose(await session.locals(source, options), z.array(z.number()).parse(entry.value), { tolerance: () => tolerance, place: (i) => `realisation ${i}` });
  });

  const rounds = [...referenceEntries('idtxl_round1_target_candidates'), ...referenceEntries('idtxl_round1_source_candidates')].filter(({ estimator }) => estimator.endsWith('gaussian')).map((entry) => ({ entry, title: titleOf(entry) }));
  it.for(rounds)('$title', async ({ entry }) => {
    const variables = z.array(z.tuple([z.number(), z.number()]).transform(([series, lag]): Variable => ({ series, lag })));
    const data = standardiseSeries(referenceColumns(entry.data));
    const span = spanOf(data, numberOf(entry.params, 'max_lag'));
    const [target = 0] = columnsNamed(entry.columns, 'target');
    const conditions = variables.parse(entry.params.conditional ?? []);
    const session = await openEstimator('gaussian', {}, portableEngine()).open(embed(data, at([target], 0), span), embed(data, conditions, span), options);
    const values = await session.estimate(
      variables.parse(entry.params.candidates).map((candidate) => ({ source: embed(data, [candidate], span), surrogates: 0, null: { kind: 'permuted', stream: [1, 0, 0, 0] } })),
      options,
    );
    assertClose(values.map((one) => one[0] ?? Number.NaN), z.array(z.number()).parse(entry.value), { tolerance: () => tolerance, place: (i) => `candidate ${i}` });
  });
});

describe.skipIf(referenceFolder === null)('the discrete estimator agrees with JIDT to 1e-9', () => {
  const cases = [
    ...referenceEntries('discrete_mi').map((entry) => ({ entry, of: informationOf(entry) })),
    ...referenceEntries('discrete_te').map((entry) => ({ entry, of: transferOf(entry) })),
    ...referenceEntries('discrete_ais').map((entry) => ({ entry, of: storageOf(entry) })),
  ].map(({ entry, of }) => ({ entry, of, title: titleOf(entry) }));

  it.for(cases)('$title', async ({ entry, of }) => {
    const base = numberOf(entry.params, 'base');
    const data = referenceColumns(entry.data);
    const { session, source, value } = await open(data, { name: 'discrete', settings: { alphabet: base }, ...of });
    expectClose(value, entry.value);
    // JIDT's p without the factor ln 2: the same degrees of freedom, another statistic.
    const dof = (base ** of.x.length - 1) * (base - 1) * base ** of.z.length;
    const n = data.length - longestLag([...of.x, ...of.y, ...of.z]);
    expectClose(chiSquareTail(2 * n * value, dof), entry.analytic_p);
    expectClose(session.analyticP(source, value) ?? Number.NaN, chiSquareTail(2 * n * Math.LN2 * value, dof));
  });

  it.for(referenceEntries('discrete_te_local').map((entry) => ({ entry, title: titleOf(entry) })))('$title', async ({ entry }) => {
    const { session, source } = await open(referenceColumns(entry.data), { name: 'discrete', settings: { alphabet: 2 }, ...transferOf(entry) });
    const expected = z.array(z.number()).parse(entry.value).slice(2);
    assertClose(await session.locals(source, options), expected, { tolerance: () => tolerance, place: (i) => `realisation ${i}` });
  });
});

describe.skipIf(referenceFolder === null)('surrogates of given orderings are JIDT’s to 1e-9', () => {
  const cases = ['ksg1_cmi_fixed_orderings', 'ksg2_cmi_fixed_orderings'].flatMap((id) => referenceEntries(id).map((entry) => ({ entry, title: titleOf(entry) })));
  it.for(cases)('$title', async ({ entry }) => {
    const orderings = referenceColumns(z.string().parse(entry.params.orderings), false);
    const { distribution, actual } = z.object({ distribution: z.array(z.number()), actual: z.number() }).parse(entry.value);
    const data = referenceColumns(entry.data);
    const { x, y, z: conditions } = informationOf(entry);
    const block = (variables: readonly Variable[]): Columns => {
      const columns = embed(data, variables, spanOf(data, 0));
      return entry.params.normalise === true ? normaliseColumns(columns) : columns;
    };
    const session = await openEstimator(entry.id.startsWith('ksg1') ? 'ksg1' : 'ksg2', { neighbours: numberOf(entry.params, 'k') }, portableEngine()).open(block(y), block(conditions), options);
    // Read as columns [realisations × surrogates], wanted as [surrogates × realisations].
    const transposed = Int32Array.from({ length: orderings.series * orderings.length }, (_, i) => orderings.values[(i % orderings.series) * orderings.stride + Math.floor(i / orderings.series)] ?? 0);
    const [values = []] = await session.estimate([{ source: block(x), surrogates: orderings.length, null: { kind: 'ordered', orderings: transposed } }], options);
    assertClose(values, [actual, ...distribution], { tolerance: () => tolerance, place: (i) => (i === 0 ? 'value' : `surrogate ${i - 1}`) });
  });
});

describe('statesOf', () => {
  it('refuses values that are no whole numbers, naming the value', async () => {
    const half = columnsOf([Float64Array.of(0, 1, 0.5, 1)]);
    await expect(openEstimator('discrete', {}, portableEngine()).open(half, columnsOf([]), options)).rejects.toMatchObject({ code: 'not-discrete', message: expect.stringContaining('0.5') });
  });
});
