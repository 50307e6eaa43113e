/** Memory of an engine process over idle, input and output; and of an import, as the file grows. */
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createReadStream } from 'node:fs';
import type { Benchmark, Case } from './benchmark.ts';
import { uniform } from './columns.ts';
import { importWalks, processMemory, startServer, type BenchServer } from './server.ts';

const allowance = 256 * 2 ** 20;
const mebibytes = (bytes: number): number => bytes / 2 ** 20;

/** Children of a process, and theirs. */
async function descendants(pid: number): Promise<number[]> {
  const text = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = text.trim().split(/\s+/).filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(descendants))).flat()];
}

async function commandLine(pid: number): Promise<string> {
  return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ');
}

async function pidOf(server: BenchServer, pattern: RegExp): Promise<number> {
  for (const pid of await descendants(server.pid)) if (pattern.test(await commandLine(pid))) return pid;
  throw new Error(`No process below the server matches ${pattern}.`);
}

/** Resets the high-water mark, so that the next reading is the peak since now. */
async function resetPeak(pid: number): Promise<void> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
}

async function measureJob(server: BenchServer, analysis: string, series: number, rows: number, params: Record<string, unknown>, outputBytes: number): Promise<Case> {
  const dataset = await importWalks(server.client, series, rows);
  const pid = await pidOf(server, /engine-(process|child|main)/);
  const idle = await processMemory(pid, 'VmRSS');
  await resetPeak(pid);
  const { id } = await server.client.submit({ analysis, input: { dataset: dataset.id }, params, fresh: true });
  const job = await server.client.wait(id);
  if (job.state !== 'succeeded') throw new Error(`The job ended as ${job.state}: ${job.error?.detail ?? ''}`);
  const peak = await processMemory(pid, 'VmHWM');
  const input = series * rows * 8;
  const allowed = idle + input + outputBytes + allowance;
  return {
    case: `${analysis}, ${series} × ${rows}`,
    ratio: allowed / peak,
    ours: mebibytes(peak),
    peer: mebibytes(allowed),
    unit: 'MiB',
    peerName: 'idle + input + output + 256 MiB',
    rounds: 1,
    figures: { idle: mebibytes(idle), input: mebibytes(input), output: mebibytes(outputBytes), over: mebibytes(peak - idle - input - outputBytes) },
  };
}

/** Peak of the import process for a generated CSV of that many rows with eight columns. */
async function measureImport(server: BenchServer, rows: number): Promise<{ fileBytes: number; peak: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'corrente-memory-'));
  try {
    const path = join(folder, 'generated.csv');
    const next = uniform(rows);
    function* lines(): Generator<string> {
      yield 'time,a,b,c,d,e,f,g,h\n';
      let block = '';
      for (let t = 0; t < rows; t += 1) {
        block += new Date(t * 1000).toISOString();
        for (let c = 0; c < 8; c += 1) block += `,${(next() * 1000).toFixed(5)}`;
        block += '\n';
        if (block.length > 1 << 20) {
          yield block;
          block = '';
        }
      }
      yield block;
    }
    const sink = createWriteStream(path);
    await pipeline(Readable.from(lines()), sink);
    await importWalks(server.client, 2, 20);
    const pid = await pidOf(server, /import-(main|process|child)/);
    await resetPeak(pid);
    let peak = 0;
    const watch = setInterval(() => {
      processMemory(pid, 'VmHWM').then((now) => (peak = Math.max(peak, now)), () => undefined);
    }, 100);
    const body = Readable.toWeb(createReadStream(path, { highWaterMark: 1 << 18 }));
    await server.client.importDataset(body, { name: `${rows} rows` });
    clearInterval(watch);
    return { fileBytes: sink.bytesWritten, peak: Math.max(peak, await processMemory(pid, 'VmHWM')) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const benchmark: Benchmark = {
  summary: 'peak memory of an engine process and of an import',
  target: 'a job under its idle size + input + output + 256 MiB; an import bounded whatever the size of the file',
  async run(log) {
    await using server = await startServer();
    log('jobs …');
    const cases: [Case, ...Case[]] = [await measureJob(server, 'correlation', 2000, 2500, {}, 2000 * 2000 * 8)];
    cases.push(await measureJob(server, 'moving-average', 500, 5000, { kinds: ['sma', 'std'], windows: [20, 50] }, 500 * 5000 * (8 + 8 + 4 * 8)));
    log('imports …');
    const small = await measureImport(server, 500_000);
    const large = await measureImport(server, 8_000_000);
    cases.push({
      case: `import of ${Math.round(mebibytes(large.fileBytes))} MiB next to ${Math.round(mebibytes(small.fileBytes))} MiB`,
      ratio: small.peak / large.peak,
      ours: mebibytes(large.peak),
      peer: mebibytes(small.peak),
      unit: 'MiB',
      peerName: 'the import of the small file',
      rounds: 1,
      figures: { largeFile: mebibytes(large.fileBytes), smallFile: mebibytes(small.fileBytes) },
    });
    return { cases, versions: {} };
  },
};
