/** Indicators of a native engine. */
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Precision } from '@corrente/shared/contract/engine';
import { indicatorsByName } from '@corrente/shared/contract/indicators/catalogue';
import type { Columns, IndicatorRequest, OpOptions, Reals } from '../contract.ts';
import { realsOf, withControl } from './control.ts';

export interface IndicatorsAddon {
  /** Buffers of each request, one for each output. */
  indicators(control: ArrayBuffer, blocks: readonly Columns[], precision: Precision, requests: readonly IndicatorRequest[]): Promise<ArrayBuffer[][]>;
}

export const indicatorsFunctions = ['indicators'] as const satisfies ReadonlyArray<keyof IndicatorsAddon>;

/** The addon computes what it is asked for; whether the numbers make sense is the catalogue's to say. */
function checkParameters({ name, parameters }: IndicatorRequest): void {
  const indicator = indicatorsByName.get(name);
  if (indicator === undefined) throw new CorrenteError('internal', `indicators: there is none named ${name}.`);
  if (parameters.length !== indicator.parameters.length) throw new CorrenteError('internal', `indicators: ${name} was given ${parameters.length} numbers, expected ${indicator.parameters.length}.`);
  for (const [i, parameter] of indicator.parameters.entries()) {
    const number = parameters[i] ?? Number.NaN;
    if (!(number >= parameter.min && number <= parameter.max) || (parameter.integer && !Number.isInteger(number)))
      throw new CorrenteError('internal', `indicators: ${parameter.name} of ${name} is ${number}, expected ${parameter.integer ? 'an integer' : 'a number'} from ${parameter.min} to ${parameter.max}.`);
  }
}

/** `Engine.indicators` over an addon. */
export async function indicators(addon: IndicatorsAddon, blocks: readonly Columns[], requests: readonly IndicatorRequest[], options: OpOptions): Promise<Reals[][]> {
  for (const request of requests) checkParameters(request);
  const buffers = await withControl(options, 'indicators', (control) => addon.indicators(control, blocks, options.precision, requests));
  return buffers.map((outputs) => outputs.map((buffer) => realsOf(buffer, options.precision)));
}
