/** Data sets made for the fault tests: seeded, imported as a person's file is. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFile } from '@corrente/platform/datasets/import-file';
import type { OpenPlatform } from '@corrente/platform/open';
import type { Dataset } from '@corrente/shared/contract/dataset';

/** A number in [0, 1) from a place: the finaliser of splitmix32, so that every cell is known from its place alone. */
function uniform(place: number): number {
  let x = (place + 0x9e3779b9) | 0;
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return ((x ^ (x >>> 15)) >>> 0) / 2 ** 32;
}

/** A wide data set of random walks, one column per series, without time. */
export async function addRandomWalks(platform: OpenPlatform, { series, rows, seed }: { series: number; rows: number; seed: number }): Promise<Dataset> {
  const folder = await mkdtemp(join(tmpdir(), 'corrente-walks-'));
  try {
    const path = join(folder, 'walks.csv');
    const levels = new Float64Array(series);
    const lines = [Array.from(levels, (_, s) => `w${s}`).join(',')];
    for (let t = 0; t < rows; t++) {
      for (let s = 0; s < series; s++) levels[s] = (levels[s] ?? 0) + Math.round(uniform(seed + t * series + s) * 200 - 100) / 100;
      lines.push(Array.from(levels, (level) => level.toFixed(2)).join(','));
    }
    await writeFile(path, `${lines.join('\n')}\n`);
    const imported = await importFile(path, { mapping: { shape: 'wide', time: 'none' }, name: `walks ${seed}`, store: join(platform.config.home, 'datasets'), tempFolder: folder });
    return (await platform.datasets.add(imported)).dataset;
  } finally {
    await rm(folder, { recursive: true });
  }
}
