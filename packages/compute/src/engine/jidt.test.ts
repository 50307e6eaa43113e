/**
 * The engines against JIDT, with its embedding and its normalisation. Of entries with ties those by KSG 2 are left out:
 * of points at the same distance JIDT keeps the one that its k-d tree meets first, ours is the one of lowest index, and
 * the bounds in X, Y and Z depend on which it is. KSG 1 depends on the distance alone.
 */
import { digammas } from '@corrente/shared/portable/digamma';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { assertClose } from '../../test/oracle/compare.ts';
import type { Spaces } from '../../test/oracle/information.ts';
import { activeStorageSpaces, embedded, mutualInformationSpaces, transferEntropySpaces, zScore } from '../../test/oracle/jidt.ts';
import { columnsOf, seriesOf } from '../../test/series/columns.ts';
import { columnsNamed, numberOf, referenceColumns, referenceEntries, referenceFolder, titleOf, type ReferenceEntry } from '../information/reference.testing.ts';
import type { Columns, Engine, InformationRequest, NeighbourCounts, NeighbourRule } from './contract.ts';
import { cpuEngine } from './cpu.ts';
import { portableEngine } from './portable.ts';

const tolerance = 1e-9;

const engines: readonly Engine[] = [portableEngine(), cpuEngine()];

const options = { precision: 'f64' } as const;

const without: InformationRequest['permute'] = { stream: [0, 0, 0, 0] };

async function estimate(engine: Engine, { x, y, z: condition }: Spaces, rule: NeighbourRule, requests: readonly InformationRequest[] = [{ source: x, surrogates: 0, permute: without }]): Promise<Float64Array[]> {
  const session = await engine.openInformation(y, condition, rule, options);
  try {
    return await session.estimate(requests, options);
  } finally {
    session.close();
  }
}

async function countsOf(engine: Engine, { x, y, z: condition }: Spaces, rule: NeighbourRule): Promise<NeighbourCounts> {
  const session = await engine.openInformation(y, condition, rule, options);
  try {
    return await session.counts(x, options);
  } finally {
    session.close();
  }
}

/** The estimator, and the points at which the entry's value is to be had. */
function problemOf({ id, data, columns, params }: ReferenceEntry): { readonly spaces: Spaces; readonly rule: NeighbourRule; readonly first: number } {
  const number = (name: string, otherwise?: number): number => numberOf(params, name, otherwise);
  const one = (name: string): number => columnsNamed(columns, name)[0] ?? -1;
  const normalise = params['normalise'] === true;
  const series = referenceColumns(data);
  const theiler = number('theiler', 0);
  const rule: NeighbourRule = id.startsWith('kernel')
    ? { estimator: 'kernel', width: number('kernel_width'), theiler }
    : { estimator: number('algorithm') === 1 ? 'ksg1' : 'ksg2', neighbours: number('k'), theiler };
  if ('target' in columns) {
    const how = { source: one('source'), target: one('target'), targetHistory: number('k_history'), targetTau: number('k_tau', 1), sourceHistory: number('l_history', 1), sourceTau: number('l_tau', 1), delay: number('delay', 1) };
    return { ...transferEntropySpaces(series, how, normalise), rule };
  }
  if ('process' in columns) return { spaces: activeStorageSpaces(series, one('process'), number('k_history'), number('tau'), normalise), rule, first: 0 };
  return { spaces: mutualInformationSpaces(series, columnsNamed(columns, 'var1'), columnsNamed(columns, 'var2'), columnsNamed(columns, 'cond'), number('time_diff', 0), normalise), rule, first: 0 };
}

/** Each point's part of a KSG estimate, from its counts. */
function localsOf(counts: NeighbourCounts, rule: NeighbourRule, conditioned: boolean): Float64Array {
  if (rule.estimator === 'kernel') throw new Error('no entry has local values of the kernel estimator');
  const count = counts.z.length;
  const psi = digammas(count + 1);
  const at = (n: number): number => psi[n] ?? Number.NaN;
  const k = rule.neighbours;
  return Float64Array.from({ length: count }, (_, i) => {
    const [xz, yz, inZ] = [counts.xz[i] ?? 0, counts.yz[i] ?? 0, counts.z[i] ?? 0];
    if (rule.estimator === 'ksg1') return at(k) + at(inZ + 1) - at(xz + 1) - at(yz + 1);
    return conditioned ? at(k) - 2 / k + at(inZ) - at(xz) - at(yz) + 1 / xz + 1 / yz : at(k) - 1 / k + at(count) - at(xz) - at(yz);
  });
}

const perNat = (unit: string): number => (unit === 'bits' ? Math.LN2 : 1);

const caveat = ({ params, note }: ReferenceEntry): string | null => (note !== undefined && params['algorithm'] === 2 ? 'KSG 2 with ties: which of several equally near points is a neighbour differs' : null);

