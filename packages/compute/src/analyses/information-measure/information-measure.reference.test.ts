/** The analysis against JIDT: every entry of the reference that it can be asked for, to 1e-9. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { assertClose } from '../../../test/oracle/compare.ts';
import type { Frame } from '../../frame/frame.ts';
import { columnsNamed, numberOf, referenceColumns, referenceEntries, type ReferenceEntry, referenceFolder, titleOf } from '../../information/reference.testing.ts';
import { chiSquareTail } from '../../statistics/chi-square.ts';
import { collect, type Collected } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';

type Params = Record<string, unknown>;

const names = (places: readonly number[]): string[] => places.map((place) => `s${place}`);

const frame = (entry: ReferenceEntry): Frame => frameOf(referenceColumns(entry.data), { timeKind: 'index' });

function measured(entry: ReferenceEntry, params: Params): Promise<Collected> {
  return collect('information-measure', frame(entry), { params });
}

function expectClose(came: unknown, expected: unknown): void {
  assertClose([z.number().parse(came)], [z.number().parse(expected)], { tolerance: () => 1e-9, place: () => 'value' });
}

/** Algorithm 2 on tied values depends on which of equally distant neighbours is kept: such entries say so. */
const comparable = ({ note }: ReferenceEntry): boolean => note?.includes('do not test') !== true;

/** The longer ones of mutual information are compared in the engines' tests. */
const short = ({ id, n_obs }: ReferenceEntry): boolean => !/^ksg._c?mi$/.test(id) || (n_obs ?? 0) <= 1300;

const estimatorOf = ({ id, params }: ReferenceEntry): string => (id.startsWith('ksg') ? `ksg${numberOf(params, 'algorithm', Number(id.slice(3, 4)) || 1)}` : (id.split('_')[0] ?? ''));

const relation = (entry: ReferenceEntry): Params => ({
  measure: columnsNamed(entry.columns, 'cond').length > 0 ? 'cmi' : 'mi',
  source: names(columnsNamed(entry.columns, 'var1')),
  target: names(columnsNamed(entry.columns, 'var2')),
  ...(columnsNamed(entry.columns, 'cond').length > 0 ? { conditional: names(columnsNamed(entry.columns, 'cond')) } : {}),
  delay: numberOf(entry.params, 'time_diff', 0),
});

const transfer = ({ columns, params }: ReferenceEntry): Params => ({
  measure: 'te',
  source: names(columnsNamed(columns, 'source')),
  target: names(columnsNamed(columns, 'target')),
  targetHistory: numberOf(params, 'k_history', 1),
  targetTau: numberOf(params, 'k_tau', 1),
  sourceHistory: numberOf(params, 'l_history', 1),
  sourceTau: numberOf(params, 'l_tau', 1),
  delay: numberOf(params, 'delay', 1),
});

const process = (measure: string) => ({ columns, params }: ReferenceEntry): Params => ({
  measure,
  target: names(columnsNamed(columns, columns.process === undefined ? 'vars' : 'process')),
  targetHistory: numberOf(params, 'k_history', numberOf(params, 'history', numberOf(params, 'block', 1))),
  targetTau: numberOf(params, 'tau', 1),
});

const common = (entry: ReferenceEntry): Params => ({
  estimator: estimatorOf(entry),
  ...(estimatorOf(entry).startsWith('ksg') ? { neighbours: numberOf(entry.params, 'k', 4), theiler: numberOf(entry.params, 'theiler', 0) } : {}),
  ...(entry.params.normalise === undefined ? {} : { normalise: entry.params.normalise }),
  ...(entry.params.bias_correction === undefined ? {} : { biasCorrection: entry.params.bias_correction }),
  ...(entry.params.base === undefined ? {} : { base: entry.params.base }),
  ...(entry.params.kernel_width === undefined ? {} : { kernelWidth: entry.params.kernel_width }),
});

const questions: Record<string, (entry: ReferenceEntry) => Params> = {
  ksg1_mi: relation, ksg2_mi: relation, ksg1_cmi: relation, ksg2_cmi: relation, ksg_te: transfer, ksg_ais: process('ais'),
  gaussian_mi: relation, gaussian_cmi: relation, gaussian_te: transfer, gaussian_ais: process('ais'), gaussian_entropy: process('entropy'),
  discrete_mi: relation, discrete_te: transfer, discrete_ais: process('ais'), discrete_entropy: process('entropy'),
  discrete_block_entropy: process('block-entropy'), discrete_entropy_rate: process('entropy-rate'), discrete_predictive_info: process('predictive-information'),
  kernel_te: transfer, kernel_mi: relation,
  ksg1_multi_info: process('multi-information'), ksg2_multi_info: process('multi-information'), gaussian_multi_info: process('multi-information'), gaussian_SInfoCalculator: process('s-information'),
};

