/** The temperature of a machine with four labelled failures (Numenta Anomaly Benchmark), where CORRENTE_DATA has it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Frame } from '../../frame/frame.ts';
import { frameOf } from '../../run/frame.testing.ts';

export interface Labelled {
  readonly frame: Frame;
  /** First and last row of each labelled window. */
  readonly windows: ReadonlyArray<readonly [from: number, to: number]>;
}

/** Null where the file is not there. The rows are sorted; the 12 times that occur twice have the mean of their values. */
export function machineTemperature(folder = process.env.CORRENTE_DATA): Labelled | null {
  const file = folder === undefined ? null : join(folder, 'nab_machine_temperature_system_failure.csv');
  if (folder === undefined || file === null || !existsSync(file)) return null;
  const values = new Map<number, number[]>();
  for (const line of readFileSync(file, 'utf8').trim().split(/\r?\n/).slice(1)) {
    const [time = '', value = ''] = line.split(',');
    const at = Date.parse(`${time.replace(' ', 'T')}Z`);
    values.set(at, [...(values.get(at) ?? []), Number(value)]);
  }
  const times = [...values.keys()].sort((a, b) => a - b);
  const means = Float64Array.from(times, (time) => {
    const all = values.get(time) ?? [];
    return all.reduce((sum, value) => sum + value, 0) / all.length;
  });
  const labels: Record<string, Array<[string, string]>> = JSON.parse(readFileSync(join(folder, 'nab_windows.json'), 'utf8'));
  const rowOf = (time: string): number => times.findIndex((at) => at >= Date.parse(`${time.replace(' ', 'T')}Z`));
  return {
    frame: frameOf({ values: means, series: 1, length: means.length, stride: means.length }, { names: ['temperature'], time: BigInt64Array.from(times, (time) => BigInt(time) * 1000n) }),
    windows: (labels['realKnownCause/machine_temperature_system_failure.csv'] ?? []).map(([from, to]) => [rowOf(from), rowOf(to)]),
  };
}

interface Rows {
  readonly start: number;
  readonly end: number;
}

const meets = ({ start, end }: Rows, [from, to]: readonly [number, number]): boolean => start <= to && end >= from;

/** Labelled windows that an event meets, and events that meet none. */
export function judge(events: readonly Rows[], windows: Labelled['windows']): { hit: number; false: number } {
  return { hit: windows.filter((window) => events.some((event) => meets(event, window))).length, false: events.filter((event) => !windows.some((window) => meets(event, window))).length };
}
