/** Groups: of series that are alike, or of rows, by k-means or by a tree of correlations. */
import { z } from 'zod';
import type { AnalysisContract, InputShape } from '../analysis.ts';
import { engineNames } from '../engine.ts';
import type { ColumnSchema, TableSchema } from '../result.ts';

export const clusterMethods = ['k-means', 'hierarchical'] as const;

/** What a series is described by where `features` is statistics. */
export const clusterFeatures = ['mean', 'std', 'skew', 'kurtosis', 'trend', 'autocorrelation_1', 'autocorrelation_2', 'autocorrelation_7', 'change'] as const;

const object = z.strictObject({
  method: z.enum(clusterMethods).default('k-means').meta({ title: 'Method', description: 'k-means: groups about centres. hierarchical: a tree of correlation distances by average linkage, cut.' }),
  of: z.enum(['series', 'rows']).default('series').meta({ title: 'Groups of', description: 'series: those that run alike. rows: times at which the series stand alike.' }),
  clusters: z.int().min(1).max(100_000).nullable().default(null).meta({ title: 'Clusters', description: 'How many; where null, the number whose mean silhouette is largest.' }),
  fewest: z.int().min(2).max(1000).default(2).meta({ title: 'Fewest', description: 'The least number that is tried, where clusters is null.' }),
  most: z.int().min(2).max(1000).default(10).meta({ title: 'Most', description: 'The largest number that is tried, where clusters is null.' }),
  height: z.number().gt(0).lt(1).nullable().default(null).meta({ title: 'Height', description: 'hierarchical: cuts the tree at this distance instead, √((1 - r) / 2) being that of two series.' }),
  features: z.enum(['values', 'statistics']).default('values').meta({ title: 'Features', description: `k-means of series. values: every row is a dimension. statistics: ${clusterFeatures.join(', ')}, each standardised over the series.` }),
  standardise: z.boolean().default(true).meta({ title: 'Standardise', description: 'Brings each series to mean 0 and standard deviation 1 before anything is compared.' }),
  starts: z.int().min(1).max(1000).default(10).meta({ title: 'Starts', description: 'k-means: how often it begins anew; the grouping of least inertia stays.' }),
  iterations: z.int().min(1).max(100_000).default(300).meta({ title: 'Iterations', description: 'k-means: the most of one start.' }),
  tolerance: z.number().min(0).max(1).default(1e-4).meta({ title: 'Tolerance', description: 'k-means: ends where the squared steps of the centres add up to at most this share of the mean variance.' }),
  missing: z.enum(['error', 'skip', 'drop-series']).default('error').meta({ title: 'Missing values', description: 'error: none may be missing. skip: rows where a series is missing are left out; correlations of series are over the rows that a pair has in common. drop-series: series with a missing value are left out.' }),
});
export type ClusterParams = z.output<typeof object>;

function checkTogether({ value, issues }: z.core.ParsePayload<ClusterParams>): void {
  const refuse = (name: keyof ClusterParams, message: string): void => void issues.push({ code: 'custom', path: [name], message, input: value[name] });
  const { method, of, clusters, fewest, most, height, features } = value;
  if (height !== null && method !== 'hierarchical') refuse('height', `cuts a tree, and the method is ${method}`);
  if (height !== null && clusters !== null) refuse('height', 'is given with clusters; a tree is cut by one or the other');
  if (features === 'statistics' && (method !== 'k-means' || of !== 'series')) refuse('features', 'statistics describe series, for k-means');
  if (most < fewest) refuse('most', `is ${most}, less than the ${fewest} of fewest`);
}

export const clusterParams = object.check(checkTogether).meta({ id: 'ClusterParams' });

/** How many clusters are tried, of `points` that are to be grouped: fewer than there are points. Empty where their number, or a height, is given. */
export function triedClusters({ clusters, height, fewest, most }: ClusterParams, points: number): number[] {
  if (clusters !== null || height !== null) return [];
  const last = Math.min(most, points - 1);
  return Array.from({ length: Math.max(0, last - fewest + 1) }, (_, i) => fewest + i);
}

/** The most points that silhouettes are taken of; of more, so many that are spread evenly. */
export const silhouettePoints = 2000;

const cluster: ColumnSchema = { name: 'cluster', type: 'int32', description: 'From 1, the largest; of equal ones the one with the first member.' };
const silhouette = (description: string): ColumnSchema => ({ name: 'silhouette', type: 'float64', unit: '1', description });

