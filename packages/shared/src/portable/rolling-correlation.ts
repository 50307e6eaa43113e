/** Correlation in windows, and exponentially weighted: of every pair by itself. */
import { CorrenteError } from '../contract/errors.ts';
import { isMirrored, placeIn, type Block, type Rectangle } from './block.ts';
import { Pace, type PaceOptions } from './pace.ts';
import { pearsonOfRows, type MaskedColumns } from './pair.ts';
import { maskColumns } from './standardise.ts';
import { TwoPartMean } from './two-part-mean.ts';

/** What `RollingCorrelationRequest` of the engines' contract defines. */
export interface RollingCorrelationRequest {
  readonly window: number | null;
  readonly alpha: number | null;
  readonly step: number;
  readonly minPeriods: number;
}

export interface RollingCorrelationTiles {
  readonly windows: number;
  /** [rows × columns × windows]. */
  tile(rectangle: Rectangle, options: PaceOptions): Promise<Float64Array<ArrayBuffer>>;
}

/** Windows between two looks at the clock. */
const windowsTogether = 256;

/** Writes the windows [from, to) of a pair; windows come in order. */
type Windows = (from: number, to: number) => void;

const whole = (value: number, least: number): boolean => Number.isInteger(value) && value >= least;

function checkRequest({ window, alpha, step, minPeriods }: RollingCorrelationRequest): void {
  const wrong =
    (window === null) === (alpha === null)
      ? `window is ${window} and alpha ${alpha}, expected one of them`
      : window !== null && !whole(window, 2)
        ? `window is ${window}, expected a whole number of at least 2`
        : alpha !== null && !(alpha > 0 && alpha <= 1)
          ? `alpha is ${alpha}, expected a number above 0 and up to 1`
          : !whole(step, 1)
            ? `step is ${step}, expected a whole number of at least 1`
            : !whole(minPeriods, 2)
              ? `minPeriods is ${minPeriods}, expected a whole number of at least 2`
              : null;
  if (wrong !== null) throw new CorrenteError('invalid-params', `rolling correlation: ${wrong}.`);
}

export async function rollingCorrelationTiles(block: Block, request: RollingCorrelationRequest, options: PaceOptions): Promise<RollingCorrelationTiles> {
  checkRequest(request);
  const { window, alpha, step, minPeriods } = request;
  const { length } = block;
  const first = (window ?? minPeriods) - 1;
  const windows = length > first ? Math.floor((length - 1 - first) / step) + 1 : 0;
  const preparing = new Pace('rolling correlation', block.series * length, options);
  await preparing.start();
  const { masked } = await maskColumns(block, preparing);
  const windowsOf = (a: number, b: number, out: Float64Array): Windows => (alpha === null ? equalWeights(masked, a, b, window ?? 2, request, out) : decayingWeights(masked, a, b, alpha, request, out));
  return {
    windows,
    async tile(rectangle, tileOptions) {
      const { rowFrom, rowTo, colFrom, colTo } = rectangle;
      const r = new Float64Array((rowTo - rowFrom) * (colTo - colFrom) * windows);
      const at = (row: number, col: number): number => placeIn(rectangle, row, col) * windows;
      const pace = new Pace('rolling correlation', r.length, tileOptions);
      await pace.start();
      for (let row = rowFrom; row < rowTo; row++) {
        for (let col = colFrom; col < colTo; col++) {
          if (isMirrored(rectangle, row, col)) continue;
          const out = r.subarray(at(row, col), at(row, col) + windows);
          const run = windowsOf(row, col, out);
          for (let from = 0; from < windows; from += windowsTogether) {
            const to = Math.min(windows, from + windowsTogether);
            run(from, to);
            pace.count(to - from);
            if (pace.due) await pace.turn();
          }
          if (row === col) for (let k = 0; k < windows; k++) if (out[k] === out[k]) out[k] = 1;
        }
      }
      for (let row = rowFrom; row < rowTo; row++) {
        for (let col = colFrom; col < colTo; col++) {
          if (isMirrored(rectangle, row, col)) r.copyWithin(at(row, col), at(col, row), at(col, row) + windows);
        }
      }
      return r;
    },
  };
}

function equalWeights(masked: MaskedColumns, a: number, b: number, window: number, { step, minPeriods }: RollingCorrelationRequest, out: Float64Array): Windows {
  const { length } = masked;
  return (from, to) => {
    for (let k = from; k < to; k++) {
      const { r, n } = pearsonOfRows(masked, a * length + k * step, b * length + k * step, window);
      out[k] = n < minPeriods ? Number.NaN : r;
    }
  };
}

/**
 * All rows so far, each weighing 1 - alpha of the common row after it: West's (1979) update of means and of sums of
 * products about them. Means begin at the first common row, so that a constant series keeps exactly 0.
 */
function decayingWeights({ length, filled, present }: MaskedColumns, a: number, b: number, alpha: number, { step, minPeriods }: RollingCorrelationRequest, out: Float64Array): Windows {
  const keep = 1 - alpha;
  const [meanX, meanY] = [new TwoPartMean(), new TwoPartMean()];
  let [t, n, weights, squaresX, squaresY, products] = [0, 0, 0, 0, 0, 0];
  let [firstX, firstY] = [0, 0];
  let [variesX, variesY] = [false, false];
  const take = (x: number, y: number): void => {
    if (n === 0) {
      [firstX, firstY] = [x, y];
      meanX.start(x);
      meanY.start(y);
    }
    variesX ||= x !== firstX;
    variesY ||= y !== firstY;
    n += 1;
    const old = keep * weights;
    weights = old + 1;
    const [dx, dy] = [meanX.to(x), meanY.to(y)];
    const share = old / weights;
    squaresX = keep * squaresX + share * (dx * dx);
    squaresY = keep * squaresY + share * (dy * dy);
    products = keep * products + share * (dx * dy);
    meanX.move(dx / weights);
    meanY.move(dy / weights);
  };
  return (from, to) => {
    for (let k = from; k < to; k++) {
      for (const end = minPeriods - 1 + k * step; t <= end; t++) {
        if (present[a * length + t] === 1 && present[b * length + t] === 1) take(filled[a * length + t]!, filled[b * length + t]!);
      }
      const defined = n >= minPeriods && variesX && variesY && squaresX > 0 && squaresY > 0;
      out[k] = defined ? Math.min(1, Math.max(-1, products / (Math.sqrt(squaresX) * Math.sqrt(squaresY)))) : Number.NaN;
    }
  };
}
