/** Indicators: what every engine that computes them must get right. */
import type { Precision } from '@corrente/shared/contract/engine';
import { indicatorCatalogue } from '@corrente/shared/contract/indicators/catalogue';
import type { Indicator, IndicatorInput } from '@corrente/shared/contract/indicators/indicator';
import { assertClose, assertSameBits } from '../../test/oracle/compare.ts';
import { indicatorOracle } from '../../test/oracle/indicators/indicators.ts';
import { columnsOf, seriesOf } from '../../test/series/columns.ts';
import { edgeSeriesOfLength } from '../../test/series/edge.ts';
import { gaussian, uniform } from '../../test/series/random.ts';
import type { Columns, Engine, IndicatorRequest, Reals } from './contract.ts';
import { assertRejects, checkAbortInMidst, checkProgress } from './engine.cases.control.ts';
import { assertReals, inBothPrecisions } from './engine.cases.precision.ts';
import type { EngineCase } from './engine.cases.ts';

const roles: readonly IndicatorInput[] = ['value', 'open', 'high', 'low', 'close', 'volume'];
type Bars = Readonly<Record<IndicatorInput, Float64Array>>;

/** The bars of a random walk. `missing`: the share of values that are, each field having gaps of its own. */
function walk(series: number, length: number, { missing = 0, begin = 0 } = {}): Bars {
  const draw = (stream: number, t: number): number => gaussian(7000 + 100 * series + stream, t);
  const close = new Float64Array(length);
  for (let t = 0; t < length; t++) close[t] = (close[t - 1] ?? 100) + draw(1, t);
  const open = close.map((value, t) => value + 0.5 * draw(2, t));
  const bars: Bars = {
    value: close,
    open,
    close,
    high: close.map((value, t) => Math.max(value, open[t] ?? 0) + Math.abs(draw(3, t))),
    low: close.map((value, t) => Math.min(value, open[t] ?? 0) - Math.abs(draw(4, t))),
    volume: close.map((_, t) => Math.round(1e6 * Math.exp(draw(5, t)))),
  };
  const gapped = (role: IndicatorInput): Float64Array => bars[role].map((value, t) => (t < begin || uniform(9000 + 10 * series + roles.indexOf(role), t) < missing ? Number.NaN : value));
  return { value: gapped('value'), open: gapped('open'), high: gapped('high'), low: gapped('low'), close: gapped('close'), volume: gapped('volume') };
}

const blocksOf = (bars: readonly Bars[], padding = 0): Columns[] => roles.map((role) => columnsOf(bars.map((one) => one[role]), padding));

const requestOf = ({ name, inputs }: Indicator, parameters: readonly number[]): IndicatorRequest => ({ name, parameters, inputs: inputs.map((input) => roles.indexOf(input)) });

/** Each indicator with its defaults, with shorter periods, and with the shortest ones. */
function allRequests(): IndicatorRequest[] {
  return indicatorCatalogue.flatMap((indicator) => [
    requestOf(indicator, indicator.parameters.map((one) => one.default)),
    requestOf(indicator, indicator.parameters.map((one) => (one.integer ? Math.max(one.min, one.default - 2) : Math.max(one.min, 0.9 * one.default)))),
    requestOf(indicator, indicator.parameters.map((one) => (one.integer ? one.min : one.default))),
  ]);
}

const inWords = ({ name, parameters }: IndicatorRequest): string => `${name}(${parameters.join(', ')})`;

/** Of what takes part in a value the largest is not known here: to each value its own size, and at least 1. */
const tolerances = { f64: 1e-9, f32: 1e-6 } as const;

async function checkAgainstOracle(engine: Engine, blocks: readonly Columns[], requests: readonly IndicatorRequest[], precision: Precision): Promise<void> {
  const { series, length } = blocks[0] ?? { series: 0, length: 0 };
  const all = await engine.indicators(blocks, requests, { precision });
  if (all.length !== requests.length) throw new Error(`got blocks of ${all.length} requests, expected ${requests.length}`);
  for (const [r, request] of requests.entries()) {
    const outputs = all[r] ?? [];
    for (let s = 0; s < series; s++) {
      const inputs = request.inputs.map((input) => seriesOf(blocks[input] ?? columnsOf([]), s));
      const expected = indicatorOracle(request.name, request.parameters, inputs);
      if (outputs.length !== expected.length) throw new Error(`${inWords(request)}: got ${outputs.length} outputs, expected ${expected.length}`);
      for (const [o, values] of expected.entries()) {
        const block = outputs[o] ?? new Float64Array(0);
        assertReals(block, precision);
        if (block.length !== series * length) throw new Error(`${inWords(request)}: got ${block.length} values, expected ${series} × ${length}`);
        assertClose(block.subarray(s * length, (s + 1) * length), values, {
          tolerance: (t) => tolerances[precision] * Math.max(1, Math.abs(values[t] ?? 0)),
          place: (t) => `${inWords(request)}, output ${o}, series ${s} of ${series}, row ${t} of ${length}`,
        });
      }
    }
  }
}

