/** SQL that reads a column as time. Every expression gives a TIMESTAMP (UTC), or null where a cell is no time. */
import { text } from './duckdb.ts';
import type { EpochUnit, TimeReading } from './text/cell-kinds.ts';

/** The type as which the CSV reader itself reads the column, where every cell is as the sample shows. */
export function csvType(reading: TimeReading, whole: boolean): string {
  switch (reading.kind) {
    case 'timestamp':
      // A plain TIMESTAMP would drop an offset from UTC in silence; where there is a time of day there may be one.
      return 'format' in reading ? 'VARCHAR' : reading.clock ? 'TIMESTAMPTZ' : 'TIMESTAMP';
    case 'epoch':
      return whole ? 'BIGINT' : 'DOUBLE';
    case 'decimal-year':
      return 'DOUBLE';
  }
}

/** The TIMESTAMP of `column`, which has the type that `csvType` gave; fails where a cell cannot be read. */
export function timeOf(column: string, reading: TimeReading, whole: boolean): string {
  switch (reading.kind) {
    case 'timestamp':
      if ('format' in reading) return `strptime(${column}, ${text(reading.format)})`;
      return reading.clock ? `(${column} AT TIME ZONE 'UTC')` : column;
    case 'epoch':
      return epoch(column, reading.unit, whole);
    case 'decimal-year':
      return decimalYear(column, reading.monthly);
  }
}

/** The TIMESTAMP of `column`, a VARCHAR; null where it cannot be read. */
export function timeOfText(column: string, reading: TimeReading, decimal: '.' | ','): string {
  const trimmed = `trim(${column})`;
  const number = `TRY_CAST(${decimal === ',' ? `replace(${trimmed}, ',', '.')` : trimmed} AS DOUBLE)`;
  switch (reading.kind) {
    case 'timestamp': {
      const time = 'format' in reading ? `try_strptime(${trimmed}, ${text(reading.format)})` : `(TRY_CAST(${trimmed} AS TIMESTAMPTZ) AT TIME ZONE 'UTC')`;
      return `CASE WHEN isfinite(${time}) THEN ${time} END`;
    }
    case 'epoch':
      return `coalesce(TRY(${epoch(`TRY_CAST(${trimmed} AS BIGINT)`, reading.unit, true)}), TRY(${epoch(number, reading.unit, false)}))`;
    case 'decimal-year':
      return `TRY(${decimalYear(number, reading.monthly)})`;
  }
}

const microsPer: Record<Exclude<EpochUnit, 'ns'>, number> = { s: 1_000_000, ms: 1000, us: 1 };

function epoch(column: string, unit: EpochUnit, whole: boolean): string {
  if (unit === 'ns') return whole ? `make_timestamp(${column} // 1000)` : `make_timestamp(CAST(floor(${column} / 1000) AS BIGINT))`;
  return whole ? `make_timestamp(${column} * ${microsPer[unit]})` : `make_timestamp(CAST(round(${column} * ${microsPer[unit]}) AS BIGINT))`;
}

/** A year with its fraction: the month it begins, or the part of the year that has passed. */
function decimalYear(column: string, monthly: boolean): string {
  const start = (year: string): string => `epoch_us(make_timestamp(CAST(${year} AS BIGINT), 1, 1, 0, 0, 0))`;
  const year = `floor(${column})`;
  const part = `make_timestamp(${start(year)} + CAST(round((${column} - ${year}) * (${start(`${year} + 1`)} - ${start(year)})) AS BIGINT))`;
  if (!monthly) return part;
  const months = `round(${column} * 12)`;
  return `CASE WHEN abs(${column} * 12 - ${months}) < 0.02 THEN make_timestamp(CAST(${months} AS BIGINT) // 12, CAST(${months} AS BIGINT) % 12 + 1, 1, 0, 0, 0) ELSE ${part} END`;
}
