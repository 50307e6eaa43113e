import { expect, it } from 'vitest';
import { inBytes } from './bytes.ts';

it.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1024, '1 KiB'],
  [7_412_331, '7.07 MiB'],
  [1_048_575, '1 MiB'],
  [1.5 * 2 ** 30, '1.5 GiB'],
  [3 * 2 ** 40, '3 TiB'],
  [2 ** 60, '1020 PiB'],
])('%d bytes are written as %s', (bytes, words) => {
  expect(inBytes(bytes)).toBe(words);
});
