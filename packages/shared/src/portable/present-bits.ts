/** Where values are present, a bit each: the common rows of two series are counted 32 at a time. */
import type { MaskedColumns } from './pair.ts';

export interface PresentBits {
  readonly words: Int32Array<ArrayBuffer>;
  readonly wordsPerSeries: number;
}

export function presentBits({ length, present }: MaskedColumns, series: number): PresentBits {
  const wordsPerSeries = Math.ceil(length / 32);
  const words = new Int32Array(series * wordsPerSeries);
  for (let s = 0; s < series; s++) {
    for (let t = 0; t < length; t++) {
      if (present[s * length + t] === 1) words[s * wordsPerSeries + (t >> 5)]! |= 1 << (t & 31);
    }
  }
  return { words, wordsPerSeries };
}

/** Rows where series a and b both have a value. */
export function commonRows({ words, wordsPerSeries }: PresentBits, a: number, b: number): number {
  let count = 0;
  for (let i = 0; i < wordsPerSeries; i++) count += onesIn(words[a * wordsPerSeries + i]! & words[b * wordsPerSeries + i]!);
  return count;
}

/** Number of ones in 32 bits (Warren, Hacker's Delight, section 5-1). */
function onesIn(word: number): number {
  let ones = word - ((word >>> 1) & 0x55555555);
  ones = (ones & 0x33333333) + ((ones >>> 2) & 0x33333333);
  ones = (ones + (ones >>> 4)) & 0x0f0f0f0f;
  return Math.imul(ones, 0x01010101) >>> 24;
}
