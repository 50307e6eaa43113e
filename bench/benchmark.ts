/**
 * What a benchmark is and how it is measured: ours and the peer's in turn, in the same run on the same machine, so
 * that a machine that is slow for a while is slow for both. Medians are quoted, and the ratio is taken pair by pair.
 */
import { arch, cpus, platform, release, totalmem } from 'node:os';

export interface Case {
  readonly case: string;
  /** Peer's time over ours, the median of the ratios of the pairs: above 1 we are faster. */
  readonly ratio: number;
  readonly ours: number;
  readonly peer: number;
  readonly unit: string;
  readonly peerName: string;
  readonly rounds: number;
  /** Further measured figures, such as achieved next to possible. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** One object as `corrente bench NAME --json` prints it: the main case, then all of them. */
export interface BenchResult extends Omit<Case, 'case' | 'rounds' | 'figures'> {
  readonly name: string;
  readonly target: string;
  readonly machine: Machine;
  readonly date: string;
  readonly command: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly cases: readonly Case[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
}

export interface Benchmark {
  readonly summary: string;
  /** What the project wants of it, in words. */
  readonly target: string;
  /** The first case is the main one. */
  run(log: (text: string) => void): Promise<{ cases: [Case, ...Case[]]; versions: Record<string, string> }>;
}

export function thisMachine(): Machine {
  const list = cpus();
  return { cpu: list[0]?.model ?? 'unknown', cores: list.length, memoryBytes: totalmem(), system: `${platform()} ${release()} ${arch()}` };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)]!;
}

/** Milliseconds that a call takes. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Ours and the peer's in turn, after `warmup` rounds of both; each returns its own milliseconds. */
export async function inTurn(
  ours: () => Promise<number>,
  peer: () => Promise<number>,
  { rounds, warmup = 2 }: { rounds: number; warmup?: number },
): Promise<{ ratio: number; ours: number; peer: number; rounds: number }> {
  const pairs: Array<readonly [number, number]> = [];
  for (let round = -warmup; round < rounds; round += 1) {
    const pair = [await ours(), await peer()] as const;
    if (round >= 0) pairs.push(pair);
  }
  return { ratio: median(pairs.map(([a, b]) => b / a)), ours: median(pairs.map(([a]) => a)), peer: median(pairs.map(([, b]) => b)), rounds };
}
