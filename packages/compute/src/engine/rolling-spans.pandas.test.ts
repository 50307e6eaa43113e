/** Windows in time and order statistics of the CPU engine beside those of pandas and numpy. */
import { describe, it } from 'vitest';
import { assertClose } from '../../test/oracle/compare.ts';
import { askPython, hasPython } from '../../test/python.ts';
import { columnsOf } from '../../test/series/columns.ts';
import { gaussians, uniform, withMissing } from '../../test/series/random.ts';
import type { RollingKind, RollingRequest } from './contract.ts';
import { cpuEngine } from './cpu.ts';

/** Of 1.4, which brought ranks of windows. */
const hasPandas = hasPython('pandas.core.window.rolling') && askPython('import pandas\nresult = hasattr(pandas.core.window.Rolling, "rank")', null) === true;
const engine = cpuEngine();

const length = 3000;
const hour = 3600;
const values = withMissing(gaussians(51, length), 0.1, 52);
/** Seconds: an hour to the next row on average, now and then several days. */
const times = new Float64Array(length);
for (let t = 1; t < length; t++) times[t] = (times[t - 1] ?? 0) + Math.ceil(-Math.log(uniform(53, t)) * hour * (uniform(54, t) < 0.01 ? 60 : 1));

const script = `
import pandas
series = pandas.Series([np.nan if v is None else v for v in data["values"]], index=pandas.to_datetime(data["times"], unit="s"))
result = [getattr(series.rolling(window, min_periods=least), method)(**arguments).tolist() for method, window, least, arguments in data["calls"]]
`;

interface Call {
  readonly kind: RollingKind;
  readonly method: string;
  readonly arguments?: Readonly<Record<string, unknown>>;
}

const calls: readonly Call[] = [
  ...(['mean', 'sum', 'std', 'var', 'min', 'max', 'median', 'rank', 'skew'] as const).map((kind) => ({ kind, method: kind })),
  { kind: 'kurtosis', method: 'kurt' },
  { kind: 'quantile', method: 'quantile', arguments: { quantile: 0.3 } },
];

/** What pandas answers to each call; its windows are a number of rows or a time such as "5D". */
function ofPandas(window: number | string, least: number): number[][] {
  const given = { values: Array.from(values, (value) => (Number.isNaN(value) ? null : value)), times: [...times], calls: calls.map((call) => [call.method, window, least, call.arguments ?? {}]) };
  const answers = askPython(script, given);
  if (!Array.isArray(answers)) throw new Error(`pandas answered ${typeof answers}, expected a list`);
  return answers.map((answer: unknown) => (Array.isArray(answer) ? answer.map((value: unknown) => (typeof value === 'number' ? value : Number.NaN)) : []));
}

/** The first row less than `seconds` before each row. */
function beginsOf(seconds: number): Int32Array {
  let begin = 0;
  return Int32Array.from(times, (time) => {
    while ((times[begin] ?? 0) <= time - seconds) begin++;
    return begin;
  });
}

async function compare(pandasWindow: number | string, least: number, windows: Pick<RollingRequest, 'window' | 'minPeriods' | 'begins'>): Promise<void> {
  const expected = ofPandas(pandasWindow, least);
  const requests = calls.map(({ kind }) => ({ kind, ddof: 1, parameter: 0.3, ...windows }));
  const blocks = await engine.rolling(columnsOf([values]), requests, { precision: 'f64' });
  for (const [i, { method }] of calls.entries()) {
    const truth = expected[i] ?? [];
    // pandas subtracts from running sums, and so keeps fewer digits than the values have.
    assertClose(blocks[i] ?? [], truth, { tolerance: (t) => 1e-8 * Math.max(1, Math.abs(truth[t] ?? 0)), place: (t) => `${method} of ${pandasWindow}, at least ${least}, row ${t}` });
  }
}

describe.skipIf(!hasPandas || !engine.info().available)('beside pandas (needs the CPU engine, and python3 with pandas 1.4 or newer)', () => {
  for (const [name, seconds] of [['3h', 3 * hour], ['5D', 120 * hour], ['200D', 4800 * hour]] as const) {
    for (const least of [1, 3]) {
      it(`windows of ${name} with at least ${least} present are those of pandas`, () => compare(name, least, { window: 1, minPeriods: least, begins: beginsOf(seconds) }));
    }
  }
  it('windows in rows that pass over missing values are those of pandas', () => compare(50, 10, { window: 50, minPeriods: 10 }));
});
