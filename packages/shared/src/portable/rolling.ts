/**
 * Rolling statistics in float64, plain TypeScript: each kind a scan over a series, taken a stretch at a time so that
 * an abort is noticed.
 */
import { CorrenteError } from '../contract/errors.ts';
import type { Block, RollingRequest } from './block.ts';
import { emaScan } from './ema.ts';
import { ewmScan } from './ewm.ts';
import { Pace, type PaceOptions } from './pace.ts';
import type { Scan } from './scan.ts';
import { medianReading, quantileReading, rankReading, sortedScan } from './sorted-window.ts';
import { extremeScan, meanScan, stdScan, wmaScan } from './window-scan.ts';
import { autocorrelationOf, kurtosisOf, leastOf, meanOf, mostOf, skewOf, totalOf, varianceOf, weightedOf, zscoreOf, type WindowStatistic } from './window-statistics.ts';
import { walkScan, windowRows } from './window-walk.ts';

/** Rows between two looks at the clock. */
const stretchRows = 1 << 17;

/** Rows between two looks at the clock where each costs as much as its window is long, and values that they read. */
const walkRows = 1 << 10;
const walkValues = 1 << 18;

function scanOf(values: Float64Array, out: Float64Array, request: RollingRequest): Scan {
  return wholeWindowScan(values, out, request) ?? orderScan(values, out, request) ?? walkScan(values, out, windowRows(request), statisticOf(request), request.kind === 'zscore');
}

/** Kinds that take a window's two halves together, or run over all rows; null where another way is needed. */
function wholeWindowScan(values: Float64Array, out: Float64Array, { kind, window, ddof, minPeriods, begins }: RollingRequest): Scan | null {
  if (minPeriods !== undefined || begins !== undefined) return null;
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
    case 'ewm-mean':
    case 'ewm-var':
    case 'ewm-std':
      return ewmScan(values, out, kind, window, ddof);
    default:
      return null;
  }
}

function orderScan(values: Float64Array, out: Float64Array, request: RollingRequest): Scan | null {
  const rows = windowRows(request);
  if (request.kind === 'median') return sortedScan(values, out, rows, medianReading, false);
  if (request.kind === 'quantile') return sortedScan(values, out, rows, quantileReading(request.parameter ?? 0.5), false);
  return request.kind === 'rank' ? sortedScan(values, out, rows, rankReading, true) : null;
}

function statisticOf({ kind, ddof, parameter, weights }: RollingRequest): WindowStatistic {
  switch (kind) {
    case 'mean':
      return meanOf;
    case 'sum':
      return totalOf;
    case 'min':
      return leastOf;
    case 'max':
      return mostOf;
    case 'var':
      return varianceOf(ddof);
    case 'std':
      return (values) => Math.sqrt(varianceOf(ddof)(values));
    case 'skew':
      return skewOf;
    case 'kurtosis':
      return kurtosisOf;
    case 'zscore':
      return zscoreOf(ddof);
    case 'autocorrelation':
      return autocorrelationOf(parameter ?? 1);
    case 'weighted':
      return weightedOf(weights ?? new Float64Array(0));
    default:
      throw new CorrenteError('internal', `rolling: ${kind} is no statistic of one window.`);
  }
}

/** Rows between two looks at the clock. */
function rowsTogether({ step, valuesPerRow = 1 }: Scan): number {
  if (step > 1) return Math.ceil(stretchRows / step) * step;
  return Math.max(1, Math.min(walkRows, Math.floor(walkValues / Math.max(1, valuesPerRow))));
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
      const together = rowsTogether(scan);
      for (let from = 0; from < length; ) {
        const to = Math.min(length, from + together);
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
