/** Charts over the same abscissa whose cursors and zooms go together. */
import type uPlot from 'uplot';

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** What a link asks of a chart: uPlot has it. */
export type LinkedChart = Pick<uPlot, 'data' | 'setCursor' | 'setScale' | 'valToPos'> & { readonly cursor: { readonly idx?: number | null | undefined; readonly top?: number | undefined } };

export class ChartLink {
  readonly #charts = new Set<LinkedChart>();
  /** Null while everything is shown. */
  #range: Range | null = null;
  #moving = false;

  /** Takes a chart in, at the zoom of the others; what comes back takes it out again. */
  join(chart: LinkedChart): () => void {
    this.#charts.add(chart);
    if (this.#range !== null) chart.setScale('x', { ...this.#range });
    return () => void this.#charts.delete(chart);
  }

  /** The cursor of `from` has moved, or left: those of all others follow. */
  moveCursor(from: LinkedChart): void {
    // Charts that follow tell of it, too.
    if (this.#moving) return;
    const { idx, top } = from.cursor;
    const x = idx === null || idx === undefined ? undefined : from.data[0][idx];
    this.#moving = true;
    for (const chart of this.#charts) {
      if (chart !== from) chart.setCursor(x === undefined ? { left: -10, top: -10 } : { left: chart.valToPos(x, 'x'), top: top ?? 0 });
    }
    this.#moving = false;
  }

  /** `from` shows this range, or everything (null): all others do as well. */
  zoom(from: LinkedChart, range: Range | null): void {
    if (range?.min === this.#range?.min && range?.max === this.#range?.max) return;
    this.#range = range;
    for (const chart of this.#charts) {
      const [first, last] = [chart.data[0][0], chart.data[0].at(-1)];
      if (chart !== from && first !== undefined && last !== undefined) chart.setScale('x', range === null ? { min: first, max: last } : { ...range });
    }
  }
}
