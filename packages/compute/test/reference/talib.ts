/** What TA-Lib gives: `talib.json`, made by `make-talib.py`. */
import { readFileSync } from 'node:fs';
import type { IndicatorInput } from '@corrente/shared/contract/indicators/indicator';
import { z } from 'zod';

const numbers = z.array(z.number());
const bars = z.object({ open: numbers, high: numbers, low: numbers, close: numbers, volume: numbers });

const reference = z.object({
  version: z.string(),
  series: z.record(z.string(), bars),
  values: z.array(
    z.object({
      function: z.string(),
      /** Ours, and our numbers. */
      name: z.string(),
      parameters: numbers,
      series: z.string(),
      /** The first row with a value. */
      begin: z.int(),
      rows: z.array(z.int()),
      outputs: z.array(numbers),
    }),
  ),
});
type Reference = z.infer<typeof reference>;

export const talib: Reference = reference.parse(JSON.parse(readFileSync(new URL('talib.json', import.meta.url), 'utf8')));

/** The input of an indicator; what it takes as `value` TA-Lib was given the close for. */
export function talibInput(series: string, input: IndicatorInput): Float64Array {
  const found = talib.series[series];
  if (found === undefined) throw new Error(`there are no bars of ${series}`);
  return Float64Array.from(found[input === 'value' ? 'close' : input]);
}
