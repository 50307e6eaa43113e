/** What an analysis tells the world about itself: parameters, result tables, cost, tolerance. */
import { z } from 'zod';
import { engineName, type EngineName, type Precision } from './engine.ts';
import type { JobInput } from './job.ts';
import { tableSchema, type TableSchema } from './result.ts';

/** The input as it reaches the analysis: after selection, resampling, fill and transform. */
export interface InputShape {
  /** Names of the series, in the order of the frame's rows. */
  readonly series: readonly string[];
  /** Time points, those of all trials together. */
  readonly rows: number;
  /** Trials of equal length that the rows are made of; 1 where it does not say. */
  readonly trials?: number;
  readonly time: 'timestamp' | 'index';
}

export interface Estimate {
  /** Memory beyond the engine process's idle size: input, working arrays and output, in bytes. */
  readonly memoryBytes: number;
  /** Floating-point operations, multiplications and additions counted as one each. */
  readonly operations: number;
  /** Bytes that must cross the memory at least once. */
  readonly bytes: number;
}

/** How far two engines may differ, and why. */
export interface Tolerance {
  readonly metric: string;
  readonly f64: number;
  readonly f32: number;
  readonly reason: string;
}

/** A further field of the data set, as `Frame.fields` will hold it. */
export interface FieldRead {
  /** The name by which the analysis knows it, which is that of the parameter that names the field. */
  readonly role: string;
  /** The field of the data set. */
  readonly field: string;
  /** How its values join where the job resamples: a high by max, a volume by sum. */
  readonly aggregate: 'first' | 'last' | 'min' | 'max' | 'sum' | 'mean';
  /** For the error where the data set has no such field: what reads it, and the verb, such as "obv and mfi read". */
  readonly usedBy?: string;
}

export interface AnalysisContract<P extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  /** Part of a result's identity: raised whenever the numbers can change. */
  readonly version: number;
  /** An object schema whose every property has a title, and a default where one makes sense. */
  readonly params: P;
  readonly engines: readonly EngineName[];
  /** Those of `engines` that compute these parameters in this precision; all where it does not say. */
  enginesFor?(params: z.output<P>, precision: Precision): readonly EngineName[];
  /** Throws `invalid-job` where the analysis does not take this input; called before anything is read. */
  checkInput?(params: z.output<P>, input: JobInput): void;
  /** Fields that the analysis reads beside the job's own `input.field`, on the same rows; none where it does not say. */
  fields?(params: z.output<P>): readonly FieldRead[];
  readonly tolerance: Tolerance;
  /** For an analysis of results: the analyses whose results it takes (see `JobInput.results`); it must be given some. */
  readonly inputResults?: readonly string[];
  /** The tables that these parameters make, the first being the main one. */
  tables(params: z.output<P>, shape: InputShape): TableSchema[];
  estimate(params: z.output<P>, shape: InputShape, precision: Precision): Estimate;
}

/** An analysis as GET /v1/analyses shows it. */
export const analysisInfo = z
  .object({
    name: z.string(),
    title: z.string(),
    summary: z.string(),
    version: z.int(),
    engines: z.array(engineName),
    params: z.record(z.string(), z.unknown()).meta({ description: 'JSON Schema (draft 2020-12) of the parameters.' }),
    inputResults: z.array(z.string()).optional().meta({ description: 'Of an analysis of results: the analyses whose results it takes, as `input.results` of the job.' }),
    tables: z.array(tableSchema).meta({ description: 'The result tables of the default parameters, for two series named a and b.' }),
    tolerance: z.object({ metric: z.string(), f64: z.number(), f32: z.number(), reason: z.string() }),
  })
  .meta({ id: 'Analysis' });
export type AnalysisInfo = z.infer<typeof analysisInfo>;
