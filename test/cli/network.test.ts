/** A network of data with trials as a user saves it, and as other programs read it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { philox } from '@corrente/shared/portable/random';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const command = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'corrente.mjs');
const folder = mkdtempSync(join(tmpdir(), 'corrente-network-'));
const file = join(folder, 'coupled.csv');
const infer = ['run', 'network-inference', file, '--trial', 'trial', '--quiet', '--set', 'estimator=gaussian', '--set', 'maxLagSources=3', '--set', 'alpha=0.01'];

function corrente(...args: string[]): { code: number | null; out: string; err: string } {
  const done = spawnSync(process.execPath, [command, ...args], { encoding: 'utf8', cwd: folder, env: { ...process.env, NO_COLOR: '1' } });
  return { code: done.status, out: done.stdout, err: done.stderr };
}

beforeAll(() => writeFileSync(file, coupled(4, 100)));
afterAll(() => rmSync(folder, { recursive: true }));

describe('an inferred network', () => {
  it('is printed as an adjacency matrix with the weights that are asked for', () => {
    const { code, out, err } = corrente(...infer, '--format', 'adjacency', '--weights', 'max-te-lag');
    expect(code, err).toBe(0);
    expect(out).toBe('source,driver,driven,R&D <x>\ndriver,,2,\ndriven,,,\nR&D <x>,,,\n');
    expect(corrente(...infer, '--format', 'adjacency', '--weights', 'binary').out).toBe('source,driver,driven,R&D <x>\ndriver,0,1,0\ndriven,0,0,0\nR&D <x>,0,0,0\n');
  });

  it('is saved as GraphML under a name that ends so, with a node for the process that nobody drives', () => {
    const target = join(folder, 'net.graphml');
    expect(corrente(...infer, '--out', target)).toMatchObject({ code: 0, out: '' });
    const text = readFileSync(target, 'utf8');
    expect(text).toContain('<data key="name">R&amp;D &lt;x&gt;</data>');
    expect(text.match(/<edge source="n0" target="n1"><data key="te">0\.\d+<\/data><data key="lag">2<\/data>/g)).toHaveLength(1);
  });

  const hasNetworkx = spawnSync('python3', ['-c', 'import networkx']).status === 0;
  it.skipIf(!hasNetworkx)('is read by networkx from the saved file (needs python3 with networkx)', () => {
    const target = join(folder, 'read.graphml');
    corrente(...infer, '--out', target);
    const script = 'import sys, json, networkx\ng = networkx.read_graphml(sys.argv[1])\nprint(json.dumps([g.is_directed(), [g.nodes[n]["name"] for n in g], [[u, v, d["lag"], d["significant"]] for u, v, d in g.edges(data=True)]]))';
    const done = spawnSync('python3', ['-c', script, target], { encoding: 'utf8' });
    expect(done.stderr).toBe('');
    expect(JSON.parse(done.stdout)).toEqual([true, ['driver', 'driven', 'R&D <x>'], [['n0', 'n1', 2, true]]]);
  });

  it.each([
    ['another table', ['--format', 'graphml', '--table', 'tests'], 'usage'],
    ['an unknown weight', ['--format', 'adjacency', '--weights', 'lag'], 'usage'],
    ['an unknown format', ['--format', 'gexf'], 'usage'],
    ['a trial column that is not there', ['--trial', 'trail'], 'invalid-mapping'],
  ])('is refused with %s', (_, args, code) => {
    const done = corrente(...infer, ...args);
    expect(done.err).toContain(`error ${code}`);
    expect(done).toMatchObject({ code: 2, out: '' });
  });

  it('of an analysis that infers none is refused, and leaves no file behind', () => {
    const target = join(folder, 'none.graphml');
    expect(corrente('run', 'correlation', file, '--trial', 'trial', '--quiet', '--out', target)).toMatchObject({ code: 2 });
    expect(existsSync(target)).toBe(false);
  });
});

/** Trials of three processes, the first of which drives the second two samples later. */
function coupled(trials: number, length: number): string {
  const lines = ['trial,sample,driver,driven,R&D <x>'];
  for (let trial = 1; trial <= trials; trial++) {
    const driver: number[] = [];
    for (let sample = 0; sample < length; sample++) {
      const [own, driven, other] = [0, 1, 2].map((series) => normal(trial, sample, series));
      driver.push(own ?? 0);
      lines.push([trial, sample, own, 0.8 * (driver[sample - 2] ?? 0) + 0.5 * (driven ?? 0), other].join(','));
    }
  }
  return `${lines.join('\n')}\n`;
}

/** Gaussian by the Box-Muller transform, of this place alone. */
function normal(trial: number, sample: number, series: number): number {
  const [first, second] = philox([trial, sample, series, 0], [1, 0]);
  return Math.sqrt(-2 * Math.log((first + 1) / 2 ** 32)) * Math.cos((2 * Math.PI * second) / 2 ** 32);
}
