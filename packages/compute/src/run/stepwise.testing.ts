/**
 * An analysis for tests of running, resuming and sharing: it sums the first series, slowly, in steps of its own
 * choosing, and shows at every turn what an analysis can do beside computing.
 */
import { analyses } from '@corrente/shared/contract/analyses/index';
import type { AnalysisContract } from '@corrente/shared/contract/analysis';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { z } from 'zod';
import type { Analysis, PlanInput, Step, StepContext } from '../analyses/analysis.ts';
import { runnableAnalyses } from '../analyses/index.ts';

const params = z.strictObject({
  /** Independent steps; one more that needs them all follows. */
  steps: z.int().min(1).default(4),
  /** Rows that each step adds up, one after the other, from row `step` on. */
  ticks: z.int().min(1).default(4),
  tickMs: z.number().min(0).default(0),
  /** The step that fails at its end; none where null. */
  failing: z.int().nullable().default(null),
});
type Params = z.output<typeof params>;

const sum = z.object({ sum: z.number() });
const note = z.object({ tick: z.int(), sum: z.number() });

const contract = {
  name: 'stepwise',
  title: 'Stepwise sums',
  summary: 'Sums, for tests.',
  version: 1,
  params,
  engines: ['cpu', 'portable'],
  tolerance: { metric: 'none', f64: 0, f32: 0, reason: 'It computes without an engine.' },
  tables: () => [
    { name: 'sums', title: 'Sums', columns: [{ name: 'step', type: 'int32' }, { name: 'sum', type: 'float64' }] },
    { name: 'verdicts', title: 'Verdicts', columns: [{ name: 'step', type: 'int32' }, { name: 'part', type: 'float64' }] },
  ],
  estimate: () => ({ memoryBytes: 1, operations: 1, bytes: 1 }),
} satisfies AnalysisContract<typeof params>;

export const stepwise: Analysis<typeof params> = {
  contract,
  validate() {},
  plan(input) {
    const sums = new Map([...input.stored].map(([step, returned]) => [step, sum.parse(returned).sum]));
    const { steps } = input.params;
    return Promise.resolve({ steps: [...Array.from({ length: steps }, (_, k) => sumStep(input, k, sums)), verdictStep(steps, sums)], close() {} });
  },
};

function sumStep({ params: { ticks, tickMs, failing }, frame }: PlanInput<Params>, number: number, sums: Map<number, number>): Step {
  return {
    title: `sum ${number}`,
    work: number + 1,
    independent: true,
    async run(context) {
      const from = context.lastCheckpoint === null ? { tick: 0, sum: 0 } : note.parse(context.lastCheckpoint);
      context.log('info', `step ${number} takes up at tick ${from.tick}`);
      let total = from.sum;
      for (let tick = from.tick; tick < ticks; tick++) {
        await pause(tickMs, context.signal);
        total += frame.values[(number + tick) % frame.length] ?? 0;
        context.emitProvisional('verdicts', [Int32Array.of(number), Float64Array.of(total)]);
        context.checkpoint({ tick: tick + 1, sum: total });
        context.progress((tick + 1) / ticks);
      }
      if (number === failing) throw new CorrenteError('constant-series', `Step ${number} failed, as it was asked to.`);
      context.emit('sums', [Int32Array.of(number), Float64Array.of(total)]);
      sums.set(number, total);
      return { sum: total };
    },
  };
}

/** Each sum as a part of all: needs what every other step returned. */
function verdictStep(steps: number, sums: ReadonlyMap<number, number>): Step {
  return {
    title: 'verdicts',
    work: 1,
    run(context) {
      const values = Float64Array.from({ length: steps }, (_, k) => sums.get(k) ?? Number.NaN);
      const all = values.reduce((total, value) => total + value, 0);
      context.emit('verdicts', [Int32Array.from(values.keys()), values.map((value) => value / all)]);
      return Promise.resolve();
    },
  };
}

function pause(ms: number, signal: StepContext['signal']): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(new CorrenteError('cancelled', 'stopped'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
}

const comparisonParams = z.strictObject({});

/** What an analysis of results gets, one row for each: the rows of a table, a parameter, the first value of its frame. */
export const comparison: Analysis<typeof comparisonParams> = {
  contract: {
    ...contract,
    name: 'stepwise-comparison',
    params: comparisonParams,
    inputResults: [contract.name],
    estimate: () => ({ memoryBytes: 1, operations: 1, bytes: 1 }),
    tables: () => [{ name: 'read', title: 'Read', columns: [{ name: 'side', type: 'utf8' }, { name: 'sum', type: 'float64' }, { name: 'ticks', type: 'int32' }, { name: 'first', type: 'float64' }] }],
  },
  validate() {},
  plan: ({ inputs }) =>
    Promise.resolve({
      steps: (['a', 'b'] as const).flatMap((side) =>
        inputs[side].map((input) => ({
          title: `${side} ${input.job}`,
          work: 1,
          async run(context: StepContext) {
            const sums: unknown[] = [...((await input.table('sums')).getChild('sum') ?? [])];
            const total = sums.reduce<number>((all, value) => all + Number(value), 0);
            const { ticks } = params.parse(input.params);
            context.emit('read', [[side], Float64Array.of(total), Int32Array.of(ticks), (await input.frame()).values.slice(0, 1)]);
          },
        })),
      ),
      close() {},
    }),
};

/** Puts them into the catalogues of this process. */
export function addStepwise(): void {
  for (const analysis of [stepwise, comparison]) {
    const { name } = analysis.contract;
    for (const [catalogue, entry] of [[analyses, analysis.contract], [runnableAnalyses, analysis]] as const) if (catalogue instanceof Map) catalogue.set(name, entry);
  }
}