/** Shapes that break windows and quotients. Where a spike or an offset eats the digits of a difference, only its own case can say what is left. */
const shapes = edgeSeriesOfLength(70).filter(({ name }) => !/spike|offset/.test(name));

/** The same series as every input: bars without a range, trades without a volume. */
async function checkShapes(engine: Engine, precision: Precision): Promise<void> {
  const block = columnsOf(shapes.map(({ values }) => values), 2);
  const requests = allRequests().map(({ name, parameters, inputs }) => ({ name, parameters, inputs: inputs.map(() => 0) }));
  await checkAgainstOracle(engine, [block], requests, precision);
}

/** Series of one group that begin on different rows, some of them never. */
async function checkLateBeginnings(engine: Engine, precision: Precision): Promise<void> {
  const bars = [0, 40, 3, 150, 0, 149, 70, 12, 90, 1].map((begin, series) => walk(series, 150, { begin }));
  await checkAgainstOracle(engine, blocksOf(bars), allRequests(), precision);
}

async function checkSameBits(engine: Engine, precision: Precision): Promise<void> {
  const bars = Array.from({ length: 19 }, (_, series) => walk(series, 131, { missing: series % 3 === 0 ? 0.03 : 0 }));
  const blocks = blocksOf(bars, 5);
  const requests = allRequests();
  const together = await engine.indicators(blocks, requests, { precision });
  const again = await engine.indicators(blocks, requests, { precision });
  const last = await engine.indicators(blocksOf(bars.slice(18)), requests, { precision });
  for (const [r, request] of requests.entries()) {
    const alone = r % 3 === 0 ? await engine.indicators(blocks, [request], { precision }) : [together[r] ?? []];
    for (const [o, block] of (together[r] ?? []).entries()) {
      const place = (at: number): string => `${inWords(request)}, output ${o}, value ${at}`;
      assertSameBits(again[r]?.[o] ?? [], block, place);
      assertSameBits(alone[0]?.[o] ?? [], block, place);
      assertSameBits(last[r]?.[o] ?? [], block.subarray(18 * 131), place);
    }
  }
}

/** Sums never leave the window, and spread is summed about a value of the window. */
async function checkFarFromZero(engine: Engine): Promise<void> {
  const length = 400;
  const near = Float64Array.from({ length }, (_, t) => 1e-3 * Math.round(1000 * gaussian(61, t)));
  const far = near.map((value) => 1e9 + value);
  // What is left of each value beside 1e9, as the sums see it.
  const left = far.map((value) => value - 1e9);
  for (const n of [5, 14, 60, 200]) {
    for (const [name, parameters] of [['variance', [n]], ['stddev', [n, 1]], ['linear-regression-slope', [n]]] as const) {
      const [[got = new Float64Array(0)] = []] = await engine.indicators([columnsOf([far])], [{ name, parameters, inputs: [0] }], { precision: 'f64' });
      const [expected = new Float64Array(0)] = indicatorOracle(name, parameters, [left]);
      assertClose(got, expected, { tolerance: (t) => 1e-10 * Math.max(1, Math.abs(expected[t] ?? 0)), place: (t) => `${name}(${n}) near 1e9, row ${t}` });
    }
  }
}

async function checkNothingOutside(engine: Engine, precision: Precision): Promise<void> {
  const calm = Float64Array.from({ length: 300 }, (_, t) => 100 + gaussian(62, t));
  const windowed = ['sma', 'wma', 'trima', 'alma', 'hma', 'midpoint', 'bollinger', 'stddev', 'variance', 'linear-regression', 'linear-regression-angle', 'time-series-forecast', 'apo'];
  const requests = windowed.map((name) => {
    const parameters = indicatorCatalogue.find((one) => one.name === name)?.parameters ?? [];
    return { name, parameters: parameters.map((one) => (one.integer ? 20 + (one.name === 'slow' ? 10 : 0) : one.default)), inputs: [0] };
  });
  const blocks = await engine.indicators([columnsOf([calm, calm.with(120, 1e16)])], requests, { precision });
  for (const [r, request] of requests.entries()) {
    for (const [o, block] of (blocks[r] ?? []).entries()) {
      for (const [from, to] of [[0, 120], [160, 300]] as const) {
        assertClose(block.subarray(300 + from, 300 + to), block.subarray(from, to), { tolerance: () => 100 * tolerances[precision], place: (at) => `${inWords(request)}, output ${o}, row ${from + at}, outside the spike at row 120` });
      }
    }
  }
}

