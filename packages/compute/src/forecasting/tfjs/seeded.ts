/**
 * TensorFlow.js draws the seeds of its random numbers from Math.random, and few of its layers can be told another; it
 * warns on the console, whoever the program belongs to.
 */
import { type RandomStream, randomWords } from '@corrente/shared/portable/random';

/**
 * Runs `work` with a Math.random whose numbers are the words of a draw of a stream, so that initial weights and dropout
 * are the same whenever the seed is. `work` must be synchronous: nothing else may run meanwhile.
 */
export function withSeededRandom<T>(stream: RandomStream, draw: number, work: () => T): T {
  const words = randomWords(stream, draw);
  const original = Math.random;
  Math.random = () => words.next().value / 2 ** 32;
  try {
    return work();
  } finally {
    Math.random = original;
  }
}

/** Runs synchronous `work`, and returns what it warned of rather than letting it onto the terminal. */
export function withoutWarnings(work: () => void): string[] {
  const warnings: string[] = [];
  const { warn } = console;
  const keep = (...words: unknown[]): void => {
    const text = words.map(String).join(' ');
    // How long that takes is bounded by the number of units (see the rules of recurrent layers).
    if (!text.startsWith('Orthogonal initializer')) warnings.push(text);
  };
  Object.assign(console, { warn: keep });
  try {
    work();
  } finally {
    Object.assign(console, { warn });
  }
  return warnings;
}
