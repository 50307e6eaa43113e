/** Equal values, which spoil estimates by distances: they are counted and told. */
import type { Columns } from '../../engine/contract.ts';

/** How many values of a series occur more than once. */
export function tiedValues(values: Float64Array): number {
  const sorted = values.toSorted();
  let tied = 0;
  for (let i = 0; i < sorted.length; i += 1) if (sorted[i] === sorted[i - 1] || sorted[i] === sorted[i + 1]) tied += 1;
  return tied;
}

/** What to tell of the ties of these series; null where there are none. */
export function tieWarning(columns: Columns, used: Iterable<number>, names: readonly string[]): string | null {
  const tied = [...used]
    .map((s) => ({ name: names[s] ?? '', count: tiedValues(columns.values.subarray(s * columns.stride, s * columns.stride + columns.length)) }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count);
  if (tied.length === 0) return null;
  const shown = tied.slice(0, 5).map(({ name, count }) => `${name} ${count}`).join(', ');
  return `Of ${columns.length} values some occur more than once: ${shown}${tied.length > 5 ? ` and ${tied.length - 5} series more` : ''}. Estimates by neighbours suppose that none do; noise (1e-8, say) parts them.`;
}
