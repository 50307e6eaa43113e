/**
 * Surrogates: the realisations of a variable in another order, which keeps its values and parts them from everything
 * else. In time a trial's realisations are permuted, in every trial alike:
 *
 * random: any order. circular: shifted later by 1 … maxShift, the last ones round to the beginning. block: cut into
 * blocks of blockSize, which are exchanged at random, within stretches of permRange blocks. local: any order within
 * stretches of permRange realisations.
 *
 * Where there are many trials, whole trials are permuted instead, and time within each stays as it is.
 */
import { CorrenteError } from '@corrente/shared/contract/errors';
import { permutation, randomWords, type RandomStream } from '@corrente/shared/portable/random';
import type { NullDistribution } from './estimator.ts';

export interface SurrogateSettings {
  readonly method: 'random' | 'circular' | 'block' | 'local';
  /** circular: null is half of the realisations of a trial. */
  readonly maxShift: number | null;
  /** block: null is a tenth of them. */
  readonly blockSize: number | null;
  /** block: in blocks, null is all of them. local: in realisations, null is a tenth of them. */
  readonly permRange: number | null;
  /** Whether whole trials are permuted where there are enough of them. */
  readonly acrossTrials: boolean;
}

/** How realisations lie: trial after trial. */
export interface TrialLayout {
  readonly trials: number;
  readonly perTrial: number;
}

/** Whether there are more orders of whole trials than draws are wanted. */
export function permutesTrials({ acrossTrials }: Pick<SurrogateSettings, 'acrossTrials'>, { trials }: Pick<TrialLayout, 'trials'>, draws: number): boolean {
  if (!acrossTrials) return false;
  let orders = 1;
  for (let i = 2; i <= trials && orders <= draws; i += 1) orders *= i;
  return orders > draws;
}

/**
 * The null distribution of `draws` surrogates. Those that are permuted freely stay a stream, which engines permute by
 * themselves; the others are orderings, 4 bytes for each draw and realisation.
 */
export function surrogateDistribution(settings: SurrogateSettings, layout: TrialLayout, draws: number, stream: RandomStream): NullDistribution {
  const wholeTrials = permutesTrials(settings, layout, draws);
  if (settings.method === 'random' && layout.trials === 1 && !wholeTrials) return { kind: 'permuted', stream };
  const { trials, perTrial } = layout;
  const orderings = new Int32Array(draws * trials * perTrial);
  for (let draw = 0; draw < draws; draw += 1) {
    const of = wholeTrials ? permutation(stream, draw, trials) : null;
    const within = of === null ? timeOrdering(settings, perTrial, stream, draw) : null;
    for (let trial = 0; trial < trials; trial += 1) {
      const at = (draw * trials + trial) * perTrial;
      const from = (of?.[trial] ?? trial) * perTrial;
      for (let i = 0; i < perTrial; i += 1) orderings[at + i] = from + (within?.[i] ?? i);
    }
  }
  return { kind: 'ordered', orderings };
}

/** The order of one trial's realisations in one draw: x'[i] = x[ordering[i]]. */
export function timeOrdering(settings: SurrogateSettings, length: number, stream: RandomStream, draw: number): Int32Array<ArrayBuffer> {
  if (settings.method === 'random') return permutation(stream, draw, length);
  const sizes = surrogateSizes(settings, length);
  switch (settings.method) {
    case 'circular': {
      const shift = 1 + Math.floor((randomWords(stream, draw).next().value * sizes.maxShift) / 2 ** 32);
      return Int32Array.from({ length }, (_, i) => (i + length - shift) % length);
    }
    case 'local':
      return withinStretches(permutation(stream, draw, length), sizes.permRange);
    case 'block':
      return expandBlocks(withinStretches(permutation(stream, draw, Math.ceil(length / sizes.blockSize)), sizes.permRange), sizes.blockSize, length);
  }
}

/** The sizes in force for trials of this many realisations; `invalid-params` where one does not fit into them. */
export function surrogateSizes({ method, maxShift, blockSize, permRange }: SurrogateSettings, length: number): { maxShift: number; blockSize: number; permRange: number } {
  const sizes = {
    maxShift: maxShift ?? Math.max(1, Math.floor(length / 2)),
    blockSize: blockSize ?? Math.max(1, Math.floor(length / 10)),
    permRange: 0,
  };
  const blocks = Math.ceil(length / sizes.blockSize);
  sizes.permRange = permRange ?? (method === 'block' ? blocks : Math.max(2, Math.floor(length / 10)));
  if (method === 'circular') atMost('maxShift', sizes.maxShift, length - 1, `a circle of ${length} realisations`);
  if (method === 'block') atMost('blockSize', sizes.blockSize, Math.floor(length / 2), `at least two blocks of ${length} realisations`);
  if (method === 'block') atMost('permRange', sizes.permRange, blocks, `${blocks} blocks`);
  if (method === 'local') atMost('permRange', sizes.permRange, length, `${length} realisations`);
  return sizes;
}

/** How many orders `timeOrdering` draws from, for trials of this many realisations; those beyond a million are not told. */
export function timeOrders(settings: SurrogateSettings, length: number): number {
  const { maxShift, blockSize, permRange } = surrogateSizes(settings, length);
  if (settings.method === 'circular') return maxShift;
  const items = settings.method === 'block' ? Math.ceil(length / blockSize) : length;
  const stretch = settings.method === 'random' ? items : permRange;
  let orders = 1;
  for (let i = 0; i < items && orders < 1e6; i += 1) orders *= (i % stretch) + 1;
  return Math.min(orders, 1e6);
}

function atMost(name: string, value: number, most: number, reason: string): void {
  if (value <= most) return;
  throw new CorrenteError('invalid-params', `surrogates.${name} is ${value}; ${reason} allow at most ${most}.`, { places: [{ pointer: `/params/surrogates/${name}`, detail: `must be at most ${most}` }] });
}

/**
 * The permutation of each stretch of `size` places that a permutation of all of them holds: the members of a stretch
 * in the order in which they come there. Of a uniform permutation that order is uniform, too.
 */
function withinStretches(order: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const next = Int32Array.from({ length: Math.ceil(order.length / size) }, (_, stretch) => stretch * size);
  const within = new Int32Array(order.length);
  for (const place of order) {
    const stretch = Math.floor(place / size);
    const at = next[stretch] ?? 0;
    within[at] = place;
    next[stretch] = at + 1;
  }
  return within;
}

/** The order of the realisations where whole blocks are in this order; the last block may be shorter. */
function expandBlocks(blocks: Int32Array, size: number, length: number): Int32Array<ArrayBuffer> {
  const order = new Int32Array(length);
  let at = 0;
  for (const block of blocks) for (let i = block * size; i < Math.min(length, (block + 1) * size); i += 1) order[at++] = i;
  return order;
}
