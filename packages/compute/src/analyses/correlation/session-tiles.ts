/** Tiles straight from a session of the engine: each pair by itself. */
import type { CorrelationSession, CorrelationTile, LeadLagSession, OpOptions, Reals } from '../../engine/contract.ts';
import type { PairP } from './pair-p.ts';
import type { TileBounds, Tiles, UpperTile } from './tiles.ts';

/** Coefficients at lag 0, those of pairs with fewer than `minPeriods` common rows made missing. */
export class SessionTiles implements Tiles {
  readonly series: number;
  readonly p: PairP;
  readonly session: CorrelationSession;
  readonly #minPeriods: number;

  constructor(session: CorrelationSession, series: number, minPeriods: number, p: PairP) {
    this.session = session;
    this.series = series;
    this.p = p;
    this.#minPeriods = minPeriods;
  }

  async upper({ from, to }: TileBounds, options: OpOptions): Promise<UpperTile> {
    return { from, to, width: this.series - from, lag: null, ...(await this.#tile(from, to, from, this.series, options)) };
  }

  async left({ from, to }: TileBounds, columns: number, options: OpOptions): Promise<Reals> {
    return (await this.#tile(from, to, 0, columns, options)).r;
  }

  async #tile(rowFrom: number, rowTo: number, colFrom: number, colTo: number, options: OpOptions): Promise<CorrelationTile> {
    const { r, n } = await this.session.tile(rowFrom, rowTo, colFrom, colTo, options);
    if (typeof n === 'number') {
      if (n < this.#minPeriods) r.fill(Number.NaN);
    } else if (this.#minPeriods > 2) {
      for (let i = 0; i < n.length; i++) if ((n[i] ?? 0) < this.#minPeriods) r[i] = Number.NaN;
    }
    return { r, n };
  }

  close(): void {
    this.session.close();
  }
}

/** Coefficients at each pair's strongest lag. */
export class LeadLagTiles implements Tiles {
  readonly series: number;
  readonly p: PairP;
  readonly #session: LeadLagSession;

  constructor(session: LeadLagSession, series: number, p: PairP) {
    this.#session = session;
    this.series = series;
    this.p = p;
  }

  async upper({ from, to }: TileBounds, options: OpOptions): Promise<UpperTile> {
    return { from, to, width: this.series - from, ...(await this.#session.tile(from, to, from, this.series, options)) };
  }

  async left({ from, to }: TileBounds, columns: number, options: OpOptions): Promise<Reals> {
    return (await this.#session.tile(from, to, 0, columns, options)).r;
  }

  close(): void {
    this.#session.close();
  }
}
