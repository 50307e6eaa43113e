/**
 * Pearson correlation in float32 on gpu.js: one thread per pair. Centring and scaling are done in float64 before, so
 * that no level or scale of a series costs digits; pairs that are ill-conditioned over their common rows are done in
 * float64 after.
 */
import { isMirrored, placeIn, type Block, type Rectangle } from './block.ts';
import type { Gpu, KernelArgument, KernelSource } from './gpu.ts';
import { Pace, type PaceOptions } from './pace.ts';
import { pearsonOfPair, type MaskedColumns } from './pair.ts';
import { finishComplete, mirror, preparePearson, type PearsonTile } from './pearson.ts';
import { commonRows, presentBits, type PresentBits } from './present-bits.ts';
import type { StandardColumns } from './standardise.ts';

/** Time is padded to whole stretches; each is summed on its own, which keeps the error of a long sum small. */
const stretch = 64;

/** What a kernel gives where float32 is not good enough for the pair. */
const illConditioned = 2;

const dotProduct: KernelSource = {
  argumentTypes: { unit: 'Array', rowFrom: 'Integer', colFrom: 'Integer', stretches: 'Integer' },
  source: `function (unit, rowFrom, colFrom, stretches) {
    const a = (rowFrom + this.thread.y) * stretches * ${stretch};
    const b = (colFrom + this.thread.x) * stretches * ${stretch};
    let sum = 0;
    for (let k = 0; k < stretches; k++) {
      let part = 0;
      for (let i = 0; i < ${stretch}; i++) {
        part += unit[a + k * ${stretch} + i] * unit[b + k * ${stretch} + i];
      }
      sum += part;
    }
    return sum;
  }`,
};

/** Two passes over the common rows: means, then sums about them. (Every name is declared once: shaders have one scope.) */
const maskedPearson: KernelSource = {
  argumentTypes: { values: 'Array', present: 'Array', rowFrom: 'Integer', colFrom: 'Integer', stretches: 'Integer' },
  source: `function (values, present, rowFrom, colFrom, stretches) {
    const a = (rowFrom + this.thread.y) * stretches * ${stretch};
    const b = (colFrom + this.thread.x) * stretches * ${stretch};
    let n = 0;
    let sumX = 0;
    let sumY = 0;
    for (let k = 0; k < stretches; k++) {
      let partX = 0;
      let partY = 0;
      for (let i = 0; i < ${stretch}; i++) {
        const both = present[a + k * ${stretch} + i] * present[b + k * ${stretch} + i];
        n += both;
        partX += both * values[a + k * ${stretch} + i];
        partY += both * values[b + k * ${stretch} + i];
      }
      sumX += partX;
      sumY += partY;
    }
    const meanX = sumX / Math.max(1, n);
    const meanY = sumY / Math.max(1, n);
    let squaresX = 0;
    let squaresY = 0;
    let products = 0;
    for (let l = 0; l < stretches; l++) {
      let partXX = 0;
      let partYY = 0;
      let partXY = 0;
      for (let j = 0; j < ${stretch}; j++) {
        const common = present[a + l * ${stretch} + j] * present[b + l * ${stretch} + j];
        const dx = common * (values[a + l * ${stretch} + j] - meanX);
        const dy = common * (values[b + l * ${stretch} + j] - meanY);
        partXX += dx * dx;
        partYY += dy * dy;
        partXY += dx * dy;
      }
      squaresX += partXX;
      squaresY += partYY;
      products += partXY;
    }
    const limitX = 0.01 * n * (0.01 + meanX * meanX);
    const limitY = 0.01 * n * (0.01 + meanY * meanY);
    let r = ${illConditioned}.0;
    if (n >= 2 && squaresX > limitX && squaresY > limitY) {
      r = products / (Math.sqrt(squaresX) * Math.sqrt(squaresY));
    }
    return r;
  }`,
};

export interface GpuColumns {
  readonly standard: StandardColumns;
  readonly stretches: number;
  /** Unit columns; where there are missing values, standardised ones with 0 in their places. */
  readonly values: Float32Array<ArrayBuffer>;
  readonly masked: { readonly present: Float32Array<ArrayBuffer>; readonly bits: PresentBits; readonly columns: MaskedColumns } | null;
}

export async function prepareGpuPearson(block: Block, options: PaceOptions): Promise<GpuColumns> {
  const standard = await preparePearson(block, options);
  const { series, length, masked } = standard;
  const stretches = Math.ceil(length / stretch);
  const padded = (columns: Float64Array): Float32Array<ArrayBuffer> => {
    const single = new Float32Array(Math.max(1, series * stretches * stretch));
    for (let s = 0; s < series; s++) single.set(columns.subarray(s * length, (s + 1) * length), s * stretches * stretch);
    return single;
  };
  if (masked === null) return { standard, stretches, values: padded(standard.unit), masked: null };
  return { standard, stretches, values: padded(standardised(masked, series)), masked: { present: padded(masked.present), bits: presentBits(masked, series), columns: masked } };
}