describe.skipIf(referenceFolder === null)('information-measure agrees with JIDT to 1e-9', () => {
  const cases = Object.entries(questions).flatMap(([id, question]) => referenceEntries(id).filter(comparable).filter(short).map((entry) => ({ entry, params: { ...common(entry), ...question(entry) }, title: titleOf(entry) })));

  it('asks every one of these entries', () => {
    expect(cases.length).toBe(134);
  });

  it.for(cases)('$title', async ({ entry, params }) => {
    const result = await measured(entry, params);
    const perUnit = entry.unit.startsWith('log base') ? Math.log2(numberOf(entry.params, 'base')) : 1;
    expectClose(result.column('values', 'value')[0], z.number().parse(entry.value) * perUnit);
    expect(result.column('values', 'unit')).toEqual([entry.unit.startsWith('log base') ? 'bits' : entry.unit]);
    if (entry.n_obs !== undefined) expect(result.column('values', 'n')).toEqual([entry.n_obs]);
    if (entry.analytic_p === undefined) return;
    const p = z.number().parse(result.column('values', 'p')[0]);
    if (entry.unit === 'nats') expectClose(p, entry.analytic_p);
    // JIDT's p of discrete data lacks the factor ln 2 and so is too small (or as small).
    else expect(p).toBeGreaterThanOrEqual(entry.analytic_p - 1e-12);
  });

  it.for(referenceEntries('kozachenko_entropy').map((entry) => ({ entry, title: titleOf(entry) })))('$title', async ({ entry }) => {
    const result = await measured(entry, { ...process('entropy')(entry), estimator: 'ksg1', neighbours: numberOf(entry.params, 'nn') });
    expectClose(result.column('values', 'value')[0], entry.value);
  });

  const locals = ['ksg1_mi_local', 'ksg2_mi_local', 'ksg1_cmi_local', 'ksg2_cmi_local', 'ksg_te_local', 'gaussian_cmi_local', 'discrete_te_local'].flatMap((id) => referenceEntries(id).map((entry) => ({ entry, title: titleOf(entry) })));
  it.for(locals)('$title', async ({ entry }) => {
    const result = await measured(entry, { ...common(entry), ...(entry.id.includes('_te') ? transfer : relation)(entry), local: true });
    const expected = z.array(z.number()).parse(entry.value);
    const time = z.array(z.bigint()).parse(result.column('local', 'time')).map(Number);
    // JIDT begins with zeros for the rows that have no past.
    expect(time).toEqual(Array.from({ length: time.length }, (_, i) => expected.length - time.length + i));
    assertClose(z.array(z.number()).parse(result.column('local', 'value')), expected.slice(expected.length - time.length), { tolerance: () => 1e-9, place: (i) => `time ${time[i]}` });
    const mean = z.array(z.number()).parse(result.column('local', 'value')).reduce((sum, value) => sum + value, 0) / time.length;
    expectClose(result.column('values', 'value')[0], mean);
  });
});

describe.skipIf(referenceFolder === null)('the embedding that information-measure chooses is JIDT’s', () => {
  it.for(referenceEntries('ragwitz_ais').map((entry) => ({ entry, title: titleOf(entry) })))('$title', async ({ entry }) => {
    const result = await measured(entry, { measure: 'ais', target: names(columnsNamed(entry.columns, 'process')), embedding: 'ragwitz', maxHistory: numberOf(entry.params, 'k_search_max'), maxTau: numberOf(entry.params, 'tau_search_max') });
    expect([result.column('values', 'target_history')[0], result.column('values', 'target_tau')[0]]).toEqual([entry.selected_k, entry.selected_tau]);
    expectClose(result.column('values', 'value')[0], entry.value);
  });

  it.for(referenceEntries('autoembed_te').map((entry) => ({ entry, title: `${titleOf(entry)} ${entry.estimator}` })))('$title', async ({ entry }) => {
    const result = await measured(entry, { source: names(columnsNamed(entry.columns, 'source')), target: names(columnsNamed(entry.columns, 'target')), embedding: entry.estimator.includes('RAGWITZ') ? 'ragwitz' : 'max-ais', maxHistory: numberOf(entry.params, 'k_search_max'), maxTau: numberOf(entry.params, 'tau_search_max') });
    const chosen = ['target_history', 'target_tau', 'source_history', 'source_tau'].map((name) => result.column('values', name)[0]);
    expect(chosen).toEqual(['k_HISTORY', 'k_TAU', 'l_HISTORY', 'l_TAU'].map((name) => entry.selected?.[name]));
    expectClose(result.column('values', 'value')[0], entry.value);
  });
});

describe.skipIf(referenceFolder === null)('chiSquareTail', () => {
  it.for(referenceEntries('gaussian_mi').map((entry) => ({ entry, title: titleOf(entry) })))('gives the p of $title', ({ entry }) => {
    const bias = entry.params.bias_correction === true ? numberOf(entry, 'dof') / (2 * numberOf(entry, 'n_obs')) : 0;
    expectClose(chiSquareTail(2 * numberOf(entry, 'n_obs') * (z.number().parse(entry.value) + bias), numberOf(entry, 'dof')), entry.analytic_p);
  });
});
