/** What a cell of text may be: missing, a number, a time. One place for the rules that sample and SQL share. */

/** Texts that mean a missing value in a numeric column. */
export const missingTexts: readonly string[] = ['', 'NA', 'N/A', '#N/A', 'n/a', 'na', 'NaN', 'nan', 'NAN', '-nan', '<NA>', 'NULL', 'null', 'Null', 'None', 'none', 'NaT'];
const missing = new Set(missingTexts);

export function isMissing(cell: string): boolean {
  return missing.has(cell);
}

const number = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const commaNumber = /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?$/;
const infinite = /^[+-]?inf(?:inity)?$/i;

/** The value of a numeric cell; NaN where it is not a number. */
export function numberOf(cell: string, decimal: '.' | ','): number {
  if (infinite.test(cell)) return cell.startsWith('-') ? -Infinity : Infinity;
  if (!(decimal === ',' ? commaNumber : number).test(cell)) return Number.NaN;
  return Number(decimal === ',' ? cell.replace(',', '.') : cell);
}

export type EpochUnit = 's' | 'ms' | 'us' | 'ns';

/** How a column of time is to be read. */
export type TimeReading =
  /** ISO 8601; `clock` where cells hold a time of day, and so may hold an offset from UTC. */
  | { readonly kind: 'timestamp'; readonly clock: boolean }
  | { readonly kind: 'timestamp'; readonly format: string }
  | { readonly kind: 'epoch'; readonly unit: EpochUnit }
  /** `monthly` where the fractions are twelfths: the first instant of that month is meant. */
  | { readonly kind: 'decimal-year'; readonly monthly: boolean };

const iso = /^\d{4}[-/]\d{1,2}[-/]\d{1,2}(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:[.]\d{1,9})?)?(?: ?(?:Z|[+-]\d{2}(?::?\d{2})?))?)?$/;

/** Formats besides ISO 8601, in strptime's terms, with what a cell of that format looks like. */
const otherFormats: ReadonlyArray<{ readonly pattern: RegExp; readonly formats: readonly string[] }> = [
  { pattern: /^\d{8}$/, formats: ['%Y%m%d'] },
  { pattern: /^\d{8} \d{6}$/, formats: ['%Y%m%d %H%M%S'] },
  { pattern: /^\d{8}T\d{6}Z?$/, formats: ['%Y%m%dT%H%M%S'] },
  { pattern: /^\d{4}-\d{2}$/, formats: ['%Y-%m'] },
  { pattern: /^\d{4}\.\d{2}\.\d{2}$/, formats: ['%Y.%m.%d'] },
  { pattern: /^\d{4}\.\d{2}\.\d{2} \d{2}:\d{2}$/, formats: ['%Y.%m.%d %H:%M'] },
  { pattern: /^\d{1,2}\.\d{1,2}\.\d{4}$/, formats: ['%d.%m.%Y'] },
  { pattern: /^\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}$/, formats: ['%d.%m.%Y %H:%M'] },
  { pattern: /^\d{1,2}\.\d{1,2}\.\d{4} \d{1,2}:\d{2}:\d{2}$/, formats: ['%d.%m.%Y %H:%M:%S'] },
  { pattern: /^\d{1,2}\/\d{1,2}\/\d{4}$/, formats: ['%m/%d/%Y', '%d/%m/%Y'] },
  { pattern: /^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d{2}$/, formats: ['%m/%d/%Y %H:%M', '%d/%m/%Y %H:%M'] },
  { pattern: /^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d{2}:\d{2}$/, formats: ['%m/%d/%Y %H:%M:%S', '%d/%m/%Y %H:%M:%S'] },
  { pattern: /^\d{1,2}[- ][A-Za-z]{3}[- ]\d{4}$/, formats: ['%d-%b-%Y', '%d %b %Y'] },
  { pattern: /^[A-Za-z]{3} \d{1,2}, \d{4}$/, formats: ['%b %d, %Y'] },
];

const timeName = /^(?:time|date|datetime|timestamp|ts|t|epoch|unix|day|month|year|period|index)$|time|date|epoch|timestamp/i;

/** Names of a column of numbers that is time where rows belong to trials. */
const elapsedName = /^(?:time|t|secs?|seconds?|elapsed|samples?|sample_?(?:no|nr|num|number|index)|step|frame|tick)$/i;

export interface TimeFinding {
  readonly reading: TimeReading;
  /** Where day and month could be told apart only by custom. */
  readonly ambiguous: boolean;
  /** Whether numbers are taken for seconds since something began. */
  readonly elapsed: boolean;
}

export interface TimeQuestion {
  readonly name?: string;
  /** Whether it is the first column. */
  readonly first?: boolean;
  /** Whether the mapping names it as time. */
  readonly asked?: boolean;
  readonly decimal: '.' | ',';
  /** Whether the rows belong to trials, whose time may count from their beginning. */
  readonly elapsed?: boolean;
  /** Further cells, from elsewhere in the file; they say nothing about the order. */
  readonly further?: readonly string[];
}

