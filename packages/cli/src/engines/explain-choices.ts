/** Which engine `auto` takes for some typical jobs, and why. */
import { analysisNamed, parseParams } from '@corrente/shared/contract/analyses/index';
import type { EngineInfo, EngineName, Precision } from '@corrente/shared/contract/engine';
import { chooseAmong, enginesOf, type Candidate } from '@corrente/shared/contract/engine-choice';
import { CorrenteError } from '@corrente/shared/contract/errors';

interface TypicalJob {
  readonly analysis: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly series: number;
  readonly rows: number;
  readonly precision: Precision;
}

export interface ExplainedChoice {
  /** The job in words. */
  readonly job: string;
  readonly precision: Precision;
  /** Null where no engine can run it. */
  readonly engine: EngineName | null;
  readonly reason: string;
  readonly candidates: readonly Candidate[];
}

const typical: readonly TypicalJob[] = [
  { analysis: 'moving-average', params: {}, series: 1, rows: 1000, precision: 'f64' },
  { analysis: 'moving-average', params: {}, series: 500, rows: 2500, precision: 'f64' },
  { analysis: 'moving-average', params: {}, series: 1, rows: 10_000_000, precision: 'f64' },
  { analysis: 'correlation', params: {}, series: 10, rows: 250, precision: 'f64' },
  { analysis: 'correlation', params: {}, series: 500, rows: 2500, precision: 'f64' },
  { analysis: 'correlation', params: {}, series: 4000, rows: 2500, precision: 'f64' },
  { analysis: 'correlation', params: {}, series: 4000, rows: 2500, precision: 'f32' },
  { analysis: 'correlation', params: { output: 'pairs', top: 1000 }, series: 20_000, rows: 2500, precision: 'f64' },
  { analysis: 'correlation', params: { method: 'kendall' }, series: 300, rows: 2500, precision: 'f64' },
  { analysis: 'network-inference', params: {}, series: 10, rows: 10_000, precision: 'f64' },
];

/** For engines given best first. */
export function explainChoices(engines: readonly EngineInfo[]): ExplainedChoice[] {
  return typical.map(({ analysis, params: given, series, rows, precision }) => {
    const contract = analysisNamed(analysis);
    const params = parseParams(contract, given);
    const set = Object.entries(given).map(([name, value]) => ` ${name}=${String(value)}`);
    const job = `${analysis}${set.join('')}, ${series.toLocaleString('en')} × ${rows.toLocaleString('en')}`;
    const shape = { series: Array.from({ length: series }, (_, s) => String(s)), rows, time: 'timestamp' } as const;
    try {
      const { name, reason, candidates } = chooseAmong(engines, 'auto', precision, enginesOf(contract, params, precision), contract.estimate(params, shape, precision));
      return { job, precision, engine: name, reason, candidates };
    } catch (error) {
      return { job, precision, engine: null, reason: CorrenteError.from(error).message, candidates: [] };
    }
  });
}
