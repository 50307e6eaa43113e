/** The time axis of a data set: its frequency, and where something is missing on it. */
import { formatTime, microsPerDay, monthOf, monthStart } from './time.ts';

export interface Frequency {
  /** Such as 1d, 5min, 1mo, 1q, 1y; null where times follow no rule. */
  readonly every: string | null;
  readonly label: string;
  /** Share of the steps that have this length. */
  readonly regularity: number;
}

/** A way of counting steps between two times: `between(a, b)` is 1 from one point of the grid to the next. */
export interface Grid {
  readonly every: string;
  readonly label: string;
  between(a: number, b: number): number;
}

/** Below this share of equal steps a time axis counts as irregular. */
const regularFrom = 0.5;

/**
 * The frequency of ascending times, and the grid by which gaps are counted; null for fewer than three times. Months
 * are recognised by first instants of months, business days by days without weekends.
 */
export function findFrequency(axis: Float64Array): { frequency: Frequency; grid: Grid | null } | null {
  if (axis.length < 3) return null;
  const step = medianStep(axis);
  const grid = monthGrid(axis) ?? businessGrid(axis, step) ?? fixedGrid(step);
  const regularity = shareOfSingleSteps(axis, grid);
  if (regularity < regularFrom) return { frequency: { every: null, label: 'irregular', regularity }, grid: null };
  return { frequency: { every: grid.every, label: grid.label, regularity }, grid };
}

function shareOfSingleSteps(axis: Float64Array, grid: Grid): number {
  let single = 0;
  for (let index = 1; index < axis.length; index++) if (grid.between(axis[index - 1] ?? 0, axis[index] ?? 0) === 1) single++;
  return single / (axis.length - 1);
}

function medianStep(axis: Float64Array): number {
  const steps = new Float64Array(axis.length - 1);
  for (let index = 0; index < steps.length; index++) steps[index] = (axis[index + 1] ?? 0) - (axis[index] ?? 0);
  steps.sort();
  return steps[steps.length >> 1] ?? 0;
}

const monthNames: ReadonlyArray<readonly [number, string, string]> = [[1, '1mo', 'monthly'], [3, '1q', 'quarterly'], [12, '1y', 'yearly']];

/** All times are first instants of months. */
function monthGrid(axis: Float64Array): Grid | null {
  const months = new Float64Array(axis.length);
  for (let index = 0; index < axis.length; index++) {
    const time = axis[index] ?? 0;
    const month = monthOf(time);
    if (monthStart(month) !== time) return null;
    months[index] = month;
  }
  const step = medianStep(months);
  const [, every = `${step}mo`, label = `every ${step} months`] = monthNames.find(([length]) => length === step) ?? [];
  return { every, label, between: (a, b) => (monthOf(b) - monthOf(a)) / step };
}

/** Days at one time of day, none of them a Saturday or Sunday, and most weekdays there. */
function businessGrid(axis: Float64Array, step: number): Grid | null {
  if (step !== microsPerDay || axis.length < 10) return null;
  const first = axis[0] ?? 0;
  const timeOfDay = first - Math.floor(first / microsPerDay) * microsPerDay;
  for (const time of axis) {
    if ((time - timeOfDay) % microsPerDay !== 0 || weekday(time) > 4) return null;
  }
  if (axis.length < 0.8 * (businessDays(axis[axis.length - 1] ?? 0) - businessDays(first))) return null;
  return { every: '1d', label: 'business days', between: (a, b) => businessDays(b) - businessDays(a) };
}

/** Monday is 0. */
function weekday(micros: number): number {
  const day = (Math.floor(micros / microsPerDay) + 3) % 7;
  return day < 0 ? day + 7 : day;
}

/** Weekdays since a Monday long ago, of a day that is one. */
function businessDays(micros: number): number {
  const days = Math.floor(micros / microsPerDay) + 3;
  const week = Math.floor(days / 7);
  return week * 5 + Math.min(days - week * 7, 5);
}

const units: ReadonlyArray<readonly [string, number]> = [['w', 7 * microsPerDay], ['d', microsPerDay], ['h', 3_600_000_000], ['min', 60_000_000], ['s', 1_000_000], ['ms', 1000], ['us', 1]];
const fixedNames: Readonly<Record<string, string>> = { '1w': 'weekly', '1d': 'daily', '1h': 'hourly', '1min': 'every minute', '1s': 'every second' };

function fixedGrid(step: number): Grid {
  const [unit, length] = units.find(([, micros]) => step % micros === 0) ?? ['us', 1];
  const every = `${step / length}${unit}`;
  return { every, label: fixedNames[every] ?? `every ${step / length} ${unit}`, between: (a, b) => (b - a) / step };
}

export interface Gap {
  readonly after: string;
  readonly before: string;
  readonly missing: number;
}

/** Steps of two or more grid lengths; the first `most` of them as places. */
export function findGaps(axis: Float64Array, grid: Grid, dateOnly: boolean, most: number): { count: number; missing: number; places: Gap[] } {
  const places: Gap[] = [];
  let [count, total] = [0, 0];
  for (let index = 1; index < axis.length; index++) {
    const [a = 0, b = 0] = [axis[index - 1], axis[index]];
    const missing = Math.round(grid.between(a, b)) - 1;
    if (missing < 1) continue;
    count++;
    total += missing;
    if (places.length < most) places.push({ after: formatTime(a, dateOnly), before: formatTime(b, dateOnly), missing });
  }
  return { count, missing: total, places };
}

/** The index of the first time that is at least `time`. */
export function lowerBound(axis: Float64Array, time: number): number {
  let [low, high] = [0, axis.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((axis[middle] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
