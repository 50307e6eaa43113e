/** Lines with abscissas of their own as one table, as uPlot takes them. */
import uPlot from 'uplot';

export interface Points {
  /** Microseconds since 1970, or row numbers; ascending. */
  readonly x: Float64Array;
  /** NaN where missing. */
  readonly y: Float64Array;
}

/** uPlot's way to join where a missing value parts its neighbours though other lines have points between them. */
const gapsReachOn: uPlot.JoinNullMode.Expand = 2;

/**
 * Time in seconds. A missing value is null, a gap; a place where a line merely has no point is undefined, and bridged.
 * Lines that follow each other and have one array of abscissas in common are taken as they stand: only those of others
 * are looked up.
 */
export function alignLines(lines: readonly Points[], time: 'timestamp' | 'index'): uPlot.AlignedData {
  const scale = time === 'timestamp' ? 1e-6 : 1;
  const tables: [number[], ...(number | null)[][]][] = [];
  for (const [i, { x, y }] of lines.entries()) {
    const ordinates = Array.from(y, (value) => (Number.isNaN(value) ? null : value));
    if (i > 0 && lines[i - 1]?.x === x) tables.at(-1)?.push(ordinates);
    else tables.push([Array.from(x, (value) => value * scale), ordinates]);
  }
  if (tables.length === 0) return [[]];
  return tables.length === 1 ? tables[0]! : uPlot.join(tables, tables.map((table) => table.map(() => gapsReachOn)));
}
