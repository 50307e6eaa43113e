/**
 * Rolling statistics in float32 on gpu.js: one thread per value, by doubling. The statistic of the last 2h values is
 * made of that of the last h and the h before; a window is put together from the powers of two it is the sum of. That
 * takes log2(window) passes, sums pairwise, and lets nothing outside a window take part in it. The moving average
 * doubles in the same way (Kogge and Stone 1973).
 *
 * Kernels never see a missing value: windows that hold one are left out afterwards.
 */
import { CorrenteError } from '../contract/errors.ts';
import type { Block, RollingRequest } from './block.ts';
import { emaSeries } from './gpu-ema.ts';
import type { Gpu } from './gpu.ts';
import { weightedSums } from './gpu-weighted.ts';
import { isWindowRequest, windowStatistics } from './gpu-window.ts';
import { Pace, type PaceOptions } from './pace.ts';
import { rollingBlocks } from './rolling.ts';

/** Values per kernel call, and the most that float32 can number. */
const valuesPerCall = 2 ** 19;
const mostRows = 2 ** 24;

/**
 * One [series × length] block per request, NaN where a window is not full or holds a missing value. What has no kernel
 * (sorted windows, windows of varying length, exponential weights, and what float32 has not the digits for where a level
 * is far above the spread: z-scores, higher moments, autocorrelation) is computed in float64 and rounded.
 */
export async function gpuRollingBlocks(gpu: Gpu, block: Block, requests: readonly RollingRequest[], options: PaceOptions): Promise<Float32Array<ArrayBuffer>[]> {
  const { series, length } = block;
  if (length > mostRows) throw new CorrenteError('precision-unsupported', `rolling: the series have ${length} rows; the portable engine takes at most ${mostRows} under f32.`);
  const pace = new Pace('rolling', requests.length * series * length, options);
  await pace.start();
  const blocks = requests.map(() => new Float32Array(series * length));
  const together = Math.max(1, Math.floor(valuesPerCall / Math.max(1, length)));
  if (length === 0) return blocks;
  for (let from = 0; from < series; from += together) {
    const count = Math.min(together, series - from);
    for (const [i, request] of requests.entries()) {
      const out = blocks[i]!.subarray(from * length, (from + count) * length);
      if (request.window > length && request.minPeriods === undefined) out.fill(Number.NaN);
      else if (request.kind === 'ema') await emaSeries(gpu, block, from, count, request.window, out, pace);
      else if (request.kind === 'weighted' && request.weights !== undefined) await weightedSums(gpu, block, from, count, request.weights, out, pace);
      else if (isWindowRequest(request)) await windowStatistics(gpu, block, from, count, request, out, pace);
      else out.set((await rollingBlocks({ ...block, values: block.values.subarray(from * block.stride), series: count }, [request], { signal: options.signal }))[0]!);
      pace.count(count * length);
      if (pace.due) await pace.turn();
    }
  }
  return blocks;
}
