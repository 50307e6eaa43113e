/** Data sets: how a file is to be read, what was found in it, and what the catalogue keeps. */
import { z } from 'zod';

export const datasetId = z.string().regex(/^ds_[0-9a-f]{32}$/, 'a data set id is ds_ and 32 hexadecimal digits');

export const fileFormat = z.enum(['csv', 'parquet', 'arrow']);

/** How to read a file. Everything is detected where it is not given. */
export const importMapping = z
  .strictObject({
    format: fileFormat.optional(),
    shape: z.enum(['wide', 'long']).optional().meta({ description: 'wide: one column per series. long: one row per time and key.' }),
    time: z.string().optional().meta({ description: 'The column that holds time; "none" for a data set without time.' }),
    key: z.string().optional().meta({ description: 'long: the column whose values name the series.' }),
    trial: z.string().optional().meta({ description: 'The column that tells trials (replications) apart; data without trials where not given.' }),
    fields: z.array(z.string()).optional().meta({ description: 'long: the numeric columns to keep. wide: the columns that are series.' }),
    header: z.boolean().optional(),
    delimiter: z.string().max(12).optional().meta({ description: 'One character, or "whitespace".' }),
    decimal: z.enum(['.', ',']).optional(),
    duplicates: z.enum(['last', 'first', 'mean', 'refuse']).default('last').meta({ description: 'What is kept where a time (and key) occurs twice.' }),
    badRows: z.enum(['refuse', 'skip']).default('refuse').meta({ description: 'What is done with rows whose number of columns differs.' }),
  })
  .meta({ id: 'ImportMapping' });
export type ImportMapping = z.infer<typeof importMapping>;

const cellPlace = z.object({ line: z.int().meta({ description: 'Line of the (uncompressed) file, from 1; the row number, from 1, in binary formats.' }), column: z.string(), text: z.string() });
const rowPlace = z.object({ line: z.int(), series: z.string().nullable(), time: z.string() });
const gapPlace = z.object({ series: z.string().nullable(), trial: z.string().optional(), after: z.string(), before: z.string(), missing: z.int() });
/** A count with its first places: reports stay small whatever the file. */
const counted = <T extends z.ZodType>(place: T) => z.object({ count: z.int(), places: z.array(place) });

const trialPlace = z.object({ trial: z.string(), rows: z.int(), timePoints: z.int(), from: z.string().nullable(), to: z.string().nullable() });
const trialsFound = counted(trialPlace).extend({
  column: z.string(),
  clock: z.enum(['shared', 'own']).meta({ description: 'shared: times repeat from trial to trial. own: no two trials overlap in time, and rows are matched by the time since each began.' }),
  shortest: z.int().meta({ description: 'Time points of the shortest trial.' }),
  longest: z.int().meta({ description: 'Time points of the longest trial.' }),
});

export const importReport = z
  .object({
    format: fileFormat,
    compression: z.enum(['none', 'gzip']),
    delimiter: z.string().nullable(),
    header: z.boolean(),
    commentLines: z.int(),
    shape: z.enum(['wide', 'long']),
    timeColumn: z.string().nullable(),
    timeKind: z.enum(['timestamp', 'date', 'decimal-year', 'epoch', 'index']),
    keyColumn: z.string().nullable(),
    trials: trialsFound.nullable().default(null).meta({ description: 'The trials and their lengths; null for data without.' }),
    ignoredColumns: z.array(z.object({ column: z.string(), reason: z.string() })),
    rowsRead: z.int(),
    rowsStored: z.int(),
    timePoints: z.int(),
    series: z.int(),
    fields: z.array(z.string()),
    from: z.string().nullable(),
    to: z.string().nullable(),
    frequency: z.object({ every: z.string().nullable().meta({ description: 'Such as 1d, 5min, 1mo; null where there is none.' }), label: z.string(), regularity: z.number().meta({ description: 'Share of steps that have this length, 0 to 1.' }) }).nullable(),
    missingCells: counted(cellPlace),
    badCells: counted(cellPlace),
    infiniteCells: counted(cellPlace),
    badRows: counted(z.object({ line: z.int(), expected: z.int(), found: z.int() })),
    duplicates: counted(rowPlace).extend({ action: z.string() }),
    unsorted: counted(rowPlace).extend({ action: z.string() }),
    gaps: counted(gapPlace).extend({ missing: z.int().meta({ description: 'Rows that are missing in all gaps together.' }) }),
    lateSeries: counted(z.object({ series: z.string(), from: z.string() })).meta({ description: 'Series that start after the first time point.' }),
    completeSeries: z.int().meta({ description: 'Series with a value at every time point.' }),
    constantSeries: z.object({ count: z.int(), names: z.array(z.string()) }),
    notes: z.array(z.string()),
    milliseconds: z.object({ total: z.number(), read: z.number(), check: z.number(), store: z.number() }),
  })
  .meta({ id: 'ImportReport' });
export type ImportReport = z.infer<typeof importReport>;

export const dataset = z
  .object({
    id: datasetId,
    name: z.string(),
    createdAt: z.iso.datetime(),
    bytes: z.int().meta({ description: 'Size of the stored Parquet file.' }),
    shape: z.enum(['wide', 'long']),
    timeKind: z.enum(['timestamp', 'index']),
    from: z.string().nullable(),
    to: z.string().nullable(),
    rows: z.int(),
    timePoints: z.int().meta({ description: 'Those of a trial, where there are trials.' }),
    trials: z.int().default(1).meta({ description: 'Trials (replications) that the rows belong to; 1 for data without.' }),
    fields: z.array(z.string()).meta({ description: 'The fields of each series; ["value"] for wide data.' }),
    series: z.array(z.string()),
    report: importReport,
  })
  .meta({ id: 'Dataset' });
export type Dataset = z.infer<typeof dataset>;
