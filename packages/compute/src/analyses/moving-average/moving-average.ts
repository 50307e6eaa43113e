/** Moving averages and rolling statistics: groups of series, each group one call of the engine. */
import { movingAverage as contract, movingAverageGroup, outputsOf, type MovingAverageParams, type movingAverageParams } from '@corrente/shared/contract/analyses/moving-average';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { OpOptions, Reals } from '../../engine/contract.ts';
import type { Frame } from '../../frame/frame.ts';
import type { Analysis, PlanInput, Step, StepContext } from '../analysis.ts';
import { groupTitle, refuseTrials, repeatedTime, seriesOf } from '../series-group.ts';
import { engineRequests, type EngineRequests } from './outputs.ts';
import { volumeWeighted } from './volume-weighted.ts';

/** Values of one group, over all its outputs: some megabytes, so that parts arrive early and memory stays small. */
const groupOutputs = 1_000_000;

export const movingAverage: Analysis<typeof movingAverageParams> = {
  contract,
  validate,
  plan(input) {
    const { params, frame } = input;
    const perGroup = seriesPerGroup(params, frame.length);
    const requests = engineRequests(params, frame.time);
    const steps: Step[] = [];
    for (let from = 0; from < frame.series; from += perGroup) steps.push(groupStep(input, requests, from, Math.min(from + perGroup, frame.series)));
    return Promise.resolve({ steps, close() {} });
  },
};

function validate(params: MovingAverageParams, frame: Frame): void {
  refuseTrials(frame);
  const inTime = params.windows.flatMap((window, i) => (typeof window === 'string' ? [{ pointer: `/params/windows/${i}`, detail: `is ${window}, a length of time` }] : []));
  if (frame.timeKind === 'index' && inTime.length > 0) throw new CorrenteError('invalid-params', `The data set has no time, only row numbers, so windows are in rows: ${inTime.map((p) => `${p.pointer} ${p.detail}`).join('; ')}.`, { places: inTime });
  const tooLong = params.windows.flatMap((window, i) => (typeof window === 'number' && window > frame.length ? [{ pointer: `/params/windows/${i}`, detail: `is ${window}, and there are ${frame.length} rows` }] : []));
  if (tooLong.length > 0) throw new CorrenteError('window-too-long', `A window was longer than the series: ${tooLong.map((p) => `${p.pointer} ${p.detail}`).join('; ')}.`, { places: tooLong });
}

function seriesPerGroup(params: MovingAverageParams, rows: number): number {
  return Math.max(1, Math.floor(Math.min(movingAverageGroup, groupOutputs / outputsOf(params).length) / Math.max(1, rows)));
}

function groupStep(input: PlanInput<MovingAverageParams>, requests: EngineRequests, from: number, to: number): Step {
  const { frame } = input;
  const names = frame.names.slice(from, to);
  return {
    title: groupTitle(names),
    work: (to - from) * Math.max(1, frame.length),
    independent: true,
    async run(context) {
      const values = await groupValues(input, requests, from, to, context);
      context.emit('values', [repeatedTime(frame.time, to - from), { names, counts: names.map(() => frame.length) }, ...values]);
    },
  };
}

/** The columns of series [from, to), in the order of the table. */
async function groupValues({ engine, frame, precision }: PlanInput<MovingAverageParams>, requests: EngineRequests, from: number, to: number, context: StepContext): Promise<Reals[]> {
  const group = seriesOf(frame, from, to);
  const { rolling, indicators, volumeWindows } = requests;
  const total = rolling.length + indicators.length + 2 * volumeWindows.length;
  let before = 0;
  const next = (count: number): OpOptions => {
    const done = before;
    before += count;
    return { precision, signal: context.signal, onProgress: (fraction) => context.progress((done + fraction * count) / total) };
  };
  const volume = frame.fields.get('volume');
  const came = {
    rolling: rolling.length === 0 ? [] : await engine.rolling(group, rolling, next(rolling.length)),
    indicators: indicators.length === 0 ? [] : (await engine.indicators([group], indicators, next(indicators.length))).map(([values]) => values),
    volume: volume === undefined ? [] : await volumeWeighted(engine, group, seriesOf(volume, from, to), volumeWindows, next(2 * volumeWindows.length)),
  };
  return requests.sources.map(({ from: source, place }) => {
    const block = came[source][place];
    if (block === undefined) throw new CorrenteError('internal', `moving-average: ${source} gave ${came[source].length} blocks, number ${place} is missing.`);
    return block;
  });
}
