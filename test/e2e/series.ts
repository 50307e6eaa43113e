/** Made-up series, the same in every run. */
import { writeFile } from 'node:fs/promises';

/** Daily values of `series` random walks in CSV, one column each; seeded. */
export function walks(series: number, rows: number, seed = 1): string {
  const random = mulberry32(seed);
  const level = Array.from({ length: series }, () => 100);
  const lines = [`date,${level.map((_, s) => `w${s}`).join(',')}`];
  for (let row = 0; row < rows; row++) {
    const common = random() - 0.5;
    for (let s = 0; s < series; s++) level[s]! += common + random() - 0.5;
    lines.push(`${new Date(Date.UTC(1990, 0, 1 + row)).toISOString().slice(0, 10)},${level.map((value) => value.toFixed(2)).join(',')}`);
  }
  return `${lines.join('\n')}\n`;
}

export async function writeWalks(path: string, series: number, rows: number): Promise<void> {
  await writeFile(path, walks(series, rows));
}

/** Uniform in [0, 1): the mulberry32 generator. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