/** Each series less its mean, over its standard deviation, in its present places; 0 elsewhere. */
function standardised({ length, filled, present }: MaskedColumns, series: number): Float64Array {
  const result = new Float64Array(series * length);
  for (let s = 0; s < series; s++) {
    const from = s * length;
    let n = 0;
    let sum = 0;
    for (let i = from; i < from + length; i++) {
      n += present[i]!;
      sum += filled[i]!;
    }
    const mean = sum / n;
    let squares = 0;
    for (let i = from; i < from + length; i++) squares += present[i]! * (filled[i]! - mean) ** 2;
    const scale = squares > 0 ? 1 / Math.sqrt(squares / n) : 0;
    for (let i = from; i < from + length; i++) result[i] = present[i] === 1 ? (filled[i]! - mean) * scale : 0;
  }
  return result;
}

/** Width of a panel of pairs, and the steps of its inner loop in one call at first: some 20 ms of work without a device. */
const panelWidth = { device: 512, host: 64 };
const firstSteps = 2 ** 22;
/** A device's call is doubled while it takes less than this, and halved above twice as much. */
const shortCallMs = 25;

/** r and n of a rectangle, row-major. */
export async function gpuPearsonTile(gpu: Gpu, columns: GpuColumns, rectangle: Rectangle, options: PaceOptions): Promise<PearsonTile<Float32Array<ArrayBuffer>>> {
  const { rowFrom, rowTo, colFrom, colTo } = rectangle;
  const count = (rowTo - rowFrom) * (colTo - colFrom);
  const r = new Float32Array(count);
  const n = columns.masked === null ? columns.standard.length : new Int32Array(count);
  const pace = new Pace('correlation', count, options);
  await pace.start();
  await forPanels(gpu, columns, rectangle, pace, r);
  if (columns.masked === null || typeof n === 'number') {
    finishComplete(columns.standard, rectangle, r, n);
    mirror(rectangle, r);
    return { r, n };
  }
  const { bits, columns: masked } = columns.masked;
  for (let row = rowFrom; row < rowTo; row++) {
    for (let col = colFrom; col < colTo; col++) {
      if (isMirrored(rectangle, row, col)) continue;
      const place = placeIn(rectangle, row, col);
      n[place] = commonRows(bits, row, col);
      const single = r[place]!;
      const value = single === illConditioned ? pearsonOfPair(masked, row, col).r : single;
      r[place] = row === col && value === value ? 1 : Math.min(1, Math.max(-1, value));
      if (pace.due) await pace.turn();
    }
  }
  mirror(rectangle, r);
  mirror(rectangle, n);
  return { r, n };
}

/**
 * Fills `r` a panel at a time. Without a device, panels of one tile have one shape, so that a kernel is built once: the
 * last ones overlap. With one, they grow as long as calls stay short.
 */
async function forPanels(gpu: Gpu, columns: GpuColumns, rectangle: Rectangle, pace: Pace, r: Float32Array): Promise<void> {
  const { rowFrom, rowTo, colFrom, colTo } = rectangle;
  const steps = columns.stretches * stretch;
  if (r.length === 0 || steps === 0) return;
  const width = Math.min(gpu.device ? panelWidth.device : panelWidth.host, colTo - colFrom);
  let height = Math.max(1, Math.min(rowTo - rowFrom, Math.floor(firstSteps / (width * steps))));
  for (let rowStart = rowFrom; rowStart < rowTo; ) {
    const row = Math.max(rowFrom, Math.min(rowStart, rowTo - height));
    let longestMs = 0;
    for (let colStart = colFrom; colStart < colTo; colStart += width) {
      const col = Math.max(colFrom, Math.min(colStart, colTo - width));
      const started = performance.now();
      if (!isMirrored(rectangle, row, col + width - 1) || !isMirrored(rectangle, row + height - 1, col)) {
        const [kernel, arrays]: [KernelSource, KernelArgument[]] =
          columns.masked === null ? [dotProduct, [columns.values]] : [maskedPearson, [columns.values, columns.masked.present]];
        const lines = await gpu.run(kernel, [width, height], [...arrays, row, col, columns.stretches]);
        for (const [i, line] of lines.entries()) r.set(line, placeIn(rectangle, row + i, col));
      }
      longestMs = Math.max(longestMs, performance.now() - started);
      pace.count(Math.min(height, rowTo - rowStart) * Math.min(width, colTo - colStart));
      if (pace.due) await pace.turn();
    }
    rowStart += height;
    if (gpu.device && longestMs < shortCallMs) height = Math.min(rowTo - rowFrom, 2 * height);
    else if (gpu.device && longestMs > 2 * shortCallMs) height = Math.max(1, height >> 1);
  }
}
