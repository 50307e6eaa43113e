/** Result tables: their columns with units, and what is known of them while they grow. */
import { z } from 'zod';

/**
 * `timestamp` is microseconds since 1970 UTC (Arrow Timestamp[us, UTC]); `index` is a row number of a data set
 * without time (Arrow Int64); `real` is Float64 under precision f64 and Float32 under f32.
 */
export const columnType = z.enum(['utf8', 'bool', 'int32', 'int64', 'float64', 'real', 'timestamp', 'index']);
export type ColumnType = z.infer<typeof columnType>;

export const columnSchema = z.object({
  name: z.string(),
  type: columnType,
  unit: z.string().optional().meta({ description: 'Unit of the values; kept in the Arrow field metadata.' }),
  description: z.string().optional(),
});
export type ColumnSchema = z.infer<typeof columnSchema>;

export const tableSchema = z.object({ name: z.string(), title: z.string(), columns: z.array(columnSchema) }).meta({ id: 'TableSchema' });
export type TableSchema = z.infer<typeof tableSchema>;

/** A table of a job as far as it is stored: complete parts, and provisional ones apart. */
export const resultTable = tableSchema
  .extend({ rows: z.int(), parts: z.int(), bytes: z.int(), complete: z.boolean(), provisionalRows: z.int().default(0).meta({ description: 'Rows that show how things stand; gone when the job has succeeded.' }) })
  .meta({ id: 'ResultTable' });
export type ResultTable = z.infer<typeof resultTable>;

/** The formats a result can be had in, with their media types; the first is the default. */
export const resultFormats = {
  arrow: 'application/vnd.apache.arrow.stream',
  json: 'application/json',
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  parquet: 'application/vnd.apache.parquet',
} as const;
export type ResultFormat = keyof typeof resultFormats;
