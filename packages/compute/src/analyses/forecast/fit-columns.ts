/** Fitted classical models as rows of the table `fits`. */
import type { ClassicalFit } from '../../forecasting/classical/classical.ts';
import type { PartColumn } from '../analysis.ts';

interface FitRow {
  readonly form: string;
  readonly period: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly gamma?: number;
  readonly phi?: number;
  readonly drift?: number;
  readonly logLikelihood?: number;
  readonly aicc?: number;
  readonly sse?: number;
}

function rowOf(fit: ClassicalFit): FitRow {
  switch (fit.model) {
    case 'naive':
      return { form: 'naive', period: 1 };
    case 'seasonal-naive':
      return { form: 'seasonal-naive', period: fit.period };
    case 'drift':
      return { form: 'drift', period: 1, drift: fit.drift };
    case 'theta': {
      const { season, period, alpha, drift, sse } = fit.fit;
      return { form: season === 'none' ? 'theta' : `theta, ${season} season`, period, alpha, drift, sse };
    }
    case 'ets': {
      const { form, period, logLikelihood, aicc, sse, parameters: { alpha, beta, gamma, phi } } = fit.fit;
      const trend = form.slice(1, -1);
      return { form, period, alpha, logLikelihood, aicc, sse, ...(trend === 'N' ? {} : { beta }), ...(form.endsWith('N') ? {} : { gamma }), ...(trend === 'Ad' ? { phi } : {}) };
    }
  }
}

/** The fits of one fold, one for each of the series. */
export function fitColumns(fold: number, names: readonly string[], fits: readonly ClassicalFit[]): PartColumn[] {
  const rows = fits.map(rowOf);
  const column = (name: Exclude<keyof FitRow, 'form' | 'period'>): Float64Array<ArrayBuffer> => Float64Array.from(rows, (row) => row[name] ?? Number.NaN);
  return [
    names,
    new Int32Array(rows.length).fill(fold + 1),
    rows.map(({ form }) => form),
    Int32Array.from(rows, ({ period }) => period),
    column('alpha'),
    column('beta'),
    column('gamma'),
    column('phi'),
    column('drift'),
    column('logLikelihood'),
    column('aicc'),
    column('sse'),
  ];
}
