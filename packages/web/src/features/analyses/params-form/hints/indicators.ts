import { choicesOf, indicatorsParams } from '@corrente/shared/contract/analyses/indicators';
import type { IndicatorInput } from '@corrente/shared/contract/indicators/indicator';
import type { FormHints, Params } from './form-hints.ts';

/** Whether an indicator that is chosen reads the input. While a name is wrong all fields stay, rather than come and go. */
const reads = (input: IndicatorInput) => (params: Params): boolean => {
  const parsed = indicatorsParams.safeParse({ names: params['names'] });
  return !parsed.success || choicesOf(parsed.data).some(({ indicator }) => indicator.inputs.includes(input));
};

export const indicatorsHints: FormHints = {
  groups: [{ title: 'Fields of a bar', names: ['open', 'high', 'low', 'close', 'volume'] }],
  applies: { open: reads('open'), high: reads('high'), low: reads('low'), close: reads('close'), volume: reads('volume') },
  choices: {},
  help: { names: 'Choose from the list, or type a name with numbers of its own, such as rsi(7).' },
  series: { names: 'indicators' },
};
