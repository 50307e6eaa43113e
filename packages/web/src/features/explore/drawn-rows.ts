/** The rows worth drawing of lines with more rows than a chart has pixels. */

/** Stretches in sight, and on either side of it, of each of which few rows are drawn. */
const stretchesInSight = 900;
const stretchesBeside = 300;

/**
 * Rows in order: of each stretch its first row, and for every line the rows of its least and of its greatest value, so
 * that no spike is lost. Finer within [from, to), where one looks. All rows where they are few.
 */
export function drawnRows(lines: readonly Float32Array[] | readonly Float64Array[], length: number, from: number, to: number): Int32Array {
  if (length <= 4 * stretchesInSight) return Int32Array.from({ length }, (_, row) => row);
  const rows = new Set<number>();
  const thin = (begin: number, end: number, stretches: number): void => {
    for (let k = 0; k < stretches; k++) {
      const [first, last] = [begin + Math.floor(((end - begin) * k) / stretches), begin + Math.floor(((end - begin) * (k + 1)) / stretches)];
      if (first === last) continue;
      rows.add(first);
      for (const line of lines) addExtremes(line, first, last, rows);
    }
  };
  thin(0, from, stretchesBeside);
  thin(from, to, stretchesInSight);
  thin(to, length, stretchesBeside);
  if (length > 0) rows.add(length - 1);
  return Int32Array.from(rows).sort();
}

function addExtremes(line: Float32Array | Float64Array, first: number, last: number, rows: Set<number>): void {
  let [least, most] = [-1, -1];
  for (let row = first; row < last; row++) {
    const value = line[row]!;
    if (value !== value) continue;
    if (least < 0 || value < line[least]!) least = row;
    if (most < 0 || value > line[most]!) most = row;
  }
  if (least >= 0) rows.add(least).add(most);
}