function resultTables(params: ClusterParams, { time }: InputShape): TableSchema[] {
  const { method, of, features, standardise } = params;
  const member: ColumnSchema = of === 'series' ? { name: 'series', type: 'utf8' } : { name: 'time', type: time };
  const distanceUnit = method === 'hierarchical' ? '1' : standardise || features === 'statistics' ? 'standard deviations' : 'as the input';
  const valueUnit = of === 'series' && standardise ? 'standard deviations' : 'as the input';
  const place: ColumnSchema = of === 'rows' ? { name: 'series', type: 'utf8' } : features === 'statistics' ? { name: 'feature', type: 'utf8' } : { name: 'time', type: time };
  const tables: TableSchema[] = [
    {
      name: 'assignments',
      title: 'Assignments',
      columns: [
        member,
        cluster,
        { name: 'distance', type: 'float64', unit: distanceUnit, description: method === 'k-means' ? 'From the centre of its cluster.' : 'Mean distance from the other members of its cluster; 0 for one alone.' },
        silhouette(`How much nearer its own cluster is than the next, from -1 to 1 (Rousseeuw 1987). k-means of more than ${silhouettePoints} points: only of so many, spread evenly.`),
      ],
    },
    {
      name: 'clusters',
      title: 'Clusters',
      columns: [cluster, { name: 'size', type: 'int32', description: 'Members.' }, { name: 'distance', type: 'float64', unit: distanceUnit, description: 'Mean of those of its members.' }, silhouette('Mean of those of its members.')],
    },
  ];
  if (method === 'k-means') tables.push({ name: 'centroids', title: 'Centroids', columns: [cluster, place, { name: 'value', type: 'float64', unit: features === 'statistics' ? 'as the feature' : valueUnit, description: 'Mean over the members.' }] });
  if (params.clusters === null && params.height === null) {
    tables.push({
      name: 'choice',
      title: 'Choice of the number',
      columns: [
        { name: 'clusters', type: 'int32', description: 'A number that was tried.' },
        silhouette('Mean over the points that it is taken of.'),
        { name: 'inertia', type: 'float64', unit: `square of ${distanceUnit}`, description: 'k-means: sum of the squared distances from the centres.' },
        { name: 'chosen', type: 'bool' },
      ],
    });
  }
  if (method === 'hierarchical') {
    tables.push({
      name: 'tree',
      title: 'Tree',
      columns: [
        { name: 'merge', type: 'int32', description: 'From 1, the lowest.' },
        { name: 'a', type: of === 'series' ? 'utf8' : time, description: 'The cluster of this first member …' },
        { name: 'b', type: of === 'series' ? 'utf8' : time, description: '… and that of this one become one, named as a.' },
        { name: 'height', type: 'float64', unit: '1', description: 'Mean distance of the members of the one from those of the other.' },
        { name: 'size', type: 'int32', description: 'Members of the new cluster.' },
      ],
    });
  }
  return tables;
}

export const clusterAnalysis: AnalysisContract<typeof clusterParams> = {
  name: 'cluster',
  title: 'Clusters',
  summary: 'Groups of series that run alike, or of times at which they stand alike: by k-means, or by a tree of correlations; their number given, or chosen by the silhouette.',
  version: 1,
  params: clusterParams,
  engines: ['cuda', 'cpu', 'portable'],
  // k-means is of the host.
  enginesFor: ({ method }) => engineNames.filter((name) => name !== 'cuda' || method === 'hierarchical'),
  tolerance: { metric: 'largest difference of a distance, relative to the largest one', f64: 1e-9, f32: 1e-9, reason: 'Always in float64. A point that lies between two clusters but for rounding may be told to the one or the other.' },
  tables: resultTables,
  estimate(params, { series, rows }) {
    const { method, of, starts, clusters, most, features } = params;
    const [points, width] = of === 'series' ? [series.length, features === 'statistics' ? clusterFeatures.length : rows] : [rows, series.length];
    const cells = series.length * rows;
    const judged = method === 'hierarchical' ? points : Math.min(points, silhouettePoints);
    const tried = Math.max(1, triedClusters(params, points).length);
    // Passes as Lloyd's algorithm comes out on the whole. Bounds save most of the distances, and cost something for every point.
    const passes = 30 * starts * tried;
    const perPoint = Math.min(points, clusters ?? most) * width + 600;
    return {
      // The values, standardised, turned, in the engine's tiles; distances of the points that silhouettes are taken of.
      memoryBytes: 8 * (7 * cells + 3 * judged ** 2 + 4 * Math.min(points, silhouettePoints) * width + 40 * points),
      operations: 2 * judged ** 2 * width + tried * judged ** 2 + (method === 'k-means' ? passes * points * perPoint : 20 * points ** 2),
      bytes: 8 * (cells + judged ** 2),
    };
  },
};
