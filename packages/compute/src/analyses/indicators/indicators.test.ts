import { indicators as contract, indicatorsParams } from '@corrente/shared/contract/analyses/indicators';
import { fieldsRead, parseParams } from '@corrente/shared/contract/analyses/index';
import { jobInput, type JobInput } from '@corrente/shared/contract/job';
import { describe, expect, it } from 'vitest';
import { oracleEngine } from '../../../test/oracle/indicators/engine.ts';
import { indicatorOracle } from '../../../test/oracle/indicators/indicators.ts';
import { columnsOf, seriesOf } from '../../../test/series/columns.ts';
import { gaussian } from '../../../test/series/random.ts';
import type { Columns } from '../../engine/contract.ts';
import { collect, type Collected, type CollectOptions } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';
import type { Frame } from '../../frame/frame.ts';

const walk = (stream: number, length: number, from = 100): Float64Array => {
  let at = from;
  return Float64Array.from({ length }, (_, t) => (at += gaussian(stream, t)));
};

const block = (make: (values: Float64Array) => Float64Array, of: Columns): Columns => columnsOf(Array.from({ length: of.series }, (_, s) => make(seriesOf(of, s).slice())));

/** Bars about a random walk: the close is the frame itself, and the other fields as the analysis asks for them. */
function barFrame(series: number, length: number): Frame {
  const close = columnsOf(Array.from({ length: series }, (_, s) => walk(s + 1, length)));
  const fields = new Map([
    ['open', block((values) => values.map((value, t) => value + 0.3 * gaussian(90, t)), close)],
    ['high', block((values) => values.map((value, t) => value + 1 + Math.abs(gaussian(91, t))), close)],
    ['low', block((values) => values.map((value, t) => value - 1 - Math.abs(gaussian(92, t))), close)],
    ['volume', block((values) => values.map((_, t) => 1000 * Math.exp(gaussian(93, t))), close)],
  ]);
  return frameOf(close, { fields });
}

const run = (frame: Frame, options: CollectOptions = {}): Promise<Collected> => collect('indicators', frame, { engine: oracleEngine, ...options });
const numbers = (result: Collected, name: string): number[] => result.column('values', name).map((value) => (typeof value === 'number' ? value : Number.NaN));
const row = (frame: Frame, role: string, s: number): Float64Array => seriesOf(frame.fields.get(role) ?? frame, s).slice();

