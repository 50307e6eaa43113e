/** An engine whose lead-lag and rolling sessions are the oracles: for tests of what an analysis makes of them. */
import { profileOracle, strongestLag } from '../../../test/oracle/lead-lag.ts';
import { rollingCorrelationOracle } from '../../../test/oracle/rolling-correlation.ts';
import { seriesOf } from '../../../test/series/columns.ts';
import type { Columns, Engine, LeadLagRequest, LeadLagSession, Reals, RollingCorrelationRequest, RollingCorrelationSession } from '../../engine/contract.ts';
import { engineWith } from '../../engine/engine-with.ts';

/** Everything else is done by the engine given. */
export function withOracleSessions(engine: Engine): Engine {
  return engineWith(engine, {
    openLeadLag: (columns, request) => Promise.resolve(leadLag(columns, request)),
    openRollingCorrelation: (columns, request) => Promise.resolve(rollingCorrelation(columns, request)),
  });
}

function leadLag(columns: Columns, request: LeadLagRequest): LeadLagSession {
  const { maxLag } = request;
  return {
    tile(rowFrom, rowTo, colFrom, colTo) {
      const pairs = pairsIn(rowFrom, rowTo, colFrom, colTo).map(([a, b]) => {
        const { r, n } = profileOracle(seriesOf(columns, a), seriesOf(columns, b), request);
        const lag = strongestLag(r);
        const strongest = a === b ? 1 : (r[maxLag + (lag ?? 0)] ?? Number.NaN);
        return { r: lag === null ? Number.NaN : strongest, lag: lag ?? 0, n: lag === null ? 0 : (n[maxLag + lag] ?? 0) };
      });
      return Promise.resolve({ r: Float64Array.from(pairs, ({ r }) => r), lag: Int32Array.from(pairs, ({ lag }) => lag), n: Int32Array.from(pairs, ({ n }) => n) });
    },
    profile(a, b) {
      const { r, n } = profileOracle(seriesOf(columns, a), seriesOf(columns, b), request);
      return Promise.resolve({ r: Float64Array.from(r), n: Int32Array.from(n) });
    },
    close() {},
  };
}

function rollingCorrelation(columns: Columns, request: RollingCorrelationRequest): RollingCorrelationSession {
  const none = new Float64Array(columns.length);
  return {
    windows: rollingCorrelationOracle(none, none, request).length,
    tile(rowFrom, rowTo, colFrom, colTo): Promise<Reals> {
      return Promise.resolve(Float64Array.from(pairsIn(rowFrom, rowTo, colFrom, colTo).flatMap(([a, b]) => Array.from(rollingCorrelationOracle(seriesOf(columns, a), seriesOf(columns, b), request)))));
    },
    close() {},
  };
}

/** The pairs of a rectangle, row-major. */
function pairsIn(rowFrom: number, rowTo: number, colFrom: number, colTo: number): ReadonlyArray<readonly [number, number]> {
  return Array.from({ length: rowTo - rowFrom }, (_, i) => Array.from({ length: colTo - colFrom }, (_unused, j) => [rowFrom + i, colFrom + j] as const)).flat();
}
