/** Windows as they are typed: rows or lengths of time. */
import { windowMicroseconds } from '@corrente/shared/contract/analyses/moving-average';

/**
 * What was typed, as the contract takes it: whole numbers as rows, lengths of time without spaces and in small letters
 * (`5 D` is `5d`). What is neither stays as it is, for the message that tells what is expected.
 */
export function windowEntries(typed: readonly string[]): (number | string)[] {
  // A space before a figure begins another window.
  const texts = typed.flatMap((text) => text.trim().split(/\s+(?=\d)/)).filter((text) => text !== '');
  return texts.map(entryOf).filter((entry, i, all) => all.indexOf(entry) === i);
}

function entryOf(text: string): number | string {
  if (/^\d+$/.test(text)) return Number(text);
  const length = text.replaceAll(/\s/g, '').toLowerCase();
  return windowMicroseconds(length) === null ? text : length;
}

/** Those that are no windows, as they were typed. */
export function wrongWindows(windows: readonly unknown[]): string[] {
  return windows.filter((one) => (typeof one === 'string' ? windowMicroseconds(one) === null : !(Number.isInteger(one) && Number(one) >= 1 && Number(one) <= 1e9))).map(String);
}
