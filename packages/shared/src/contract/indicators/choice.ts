/** An indicator as a person names it: `rsi`, `rsi(7)`, `macd(12, 26, 9)`. */
import { suggestion } from '../closest.ts';
import { indicatorsByName } from './catalogue.ts';
import type { Indicator, IndicatorParameter } from './indicator.ts';

export interface IndicatorChoice {
  readonly indicator: Indicator;
  /** All its numbers, defaults filled in. */
  readonly parameters: readonly number[];
  /** The columns of its outputs: `rsi`, `macd_signal`; with numbers, `rsi_7`, `macd_12_26_9_signal`. */
  readonly columns: readonly string[];
}

const written = /^\s*([^\s()]+)\s*(?:\(([^()]*)\))?\s*$/;
const decimal = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** What is named, or what is wrong with it. Numbers that are left out at the end have their defaults. */
export function indicatorChoice(text: string): IndicatorChoice | string {
  const [, name, numbers] = written.exec(text) ?? [];
  if (name === undefined) return 'expected the name of an indicator, or its name and numbers, such as macd(12,26,9)';
  const indicator = indicatorsByName.get(name);
  if (indicator === undefined) return unknown(name);
  const given = numbers === undefined ? [] : numbers.split(',').map((number) => number.trim());
  const wrong = given.length > indicator.parameters.length ? `takes ${countOf(indicator)}; ${given.length} came` : wrongNumber(indicator, given);
  if (wrong !== null) return wrong;
  const values = given.map(Number);
  const base = [name, ...values].join('_');
  return {
    indicator,
    parameters: [...values, ...indicator.parameters.slice(given.length).map((parameter) => parameter.default)],
    columns: indicator.outputs.map((output) => (output.name === '' ? base : `${base}_${output.name}`)),
  };
}

function unknown(name: string): string {
  return `there is no indicator ${JSON.stringify(name)}${suggestion(name, indicatorsByName.keys()) || `; there are ${[...indicatorsByName.keys()].join(', ')}`}`;
}

function countOf({ parameters }: Indicator): string {
  if (parameters.length === 0) return 'no numbers';
  return `${parameters.length === 1 ? 'one number' : `up to ${parameters.length} numbers`} (${parameters.map(({ name }) => name).join(', ')})`;
}

function wrongNumber({ parameters }: Indicator, given: readonly string[]): string | null {
  for (const [place, text] of given.entries()) {
    const parameter = parameters[place];
    if (parameter !== undefined && !isAllowed(parameter, text)) return `${parameter.name} is ${text === '' ? 'empty' : text}; expected ${parameter.integer ? 'a whole number' : 'a number'} from ${parameter.min} to ${parameter.max}`;
  }
  return null;
}

function isAllowed({ integer, min, max }: IndicatorParameter, text: string): boolean {
  const value = Number(text);
  return decimal.test(text) && value >= min && value <= max && (!integer || Number.isInteger(value));
}
