/** Technical indicators: groups of series, each group one call of the engine. */
import { choicesOf, indicators as contract, seriesPerGroup, type IndicatorsParams, type indicatorsParams } from '@corrente/shared/contract/analyses/indicators';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { IndicatorInput } from '@corrente/shared/contract/indicators/indicator';
import type { Columns, IndicatorRequest } from '../../engine/contract.ts';
import type { Frame } from '../../frame/frame.ts';
import type { Analysis, PlanInput, Step } from '../analysis.ts';
import { groupTitle, refuseTrials, repeatedTime, seriesOf } from '../series-group.ts';

export const indicators: Analysis<typeof indicatorsParams> = {
  contract,
  validate,
  plan(input) {
    const { params, frame } = input;
    const perGroup = seriesPerGroup(params, frame.length);
    const asked = engineRequests(params, frame);
    const steps: Step[] = [];
    for (let from = 0; from < frame.series; from += perGroup) steps.push(groupStep(input, asked, from, Math.min(from + perGroup, frame.series)));
    return Promise.resolve({ steps, close() {} });
  },
};

function validate(params: IndicatorsParams, frame: Frame): void {
  refuseTrials(frame);
  const tooLong = choicesOf(params).flatMap(({ indicator, parameters }, i) => {
    const rows = indicator.warmUp(parameters) + 1;
    return rows > frame.length ? [{ pointer: `/params/names/${i}`, detail: `${params.names[i]} has its first value at row ${rows}, and there are ${frame.length} rows` }] : [];
  });
  if (tooLong.length > 0) throw new CorrenteError('window-too-long', `An indicator needs more rows than there are: ${tooLong.map(({ detail }) => detail).join('; ')}.`, { places: tooLong });
}

/** What the engine is asked for: the blocks that are read, each once, and the indicators over them. */
interface EngineRequests {
  readonly blocks: readonly Columns[];
  readonly requests: readonly IndicatorRequest[];
}

function engineRequests(params: IndicatorsParams, frame: Frame): EngineRequests {
  const blocks: Columns[] = [];
  const place = (input: IndicatorInput): number => {
    const block = blockOf(frame, input, params);
    const known = blocks.indexOf(block);
    return known >= 0 ? known : blocks.push(block) - 1;
  };
  const requests = choicesOf(params).map(({ indicator, parameters }): IndicatorRequest => ({ name: indicator.name, parameters, inputs: indicator.inputs.map(place) }));
  return { blocks, requests };
}

function blockOf(frame: Frame, input: IndicatorInput, { close }: IndicatorsParams): Columns {
  if (input === 'value' || (input === 'close' && close === null)) return frame;
  const field = frame.fields.get(input);
  if (field === undefined) throw new CorrenteError('internal', `indicators: the frame has no field for ${input}; it has ${[...frame.fields.keys()].join(', ') || 'none'}.`);
  return field;
}

function groupStep({ engine, frame, precision }: PlanInput<IndicatorsParams>, { blocks, requests }: EngineRequests, from: number, to: number): Step {
  const names = frame.names.slice(from, to);
  return {
    title: groupTitle(names),
    work: (to - from) * Math.max(1, frame.length),
    independent: true,
    async run(context) {
      const group = blocks.map((block) => seriesOf(block, from, to));
      const values = await engine.indicators(group, requests, { precision, signal: context.signal, onProgress: (fraction) => context.progress(fraction) });
      context.emit('values', [repeatedTime(frame.time, to - from), { names, counts: names.map(() => frame.length) }, ...values.flat()]);
    },
  };
}
