/** What several sources share about a target, what each tells alone, and what only all tell together. */
import { z } from 'zod';
import type { AnalysisContract } from '../analysis.ts';
import type { ColumnSchema, TableSchema } from '../result.ts';
import { surrogateMethods } from './network-inference.ts';

export const partialInformationMethods = ['broja', 'sxpid'] as const;
export type PartialInformationMethod = (typeof partialInformationMethods)[number];

/** Most sources: their lattice has 166 atoms, that of five would have 7,579. */
export const mostSources = 4;

/** The largest programme that broja solves: its margins p(t, x) and p(t, y), and its variables q(t, x, y). */
export const largestProgramme = { margins: 1_000, variables: 100_000 } as const;

const lag = z.int().min(0).max(100_000);
const size = (least: number) => z.int().min(least).nullable().default(null);

const surrogates = z
  .strictObject({
    method: z.enum(surrogateMethods).default('random').meta({ title: 'Surrogates', description: 'How the sources are permuted in time, all alike: at random, shifted round the circle, in blocks, or at random among close neighbours.' }),
    maxShift: size(1).meta({ title: 'Largest shift', description: 'circular: half of the samples where null.', unit: 'samples' }),
    blockSize: size(1).meta({ title: 'Block size', description: 'block: a tenth of the samples where null.', unit: 'samples' }),
    permRange: size(2).meta({ title: 'Range', description: 'block: within how many blocks these are exchanged, all where null. local: within how many samples, a tenth of all where null.' }),
    acrossTrials: z.boolean().default(true).meta({ title: 'Whole trials', description: 'Permutes whole trials where they are many enough.' }),
  })
  .meta({ id: 'PartialInformationSurrogates' });

export const partialInformationParams = z
  .strictObject({
    method: z.enum(partialInformationMethods).default('broja').meta({ title: 'Method', description: 'broja: unique information of two sources. sxpid: shared exclusions of up to four sources.' }),
    target: z.string().nullable().default(null).meta({ title: 'Target', description: 'The series that is told of; the last one where null.' }),
    sources: z
      .array(z.union([z.string(), z.strictObject({ series: z.string(), lag })]))
      .min(1)
      .nullable()
      .default(null)
      .meta({ title: 'Sources', description: 'Names of series, or {"series": "AAPL", "lag": 2} for one so many samples back, the past of the target among them. All other series where null.' }),
    delay: lag.default(0).meta({ title: 'Delay', description: 'Lag of sources that are named without one.', unit: 'samples' }),
    bins: z.int().min(2).max(100_000).nullable().default(null).meta({ title: 'Bins', description: 'How many; null expects whole numbers.' }),
    binning: z.enum(['none', 'equal-width', 'equal-frequency']).default('equal-width').meta({ title: 'Binning', description: 'Where bins are given.' }),
    permutations: z.int().min(0).max(1_000_000).default(0).meta({ title: 'Permutations', description: 'Surrogates of the sources for p.' }),
    surrogates: surrogates.prefault({}).meta({ title: 'Surrogates' }),
    alpha: z.number().gt(0).lt(1).nullable().default(null).meta({ title: 'Significance level', description: 'Where given, the column significant is added: p below it.' }),
  })
  .meta({ id: 'PartialInformationParams' });
export type PartialInformationParams = z.infer<typeof partialInformationParams>;

const bits = (name: string, description: string): ColumnSchema => ({ name, type: 'float64', unit: 'bits', description });

function resultTables({ method, alpha }: PartialInformationParams): TableSchema[] {
  const tested: ColumnSchema[] = [
    { name: 'p', type: 'float64', unit: '1', description: 'The share of surrogates that reach the value, at least one of them; null where none were asked for.' },
    ...(alpha === null ? [] : [{ name: 'significant', type: 'bool' as const, description: 'p below alpha.' }]),
  ];
  const parts = [bits('informative', 'What it tells where it excludes other values.'), bits('misinformative', 'What it misleads where it excludes the true value; the atom is the difference.')];
  return [
    {
      name: 'atoms',
      title: 'Atoms',
      columns: [
        { name: 'atom', type: 'utf8', description: 'In the usual notation, sources numbered from 1: {1}{2} is what both tell, {12} what only both together tell.' },
        bits('bits', 'Their sum over all atoms is the joint information.'),
        { name: 'kind', type: 'utf8', description: 'shared, unique or synergy of two sources; null for other numbers of sources.' },
        { name: 'sources', type: 'utf8', description: 'The atom with the names of the sources.' },
        ...(method === 'sxpid' ? parts : []),
        ...tested,
      ],
    },
    {
      name: 'information',
      title: 'Mutual information',
      columns: [
        { name: 'set', type: 'utf8', description: 'A set of sources taken together.' },
        bits('bits', 'Its mutual information with the target.'),
        { name: 'sources', type: 'utf8', description: 'The set with the names of the sources.' },
        { name: 'target', type: 'utf8', description: 'The target.' },
        { name: 'n', type: 'int32', unit: 'samples', description: 'Realisations that took part.' },
        ...tested,
      ],
    },
  ];
}

/** Iterations of the interior-point method, as they come out on the whole. */
const expectedIterations = 35;
/** Values of a variable that is not binned, as they are expected for the estimate. */
const expectedAlphabet = 10;

export const partialInformation: AnalysisContract<typeof partialInformationParams> = {
  name: 'partial-information',
  title: 'Partial information decomposition',
  summary: 'What sources share about a target, what each tells alone, and what only all tell together: unique information of two (BROJA), shared exclusions of up to four (SxPID).',
  version: 1,
  params: partialInformationParams,
  engines: ['cuda', 'cpu', 'portable'],
  tolerance: { metric: 'largest absolute difference of an atom in bits', f64: 0, f32: 0, reason: 'Every engine leaves it to the same code, which counts, and computes in float64.' },
  tables: (params) => resultTables(params),
  estimate(params, shape) {
    const values = params.bins ?? expectedAlphabet;
    const margins = Math.min(largestProgramme.margins, 2 * values ** 2);
    const variables = Math.min(largestProgramme.variables, values ** 3);
    const sources = Math.min(mostSources, params.sources?.length ?? Math.max(1, shape.series.length - 1));
    const sets = 2 ** sources;
    const one = params.method === 'broja' ? expectedIterations * (margins ** 3 / 3 + 6 * variables * values) : 2_000 * Math.min(shape.rows, values ** (sources + 1));
    const orderings = params.surrogates.method === 'random' && (shape.trials ?? 1) === 1 ? 0 : 4 * shape.rows * Math.min(params.permutations, drawsPerStep);
    return {
      // The series and their bins, the joint states of every set with and without the target, and the programme.
      memoryBytes: 16 * shape.rows * shape.series.length + 24 * shape.rows * sets + orderings + (params.method === 'broja' ? 8 * margins ** 2 + 200 * variables : 0),
      operations: (1 + params.permutations) * (one + 20 * shape.rows * sets),
      bytes: 8 * shape.rows * (shape.series.length + sets),
    };
  },
};

/** Surrogates that one step draws, and stores what became of them. */
export const drawsPerStep = 64;
