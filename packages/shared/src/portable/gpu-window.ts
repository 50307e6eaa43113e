/** Statistics of a sliding window in float32 by doubling (see gpu-rolling.ts). */
import type { Block, RollingRequest } from './block.ts';
import type { Gpu, KernelArgument, KernelSource } from './gpu.ts';
import type { Pace } from './pace.ts';
import { powerOfTwoOver } from './power-of-two.ts';

/** fa a[t] + fb b[t - shift]. Before the first value the first stands in: no full window reads it. */
const blend: KernelSource = {
  argumentTypes: { a: 'Array', b: 'Array', shift: 'Integer', fa: 'Float', fb: 'Float' },
  source: `function (a, b, shift, fa, fb) {
    let before = this.thread.x - shift;
    if (before < 0) { before = 0; }
    return fa * a[this.thread.x] + fb * b[before];
  }`,
};

const least: KernelSource = {
  argumentTypes: { a: 'Array', b: 'Array', shift: 'Integer' },
  source: `function (a, b, shift) {
    let before = this.thread.x - shift;
    if (before < 0) { before = 0; }
    return Math.min(a[this.thread.x], b[before]);
  }`,
};

/** Mean squares about the mean, of two groups that have the shares fa and fb: Chan, Golub and LeVeque (1983), eq. 2.1. */
const mergeSquares: KernelSource = {
  argumentTypes: { squaresA: 'Array', squaresB: 'Array', meanA: 'Array', meanB: 'Array', shift: 'Integer', fa: 'Float', fb: 'Float' },
  source: `function (squaresA, squaresB, meanA, meanB, shift, fa, fb) {
    let before = this.thread.x - shift;
    if (before < 0) { before = 0; }
    const apart = meanA[this.thread.x] - meanB[before];
    return fa * squaresA[this.thread.x] + fb * squaresB[before] + fa * fb * apart * apart;
  }`,
};

/** A statistic of the last `count` values at every place: one array, or a mean and what is about it. */
interface Partial {
  readonly count: number;
  readonly parts: readonly Float32Array[];
}

type Merge = (newer: Partial, older: Partial) => Promise<Partial>;

const windowKinds = ['mean', 'sum', 'std', 'var', 'min', 'max', 'wma'] as const;
type WindowKind = (typeof windowKinds)[number];
export type WindowRequest = RollingRequest & { readonly kind: WindowKind };

/** Whether a request is put together here: a plain statistic of whole windows. */
export function isWindowRequest(request: RollingRequest): request is WindowRequest {
  return request.minPeriods === undefined && request.begins === undefined && windowKinds.some((kind) => kind === request.kind);
}

/** Writes the statistic of `count` series from `from` on to `out`, [count × length]. */
export async function windowStatistics(gpu: Gpu, block: Block, from: number, count: number, request: WindowRequest, out: Float32Array, pace: Pace): Promise<void> {
  const { kind, window, ddof } = request;
  const { length } = block;
  const values = new Float32Array(count * length);
  const scales: (readonly [number, number])[] = [];
  for (let s = 0; s < count; s++) {
    const series = block.values.subarray((from + s) * block.stride, (from + s) * block.stride + length);
    const scale = scaleFor(kind, series);
    for (let t = 0; t < length; t++) {
      const value = series[t]!;
      values[s * length + t] = value === value ? value * scale[0] * scale[1] : 0;
    }
    scales.push(scale);
  }
  const start: Partial = { count: 1, parts: { mean: [values], sum: [values], wma: [values, values], std: [values, new Float32Array(values.length)], var: [values, new Float32Array(values.length)], min: [values], max: [values] }[kind] };
  const whole = await doubled(start, window, mergeOf(gpu, kind, values.length), pace);
  const result = whole.parts.at(-1) ?? values;
  const spread = ddof < window ? window / (window - ddof) : Number.NaN;
  for (let s = 0; s < count; s++) {
    const [one, other] = scales[s]!;
    // Rows since the last missing value.
    let run = 0;
    for (let t = 0; t < length; t++) {
      const value = block.values[(from + s) * block.stride + t]!;
      run = value === value ? run + 1 : 0;
      const at = s * length + t;
      if (run < window) out[at] = Number.NaN;
      else out[at] = finished(kind, result[at]!, window, spread, one, other);
    }
  }
}

/** A statistic of the values as they were, from that of scaled ones: a mean, or the mean square about it. */
function finished(kind: WindowKind, value: number, window: number, spread: number, one: number, other: number): number {
  if (kind === 'sum') return value * window;
  if (kind === 'var') return (value * spread) / one / other / one / other;
  return (kind === 'std' ? Math.sqrt(value * spread) : value) / one / other;
}

/**
 * What the values are multiplied by before: -1 turns the greatest into the least; what is squared is brought near 1,
 * so that no square overflows or vanishes.
 */
function scaleFor(kind: WindowRequest['kind'], series: Float64Array): readonly [number, number] {
  if (kind !== 'std' && kind !== 'var') return [kind === 'max' ? -1 : 1, 1];
  let largest = 0;
  for (const value of series) if (Math.abs(value) > largest) largest = Math.abs(value);
  return powerOfTwoOver(largest);
}

/** Puts the last `window` values together from powers of two, the smallest being the newest. */
async function doubled(one: Partial, window: number, merge: Merge, pace: Pace): Promise<Partial> {
  let power = one;
  let whole: Partial | null = null;
  for (;;) {
    if (Math.floor(window / power.count) % 2 === 1) whole = whole === null ? power : await merge(whole, power);
    if (whole?.count === window) return whole;
    power = await merge(power, power);
    if (pace.due) await pace.turn();
  }
}

function mergeOf(gpu: Gpu, kind: WindowRequest['kind'], size: number): Merge {
  const run = async (kernel: KernelSource, ...args: KernelArgument[]): Promise<Float32Array> => (await gpu.run(kernel, [size], args))[0]!;
  return async ({ count: a, parts: [newer, newerMore] }, { count: b, parts: [older, olderMore] }) => {
    const count = a + b;
    if (newer === undefined || older === undefined) throw new Error('rolling: a partial statistic is empty.');
    if (kind === 'min' || kind === 'max') return { count, parts: [await run(least, newer, older, a)] };
    const mean = await run(blend, newer, older, a, a / count, b / count);
    if (newerMore === undefined || olderMore === undefined) return { count, parts: [mean] };
    if (kind === 'std' || kind === 'var') return { count, parts: [mean, await run(mergeSquares, newerMore, olderMore, newer, older, a, a / count, b / count)] };
    // Weighted means: the newer values weigh b more each than they do among themselves.
    const weights = (count * (count + 1)) / 2;
    const raised = await run(blend, newerMore, newer, 0, (a * (a + 1)) / 2 / weights, (a * b) / weights);
    return { count, parts: [mean, await run(blend, raised, olderMore, a, 1, (b * (b + 1)) / 2 / weights)] };
  };
}
