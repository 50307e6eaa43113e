/**
 * Rolling statistics in float64, plain TypeScript: each kind a scan over a series, taken a stretch at a time so that
 * an abort is noticed.
 */
import type { Block, RollingRequest } from './block.ts';
import { emaScan } from './ema.ts';
import { Pace, type PaceOptions } from './pace.ts';
import type { Scan } from './scan.ts';
import { extremeScan, meanScan, stdScan, wmaScan } from './window-scan.ts';

/** Rows between two looks at the clock. */
const stretchRows = 1 << 17;

function scanOf(values: Float64Array, out: Float64Array, { kind, window, ddof }: RollingRequest): Scan {
  switch (kind) {
    case 'mean':
      return meanScan(values, out, window);
    case 'std':
      return stdScan(values, out, window, ddof);
    case 'min':
      return extremeScan(values, out, window, 1);
    case 'max':
      return extremeScan(values, out, window, -1);
    case 'wma':
      return wmaScan(values, out, window);
    case 'ema':
      return emaScan(values, out, window);
  }
}

/** One [series × length] block per request, NaN where a window is not full or holds a missing value. */
export async function rollingBlocks({ values, series, length, stride }: Block, requests: readonly RollingRequest[], options: PaceOptions): Promise<Float64Array<ArrayBuffer>[]> {
  const pace = new Pace('rolling', requests.length * series * length, options);
  await pace.start();
  const blocks: Float64Array<ArrayBuffer>[] = [];
  for (const request of requests) {
    const block = new Float64Array(series * length);
    for (let s = 0; s < series; s++) {
      const scan = scanOf(values.subarray(s * stride, s * stride + length), block.subarray(s * length, (s + 1) * length), request);
      for (let from = 0; from < length; ) {
        const to = Math.min(length, from + Math.ceil(stretchRows / scan.step) * scan.step);
        scan.run(from, to);
        pace.count(to - from);
        from = to;
        if (pace.due) await pace.turn();
      }
    }
    blocks.push(block);
  }
  return blocks;
}
