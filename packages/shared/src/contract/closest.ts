/** Names that a mistyped name may have meant. */

/** Names longer than this were hardly typed; comparing them takes time that grows with the square. */
const longestTyped = 100;

/** Up to three of `names` within a third of their length of `wanted` in edits, nearest first. */
export function closest(wanted: string, names: Iterable<string>): string[] {
  if (wanted.length > longestTyped) return [];
  const target = wanted.toLowerCase();
  const found: Array<{ name: string; far: number }> = [];
  for (const name of names) {
    const limit = Math.max(1, Math.floor(Math.max(name.length, target.length) / 3));
    if (Math.abs(name.length - target.length) > limit) continue;
    const far = distance(target, name.toLowerCase());
    if (far <= limit && far < target.length) found.push({ name, far });
  }
  return found.sort((a, b) => a.far - b.far).slice(0, 3).map(({ name }) => name);
}

/** "; did you mean A or B?", or nothing. */
export function suggestion(wanted: string, names: Iterable<string>): string {
  const near = closest(wanted, names);
  return near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`;
}

/** Some of the names, for a sentence. */
export function some(names: readonly string[], most = 10): string {
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}

/** Letters to insert, leave out, replace, or swap with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] ?? 0) + 1 : Infinity;
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, replaced, swapped));
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? 0;
}