/**
 * How the cells of a column can be read as time; null where they cannot. Numbers are taken for time only where the
 * name, or standing first and ascending, speaks for it, unless the mapping does.
 */
export function findTime(cells: readonly string[], { name = '', first = false, asked = false, decimal, elapsed = false, further = [] }: TimeQuestion): TimeFinding | null {
  const inOrder = cells.filter((cell) => !isMissing(cell));
  const filled = [...inOrder, ...further.filter((cell) => !isMissing(cell))];
  if (filled.length === 0) return null;
  const most = (test: (cell: string) => boolean): boolean => filled.filter(test).length >= 0.9 * filled.length;
  if (most((cell) => iso.test(cell))) {
    return { reading: { kind: 'timestamp', clock: filled.some((cell) => cell.includes(':')) }, ambiguous: false, elapsed: false };
  }
  const named = timeName.test(name);
  for (const { pattern, formats } of otherFormats) {
    if (!most((cell) => pattern.test(cell))) continue;
    if (pattern.source === '^\\d{8}$' && !((named || asked) && most(isCompactDate))) continue;
    return chooseFormat(filled, formats);
  }
  const numbers = filled.map((cell) => numberOf(cell, decimal));
  const ascending = inOrder.every((_, index) => index === 0 || (numbers[index] ?? 0) >= (numbers[index - 1] ?? 0));
  const reading = findNumericTime(numbers, inOrder.length, ascending, name, named, first, asked);
  if (reading !== null) return { reading, ambiguous: false, elapsed: false };
  const counted = elapsed && (asked || elapsedName.test(name)) && numbers.every((value) => value >= 0 && value < Infinity);
  return counted ? { reading: { kind: 'epoch', unit: 's' }, ambiguous: false, elapsed: true } : null;
}

function isCompactDate(cell: string): boolean {
  const month = Number(cell.slice(4, 6));
  const day = Number(cell.slice(6, 8));
  return /^(?:1[5-9]|2[0-2])\d{6}$/.test(cell) && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

function chooseFormat(cells: readonly string[], formats: readonly string[]): TimeFinding {
  const [first = '', second] = formats;
  if (second === undefined) return { reading: { kind: 'timestamp', format: first }, ambiguous: false, elapsed: false };
  if (second === '%d %b %Y') return { reading: { kind: 'timestamp', format: cells[0]?.includes('-') ? first : second }, ambiguous: false, elapsed: false };
  const over12 = (part: number): boolean => cells.some((cell) => Number(cell.split(/[/ ]/)[part]) > 12);
  if (over12(0)) return { reading: { kind: 'timestamp', format: second }, ambiguous: false, elapsed: false };
  return { reading: { kind: 'timestamp', format: first }, ambiguous: !over12(1), elapsed: false };
}

/** Magnitudes that mean years 1973 to 2286 in each unit. */
const epochRanges: ReadonlyArray<readonly [EpochUnit, number, number]> = [
  ['s', 1e8, 1e10],
  ['ms', 1e11, 1e13],
  ['us', 1e14, 1e16],
  ['ns', 1e17, 1e19],
];

function findNumericTime(numbers: readonly number[], inOrder: number, ascending: boolean, name: string, named: boolean, first: boolean, asked: boolean): TimeReading | null {
  if (numbers.some((value) => !Number.isFinite(value)) || numbers.length === 0) return null;
  if (!named && !asked && !(first && ascending && numbers.length > 1)) return null;
  const low = Math.min(...numbers);
  const high = Math.max(...numbers);
  const unitNamed = /_(s|ms|us|ns)$/i.exec(name)?.[1]?.toLowerCase();
  for (const [unit, from, to] of epochRanges) {
    if (unitNamed === unit && low >= 0) return { kind: 'epoch', unit };
    if (unitNamed === undefined && low >= from && high < to) return { kind: 'epoch', unit };
  }
  // Years: as such names say, or numbers that rise by steps of up to a year.
  const years = low >= 1000 && high < 3000;
  const steps = numbers.slice(1, inOrder).map((value, index) => value - (numbers[index] ?? 0));
  const yearlike = steps.every((step) => step <= 1.5) && steps.some((step) => step > 0);
  return years && ascending && (asked || (named && (yearlike || numbers.length === 1)) || (first && yearlike && numbers.some((value) => !Number.isInteger(value)))) ? { kind: 'decimal-year', monthly: numbers.every(isTwelfth) } : null;
}

function isTwelfth(year: number): boolean {
  const months = year * 12;
  return Math.abs(months - Math.round(months)) < 0.02;
}

/** Names under which a column usually tells which series a row belongs to. */
export const keyName = /^(?:name|symbol|ticker|series|series_?id|key|id|unique_id|item_?id|sensor|sensor_?id|station|station_?id|venue|exchange|channel|device|device_?id|variable|asset|instrument|code|store|country|region|city|location|site|node|unit|machine|metric|group)$/i;
/** Names of a first column that merely counts the rows. */
export const rowNumberName = /^(?:|rownames?|row|row_?(?:id|number|num|index)|index|unnamed: ?\d+|#|x\.?1|id|no\.?|nr\.?)$/i;
