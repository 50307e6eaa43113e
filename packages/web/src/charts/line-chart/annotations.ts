/** What stands behind and over the lines of a chart: shaded stretches of the abscissa, and upright marks with a word. */
import type uPlot from 'uplot';

/** A place of the abscissa, in the chart's own units, and what is there. */
export interface Mark {
  readonly at: number;
  readonly label: string;
}

/** A stretch of the abscissa, both ends included; it may be one point. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface Annotations {
  readonly marks: readonly Mark[];
  readonly spans: readonly Span[];
}

export interface AnnotationInks {
  readonly mark: string;
  readonly span: string;
}

/** A span is at least so wide, in pixels of the screen, that it is seen among thousands of points. */
const leastWidth = 3;

/** Left end and width of a span in pixels, cut to the plot; null where it lies outside. */
export function spanBox({ from, to }: Span, place: (at: number) => number, plot: { readonly left: number; readonly width: number }, least: number): { readonly left: number; readonly width: number } | null {
  const [start, end] = [place(from), place(to)];
  if (end < plot.left || start > plot.left + plot.width) return null;
  const spare = Math.max(0, least - (end - start)) / 2;
  const left = Math.max(plot.left, start - spare);
  return { left, width: Math.min(plot.left + plot.width, end + spare) - left };
}

/** Flagged places, ascending, as stretches: neighbours are one. `x[i]` is the place of row i. */
export function flaggedSpans(x: ArrayLike<number>, isFlagged: (row: number) => boolean): Span[] {
  const spans: Span[] = [];
  let start = -1;
  for (let row = 0; row <= x.length; row++) {
    const flagged = row < x.length && isFlagged(row);
    if (flagged && start === -1) start = row;
    if (flagged || start === -1) continue;
    spans.push({ from: x[start]!, to: x[row - 1]! });
    start = -1;
  }
  return spans;
}

export function drawSpans(chart: uPlot, { spans }: Annotations, { span }: AnnotationInks): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.fillStyle = span;
  ctx.beginPath();
  for (const one of spans) {
    const box = spanBox(one, (at) => chart.valToPos(at, 'x', true), bbox, leastWidth * devicePixelRatio);
    if (box !== null) ctx.rect(box.left, bbox.top, box.width, bbox.height);
  }
  // At once: where widened spans overlap they are no darker.
  ctx.fill();
  ctx.restore();
}

export function drawMarks(chart: uPlot, { marks }: Annotations, { mark }: AnnotationInks): void {
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.strokeStyle = mark;
  ctx.fillStyle = mark;
  ctx.lineWidth = devicePixelRatio;
  ctx.font = `${11 * devicePixelRatio}px 'IBM Plex Sans Variable', sans-serif`;
  ctx.textBaseline = 'top';
  for (const { at, label } of marks) {
    const x = chart.valToPos(at, 'x', true);
    if (!(x >= bbox.left && x <= bbox.left + bbox.width)) continue;
    ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    // Beside the mark, on the side that has room for the word.
    const fits = x + ctx.measureText(label).width + 8 * devicePixelRatio <= bbox.left + bbox.width;
    ctx.textAlign = fits ? 'left' : 'right';
    ctx.fillText(label, x + (fits ? 5 : -5) * devicePixelRatio, bbox.top + 3 * devicePixelRatio);
  }
  ctx.restore();
}
