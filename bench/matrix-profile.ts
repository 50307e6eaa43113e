/**
 * The matrix profile of 22,695 rows with windows of 288, a day of the machine temperature. The peer is STOMP (Zhu et al.
 * 2016) in plain numpy: the products of one window with all others from those of the window before, a vector operation
 * for each row, as one would write it without a compiled library.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuEngine } from '../packages/compute/src/engine/cpu.ts';
import { inTurn, timed, type Benchmark } from './benchmark.ts';
import { gaussianColumns } from './columns.ts';
import { sameThreads } from './correlation.ts';
import { startPythonPeer } from './peers/python-peer.ts';

const [length, window, exclusion] = [22_695, 288, 72];

const script = (file: string): string => `
import numpy
def versions():
    return {"numpy": numpy.__version__, "python": __import__("platform").python_version()}
def setup():
    return numpy.fromfile(${JSON.stringify(file)})
def run(x):
    m, zone = ${window}, ${exclusion}
    windows = numpy.lib.stride_tricks.sliding_window_view(x, m)
    mean, std = windows.mean(axis=1), windows.std(axis=1)
    count = len(mean)
    first = windows @ x[:m]
    products = first.copy()
    best = numpy.empty(count)
    for i in range(count):
        if i > 0:
            products[1:] = products[:-1] - x[i - 1] * x[: count - 1] + x[i + m - 1] * x[m : m + count - 1]
            products[0] = first[i]
        r = (products - m * mean[i] * mean) / (m * std[i] * std)
        r[max(0, i - zone) : i + zone + 1] = -1
        best[i] = r.max()
    return numpy.sqrt(numpy.maximum(0, 2 * m * (1 - best)))
def check(profile):
    return profile.sum()
`;

/** A random walk that is drawn back to where it began, with noise on it. */
function walk(): Float64Array {
  const noise = gaussianColumns(2, length, 7);
  const values = new Float64Array(length);
  let level = 0;
  for (let t = 0; t < length; t += 1) {
    level = 0.995 * level + noise.values[t]!;
    values[t] = level + 0.5 * noise.values[noise.stride + t]!;
  }
  return values;
}

export const benchmark: Benchmark = {
  summary: 'Matrix profile of 22,695 rows, windows of 288',
  target: 'well under 2 s',
  async run(log) {
    const engine = cpuEngine();
    const values = walk();
    const folder = mkdtempSync(join(tmpdir(), 'corrente-bench-'));
    try {
      const file = join(folder, 'series.f64');
      writeFileSync(file, values);
      await using peer = await startPythonPeer(script(file), sameThreads(engine));
      log('22,695 rows …');
      let [sum, peerSum] = [Number.NaN, Number.NaN];
      const ours = async (): Promise<number> =>
        timed(async () => {
          const { distance } = await engine.matrixProfile({ values, series: 1, length, stride: length }, { window, exclusion }, { precision: 'f64' });
          sum = distance.reduce((total, one) => total + one, 0);
        });
      const theirs = async (): Promise<number> => {
        const { ms, check } = await peer.run();
        peerSum = check;
        return ms;
      };
      const times = await inTurn(ours, theirs, { rounds: 5, warmup: 1 });
      const figures = { threads: engine.info().threads ?? 1, 'sum of distances over peer': sum / peerSum };
      return { cases: [{ case: '22,695 rows, windows of 288', ...times, unit: 'ms', peerName: 'STOMP in numpy', figures }], versions: { ...peer.versions, engine: engine.info().device } };
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
};