describe('indicators', () => {
  it('have a column for each output, after time and series, with their numbers where numbers are given', async () => {
    const names = ['rsi', 'rsi(7)', 'macd', 'macd(5, 8,3)', 'bollinger(10)', 'bop', 'ichimoku', 'supertrend(7,2.5)'];
    const result = await run(barFrame(1, 60), { params: { names } });
    expect(result.table('values').schema.fields.map(({ name }) => name)).toEqual([
      'time', 'series', 'rsi', 'rsi_7', 'macd', 'macd_signal', 'macd_histogram', 'macd_5_8_3', 'macd_5_8_3_signal', 'macd_5_8_3_histogram',
      'bollinger_10_upper', 'bollinger_10_middle', 'bollinger_10_lower', 'bop', 'ichimoku_conversion', 'ichimoku_base', 'ichimoku_span_a', 'ichimoku_span_b',
      'supertrend_7_2.5', 'supertrend_7_2.5_direction',
    ]);
  });

  it('read the job’s own field as value and close, and each other field for its role', async () => {
    const frame = barFrame(3, 50);
    const result = await run(frame, { params: { names: ['mfi(5)', 'bop', 'sma(4)', 'obv', 'force-index(3)'] } });
    const inputs = { 'mfi(5)': ['high', 'low', 'close', 'volume'], bop: ['open', 'high', 'low', 'close'], 'sma(4)': ['value'], obv: ['value', 'volume'], 'force-index(3)': ['close', 'volume'] };
    for (const [text, roles] of Object.entries(inputs)) {
      const [name = '', number] = text.replace(')', '').split('(');
      const expected = [0, 1, 2].flatMap((s) => [...(indicatorOracle(name, number === undefined ? [] : [Number(number)], roles.map((role) => row(frame, role, s)))[0] ?? [])]);
      expect(numbers(result, number === undefined ? name : `${name}_${number}`)).toEqual(expected);
    }
    expect(result.column('values', 'series').filter((_, i) => i % 50 === 0)).toEqual(['s0', 's1', 's2']);
  });

  it('take the close from a field of its own where one is named', async () => {
    const bars = barFrame(1, 30);
    const frame = { ...bars, fields: new Map([...bars.fields, ['close', columnsOf([walk(77, 30, 500)])]]) };
    const result = await run(frame, { params: { names: ['typical-price', 'momentum(1)'], close: 'adjusted' } });
    expect(numbers(result, 'typical-price')).toEqual([...(indicatorOracle('typical-price', [], [row(frame, 'high', 0), row(frame, 'low', 0), row(frame, 'close', 0)])[0] ?? [])]);
    expect(numbers(result, 'momentum_1')).toEqual([...(indicatorOracle('momentum', [1], [seriesOf(bars, 0)])[0] ?? [])]);
  });

  it('of many series come in steps that may be run one by one, with the same bits', async () => {
    const [series, length] = [7, 60_000];
    const frame = frameOf(columnsOf(Array.from({ length: series }, (_, s) => walk(s, length))));
    const whole = await run(frame, { params: { names: ['momentum(3)'] } });
    expect(whole.steps.length).toBe(2);
    const later = await run(frame, { params: { names: ['momentum(3)'] }, stored: 1 });
    expect(later.steps).toEqual(whole.steps.slice(1));
    expect(whole.fractions).toEqual(whole.fractions.toSorted((a, b) => a - b));
    expect(whole.fractions.at(-1)).toBeCloseTo(1, 12);
    expect(numbers(whole, 'momentum_3').filter(Number.isNaN)).toHaveLength(3 * series);
  });

  it('end with cancelled when the job is cancelled', async () => {
    const controller = new AbortController();
    const work = run(frameOf(columnsOf([walk(1, 200_000), walk(2, 200_000), walk(3, 200_000)])), { params: { names: ['momentum'] }, signal: controller.signal, onStore: () => Promise.resolve(controller.abort()) });
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('refuse series shorter than the rows that their first value needs, naming each', async () => {
    const wrong = { code: 'window-too-long', message: 'An indicator needs more rows than there are: rsi(14) has its first value at row 15, and there are 14 rows.', places: [{ pointer: '/params/names/1' }] };
    await expect(run(barFrame(1, 14), { params: { names: ['sma(14)', 'rsi(14)'] } })).rejects.toMatchObject(wrong);
    expect(numbers(await run(barFrame(1, 15), { params: { names: ['rsi(14)'] } }), 'rsi_14').filter(Number.isFinite)).toHaveLength(1);
  });

  it('refuse a data set of several trials', async () => {
    await expect(run(frameOf(columnsOf([walk(1, 40)]), { trials: 2 }), { params: { names: ['sma(3)'] } })).rejects.toMatchObject({ code: 'trials-unsupported' });
  });
});

describe('the parameters of indicators', () => {
  it.each([
    [['rsii'], '/params/names/0 there is no indicator "rsii"; did you mean rsi?'],
    [['sma', 'bolinger(20)'], '/params/names/1 there is no indicator "bolinger"; did you mean bollinger?'],
    [['rsi(0)'], '/params/names/0 period is 0; expected a whole number from 2 to 100000'],
    [['rsi(2.5)'], '/params/names/0 period is 2.5; expected a whole number from 2 to 100000'],
    [['rsi(1e9)'], '/params/names/0 period is 1e9; expected a whole number from 2 to 100000'],
    [['rsi()'], '/params/names/0 period is empty; expected a whole number from 2 to 100000'],
    [['rsi(0x10)'], '/params/names/0 period is 0x10; expected a whole number from 2 to 100000'],
    [['rsi(7,8)'], '/params/names/0 takes one number (period); 2 came'],
    [['macd(1,2,3,4)'], '/params/names/0 takes up to 3 numbers (fast, slow, signal); 4 came'],
    [['obv(3)'], '/params/names/0 takes no numbers; 1 came'],
    [['sar(0.02,-1)'], '/params/names/0 maximum is -1; expected a number from 0 to 1000'],
    [['rsi(7'], '/params/names/0 expected the name of an indicator, or its name and numbers, such as macd(12,26,9)'],
    [['rsi(7)', 'sma', 'rsi( 7.0 )'], '/params/names/2 makes the column rsi_7, which rsi(7) makes already'],
    [Array.from({ length: 100 }, (_, i) => `macd(${i + 2})`), '/params/names make 300 columns; at most 256 can be made'],
  ])('refuse %j', (names, message) => {
    expect(() => parseParams(contract, { names })).toThrow(message);
  });

  it('have defaults for numbers that are left out at the end', () => {
    expect(contract.tables(indicatorsParams.parse({ names: ['bollinger(20)'] }), { series: ['a'], rows: 9, time: 'index' })[0]?.columns.map(({ name }) => name)).toEqual(['time', 'series', 'bollinger_20_upper', 'bollinger_20_middle', 'bollinger_20_lower']);
  });

  const read = (params: object, input: Partial<JobInput> = {}) => fieldsRead(contract, indicatorsParams.parse(params), jobInput.parse({ dataset: `ds_${'0'.repeat(32)}`, ...input }));

  it('ask for the fields that the indicators read, and for no other', () => {
    expect(read({ names: ['rsi', 'macd'] })).toEqual([]);
    expect(read({ names: ['obv'] })).toEqual([{ role: 'volume', field: 'volume', aggregate: 'sum', usedBy: 'obv reads' }]);
    expect(read({ names: ['bop', 'cmf', 'vwap', 'cmf(5)'], open: 'o', close: 'c' })).toEqual([
      { role: 'open', field: 'o', aggregate: 'first', usedBy: 'bop reads' },
      { role: 'high', field: 'high', aggregate: 'max', usedBy: 'bop, cmf and vwap read' },
      { role: 'low', field: 'low', aggregate: 'min', usedBy: 'bop, cmf and vwap read' },
      { role: 'close', field: 'c', aggregate: 'last', usedBy: 'bop, cmf and vwap read' },
      { role: 'volume', field: 'volume', aggregate: 'sum', usedBy: 'cmf and vwap read' },
    ]);
  });

  it('take a transform for indicators of one field only', () => {
    expect(read({ names: ['rsi', 'obv'] }, { transform: 'log-return' })).toHaveLength(1);
    expect(() => read({ names: ['rsi', 'atr', 'vwma'] }, { transform: 'log-return' })).toThrow(expect.objectContaining({ code: 'invalid-job', message: expect.stringContaining('atr, vwma put several prices'), places: [expect.objectContaining({ pointer: '/input/transform' })] }));
  });

  it('take the close of a longer bar to be its last value', () => {
    expect(read({ names: ['atr'] }, { resample: { every: '1w', aggregate: 'last' } })).toHaveLength(2);
    expect(read({ names: ['sma'] }, { resample: { every: '1w', aggregate: 'mean' } })).toHaveLength(0);
    expect(read({ names: ['atr'], close: 'close' }, { resample: { every: '1w', aggregate: 'mean' } })).toHaveLength(3);
    expect(() => read({ names: ['atr'] }, { resample: { every: '1w', aggregate: 'mean' } })).toThrow(expect.objectContaining({ code: 'invalid-job', places: [expect.objectContaining({ pointer: '/input/resample/aggregate' })] }));
  });

  it('are estimated with the memory of every field and every column', () => {
    const memory = (names: string[], series = 100): number => contract.estimate(indicatorsParams.parse({ names }), { series: Array.from({ length: series }, (_, s) => `s${s}`), rows: 1000, time: 'timestamp' }, 'f64').memoryBytes;
    expect(memory(['atr']) - memory(['sma'])).toBe(2 * 100 * 1000 * 8);
    expect(memory(['macd'])).toBeGreaterThan(memory(['rsi']) + 1e6);
    expect(memory(['mfi'], 10_000)).toBeLessThan(10_000 * 1000 * 8 * 4 + 5e7);
  });
});
