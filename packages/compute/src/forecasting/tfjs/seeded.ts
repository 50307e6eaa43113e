/** TensorFlow.js draws the seeds of its random numbers from Math.random, and few of its layers can be told another. */
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