const entriesOf = (...ids: string[]): ReferenceEntry[] => ids.flatMap(referenceEntries);

/** A variable [process, lag]. */
const variable = z.tuple([z.number(), z.number()]);

const numbers = z.array(z.number());

describe.skipIf(referenceFolder === null)('the reference values by JIDT', () => {
  it('are all there: so many of each kind, those with ties by KSG 2 apart', () => {
    const left = entriesOf('ksg1_mi', 'ksg2_mi', 'ksg1_cmi', 'ksg2_cmi', 'ksg_te', 'ksg_ais', 'kernel_te', 'kernel_mi').filter((entry) => caveat(entry) === null);
    expect(left.length).toBe(100);
  });
});

for (const engine of engines) {
  const { available, whyNot } = engine.info();
  describe.skipIf(referenceFolder === null || !available)(`${engine.name} against JIDT${available ? '' : ` (${whyNot})`}`, () => {
    for (const entry of entriesOf('ksg1_mi', 'ksg2_mi', 'ksg1_cmi', 'ksg2_cmi', 'ksg_te', 'ksg_ais', 'kernel_te', 'kernel_mi')) {
      it(`${titleOf(entry)}: the value to 1e-9`, async (context) => {
        const reason = caveat(entry);
        context.skip(reason !== null, reason ?? undefined);
        const { spaces, rule } = problemOf(entry);
        if (entry.n_obs !== undefined) expect(spaces.y.length).toBe(entry.n_obs);
        const [values] = await estimate(engine, spaces, rule);
        assertClose(values ?? [], [z.number().parse(entry.value) * perNat(entry.unit)], { tolerance: () => tolerance, place: () => 'the value' });
      });
    }

    for (const entry of entriesOf('ksg1_mi_local', 'ksg2_mi_local', 'ksg1_cmi_local', 'ksg2_cmi_local', 'ksg_te_local')) {
      it(`${titleOf(entry)}: each local value to 1e-9`, async () => {
        const { spaces, rule, first } = problemOf(entry);
        const locals = localsOf(await countsOf(engine, spaces, rule), rule, spaces.z.series > 0);
        // JIDT puts 0 where the past is not complete.
        assertClose([...new Float64Array(first), ...locals], numbers.parse(entry.value), { tolerance: () => tolerance, place: (i) => `local value ${i}` });
      });
    }

    for (const entry of entriesOf('ksg1_cmi_fixed_orderings', 'ksg2_cmi_fixed_orderings')) {
      it(`${titleOf(entry)}: the value and the surrogates of the given orderings to 1e-9`, async () => {
        const { spaces, rule } = problemOf(entry);
        const { actual, distribution } = z.object({ actual: z.number(), distribution: numbers }).parse(entry.value);
        const file = referenceColumns(z.string().parse(entry.params['orderings']), false);
        const orderings = new Int32Array(file.length * file.series);
        for (let s = 0; s < file.series; s++) for (const [row, place] of seriesOf(file, s).entries()) orderings[row * file.series + s] = place;
        const [values] = await estimate(engine, spaces, rule, [{ source: spaces.x, surrogates: file.length, permute: { orderings } }]);
        assertClose(values ?? [], [actual, ...distribution], { tolerance: () => tolerance, place: (at) => (at === 0 ? 'the value' : `surrogate ${at - 1}`) });
      });
    }

    for (const entry of entriesOf('idtxl_round1_target_candidates', 'idtxl_round1_source_candidates').filter(({ estimator }) => estimator.endsWith('JIDT ksg'))) {
      it(`${entry.id}, target ${columnsNamed(entry.columns, 'target').join()}: all candidates in one call to 1e-9`, async () => {
        const params = z.object({ max_lag: z.number(), k: z.number(), candidates: z.array(variable), conditional: z.array(variable).default([]) }).parse(entry.params);
        const raw = referenceColumns(entry.data);
        const data: Columns = columnsOf(Array.from({ length: raw.series }, (_, s) => zScore(seriesOf(raw, s))));
        const current = [[columnsNamed(entry.columns, 'target')[0] ?? -1, 0] as const];
        const spaces = embedded(data, { x: params.candidates, y: current, z: params.conditional }, params.max_lag, false);
        const requests = params.candidates.map((_, c): InformationRequest => ({ source: columnsOf([seriesOf(spaces.x, c)]), surrogates: 0, permute: without }));
        const values = await estimate(engine, spaces, { estimator: 'ksg1', neighbours: params.k, theiler: 0 }, requests);
        assertClose(values.map(([value]) => value ?? Number.NaN), numbers.parse(entry.value), { tolerance: () => tolerance, place: (c) => `candidate ${params.candidates[c]?.join(' lag ')}` });
      });
    }
  });
}