const someRequests = (): IndicatorRequest[] => allRequests().filter(({ name }) => ['sma', 'ema', 'rsi', 'macd', 'bollinger', 'atr', 'adx', 'stochastic', 'cci', 'obv'].includes(name));
const someBlocks = (series: number, length: number): Columns[] => blocksOf(Array.from({ length: series }, (_, s) => walk(s, length)));

/** The portable engine does not compute indicators (see the engines of their analysis). */
const lacks = ({ name }: Engine): string | null => (name === 'portable' ? 'the portable engine does not compute indicators' : null);

const cases = (name: string, run: (engine: Engine, precision: Precision) => Promise<void>): EngineCase[] => inBothPrecisions(`indicators: ${name}`, run, lacks);

export const indicatorCases: EngineCase[] = [
  ...cases('each of the catalogue is that of the plain loop, over 11 series of 210 rows', (engine, precision) => checkAgainstOracle(engine, blocksOf(Array.from({ length: 11 }, (_, series) => walk(series, 210)), 3), allRequests(), precision)),
  ...cases('each of the catalogue passes over rows where an input of its own is missing', (engine, precision) =>
    checkAgainstOracle(engine, blocksOf(Array.from({ length: 9 }, (_, series) => walk(series, 170, { missing: series % 2 === 0 ? 0.05 : 0 }))), allRequests(), precision),
  ),
  ...cases('series that begin on different rows, or never, are right side by side', checkLateBeginnings),
  ...cases('bars that are constant, missing, falling, tiny or without a range are right', checkShapes),
  ...cases('1,100 rows with windows of 300 and 1,000 are right', (engine, precision) =>
    checkAgainstOracle(engine, blocksOf([walk(1, 1100), walk(2, 1100, { missing: 0.001 })]), [300, 1000].flatMap((n) => ['sma', 'wma', 'midpoint', 'stddev', 'linear-regression', 'aroon', 'momentum'].flatMap((name) => {
      const indicator = indicatorCatalogue.find((one) => one.name === name);
      return indicator === undefined ? [] : [requestOf(indicator, indicator.parameters.map((one) => (one.integer ? n : one.default)))];
    })), precision),
  ),
  ...[0, 1, 2, 3].flatMap((length) => cases(`${length} rows give blocks of ${length} rows`, (engine, precision) => checkAgainstOracle(engine, blocksOf([walk(1, length), walk(2, length)]), allRequests(), precision))),
  ...cases('no series gives empty blocks', (engine, precision) => checkAgainstOracle(engine, blocksOf([]), someRequests(), precision)),
  ...cases('no request gives no block', async (engine, precision) => {
    const blocks: Reals[][] = await engine.indicators(someBlocks(2, 9), [], { precision });
    if (blocks.length > 0) throw new Error(`got blocks of ${blocks.length} requests, expected none`);
  }),
  ...cases('a block has the same bits alone, in a batch, and beside other series', checkSameBits),
  ...cases('a value outside the window leaves no trace in it', checkNothingOutside),
  { name: 'indicators: spread and slope near 1e9 keep their digits (f64)', skip: lacks, run: checkFarFromZero },
  ...cases('an aborted signal rejects with code cancelled', (engine, precision) => assertRejects(() => engine.indicators(someBlocks(2, 50), someRequests(), { precision, signal: AbortSignal.abort() }), 'cancelled')),
  ...cases('work that is aborted in its midst rejects within a second', (engine, precision) => {
    const blocks = someBlocks(20, 2000);
    return checkAbortInMidst((options) => engine.indicators(blocks, someRequests(), options), precision);
  }),
  ...cases('progress climbs within [0, 1]', (engine, precision) => {
    const blocks = someBlocks(10, 3000);
    return checkProgress((options) => engine.indicators(blocks, someRequests(), options), precision);
  }),
  ...cases('a name, a number or a count that the catalogue does not have is an error', async (engine, precision) => {
    const blocks = someBlocks(1, 30);
    for (const request of [{ name: 'sma ', parameters: [5], inputs: [0] }, { name: 'sma', parameters: [0], inputs: [0] }, { name: 'sma', parameters: [2.5], inputs: [0] }, { name: 'sma', parameters: [], inputs: [0] }, { name: 'sma', parameters: [5], inputs: [6] }, { name: 'sma', parameters: [5], inputs: [] }])
      await assertRejects(() => engine.indicators(blocks, [request], { precision }));
  }),
  ...cases('blocks of different shapes are an error', (engine, precision) => assertRejects(() => engine.indicators([...someBlocks(2, 30).slice(0, 5), columnsOf([new Float64Array(31), new Float64Array(31)])], [{ name: 'obv', parameters: [], inputs: [0, 5] }], { precision }))),
];
