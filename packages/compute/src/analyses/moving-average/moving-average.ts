/** Moving averages and rolling statistics: groups of series, each group one call of the engine. */
import { movingAverage as contract, movingAverageGroup, type MovingAverageKind, type MovingAverageParams, type movingAverageParams } from '@corrente/shared/contract/analyses/moving-average';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { RollingKind, RollingRequest } from '../../engine/contract.ts';
import type { Frame } from '../../frame/frame.ts';
import type { Analysis, PlanInput, Step } from '../analysis.ts';

/** Values of one group, over all its outputs: some megabytes, so that parts arrive early and memory stays small. */
const groupOutputs = 1_000_000;

export const movingAverage: Analysis<typeof movingAverageParams> = {
  contract,
  validate,
  plan(input) {
    const perGroup = seriesPerGroup(input.params, input.frame.length);
    const steps: Step[] = [];
    for (let from = 0; from < input.frame.series; from += perGroup) {
      steps.push(groupStep(input, from, Math.min(from + perGroup, input.frame.series)));
    }
    return Promise.resolve({ steps, close() {} });
  },
};

function validate(params: MovingAverageParams, frame: Frame): void {
  if (frame.trials > 1) throw new CorrenteError('trials-unsupported', `The data set has ${frame.trials} trials of ${frame.length / frame.trials} rows; a window would run over the border of two.`, { places: [{ pointer: '/input/dataset', detail: `Has ${frame.trials} trials.` }] });
  const tooLong = params.windows.flatMap((window, i) => (window > frame.length ? [{ pointer: `/params/windows/${i}`, detail: `is ${window}, and there are ${frame.length} rows` }] : []));
  if (tooLong.length > 0) {
    throw new CorrenteError('window-too-long', `A window was longer than the series: ${tooLong.map((p) => `${p.pointer} ${p.detail}`).join('; ')}.`, { places: tooLong });
  }
}

function seriesPerGroup(params: MovingAverageParams, rows: number): number {
  const outputs = params.kinds.length * params.windows.length;
  return Math.max(1, Math.floor(Math.min(movingAverageGroup, groupOutputs / outputs) / Math.max(1, rows)));
}

const kindOf: Record<MovingAverageKind, RollingKind> = { sma: 'mean', mean: 'mean', ema: 'ema', wma: 'wma', std: 'std', min: 'min', max: 'max' };

function groupStep({ params, frame, engine, precision }: PlanInput<MovingAverageParams>, from: number, to: number): Step {
  const names = frame.names.slice(from, to);
  const columns = params.kinds.flatMap((kind) => params.windows.map((window): RollingRequest => ({ kind: kindOf[kind], window, ddof: params.ddof })));
  return {
    title: names.length === 1 ? (names[0] ?? '') : `${names[0]} … ${names.at(-1)}`,
    work: (to - from) * Math.max(1, frame.length),
    independent: true,
    async run(context) {
      const { requests, places } = distinct(columns);
      const group = {
        values: frame.values.subarray(from * frame.stride, (to - 1) * frame.stride + frame.length),
        series: to - from,
        length: frame.length,
        stride: frame.stride,
      };
      const blocks = await engine.rolling(group, requests, { precision, signal: context.signal, onProgress: (fraction) => context.progress(fraction) });
      const values = places.map((place) => {
        const block = blocks[place];
        if (block === undefined) throw new CorrenteError('internal', `rolling: ${requests.length} blocks were asked for, ${blocks.length} came.`);
        return block;
      });
      context.emit('values', [repeatedTime(frame.time, to - from), { names, counts: names.map(() => frame.length) }, ...values]);
    },
  };
}

/** The requests without repetition (sma and mean are one), and the place of each column among them. */
function distinct(columns: readonly RollingRequest[]): { requests: RollingRequest[]; places: number[] } {
  const requests: RollingRequest[] = [];
  const places = columns.map(({ kind, window, ddof }) => {
    const known = requests.findIndex((request) => request.kind === kind && request.window === window);
    return known >= 0 ? known : requests.push({ kind, window, ddof }) - 1;
  });
  return { requests, places };
}

function repeatedTime(time: BigInt64Array, count: number): BigInt64Array<ArrayBuffer> {
  const repeated = new BigInt64Array(time.length * count);
  for (let i = 0; i < count; i++) repeated.set(time, i * time.length);
  return repeated;
}
