/**
 * I(X; Y | Z) from neighbours in the maximum norm, plain TypeScript on one thread. Points are taken a tile at a time:
 * first their neighbours in Y and Z, then every X and every surrogate, since they share them. No array of N × N is
 * needed.
 */
import type { Block } from './block.ts';
import { NeighbourCounter } from './information-count.ts';
import { SortedPoints, type Lane } from './information-lane.ts';
import { checkInformation, checkInformationRequest, checkSource, type InformationRequest, type NeighbourRule } from './information-rule.ts';
import { permutedSpace, spaceOf, type Space } from './information-space.ts';
import { FixedSum, informationTables, type InformationTables } from './information-tables.ts';
import { Pace, type PaceOptions } from './pace.ts';
import { permutation } from './random.ts';

/** Neighbours of each point; `joint` is k for ksg1 and ksg2. */
export interface NeighbourCounts {
  readonly joint: Int32Array<ArrayBuffer>;
  readonly xz: Int32Array<ArrayBuffer>;
  readonly yz: Int32Array<ArrayBuffer>;
  readonly z: Int32Array<ArrayBuffer>;
}

/** What an estimate may hold beside Y and Z. */
export interface InformationMemory {
  /** Bytes of lists that are kept for points to which the work will come back. */
  readonly listBytes: number;
  /** Values of permuted X that are held at a time. */
  readonly sourceValues: number;
}

const usualMemory: InformationMemory = { listBytes: 2 ** 28, sourceValues: 2 ** 23 };

/** Points of a tile: their lists and one X stay in the processor's cache. */
const tilePoints = 128;

/** A lane, and where its value goes. */
interface Work {
  readonly lane: Lane;
  readonly sum: FixedSum;
  readonly out: Float64Array;
  readonly place: number;
}

/** What is to become a lane: draw 0 is X itself. */
interface Draw {
  readonly source: Space;
  readonly sorted: SortedPoints | null;
  readonly request: InformationRequest;
  readonly number: number;
  readonly out: Float64Array;
}

/** Y and Z, with what every X and every surrogate shares. */
export class PortableInformation {
  readonly #length: number;
  readonly #single: boolean;
  readonly #hasCondition: boolean;
  readonly #tables: InformationTables;
  readonly #counter: NeighbourCounter;
  readonly #memory: InformationMemory;

  constructor(target: Block, condition: Block, rule: NeighbourRule, single: boolean, memory: InformationMemory) {
    checkInformation(target, condition, rule);
    this.#length = target.length;
    this.#single = single;
    this.#hasCondition = condition.series > 0;
    this.#tables = informationTables(rule, target.length, this.#hasCondition);
    this.#counter = new NeighbourCounter(spaceOf(target, target.length, single), spaceOf(condition, target.length, single), rule, memory.listBytes);
    this.#memory = memory;
  }

  /** For each request the value of X, then those of its surrogates. */
  async estimate(requests: readonly InformationRequest[], options: PaceOptions): Promise<Array<Float64Array<ArrayBuffer>>> {
    for (const request of requests) checkInformationRequest(request, this.#length);
    const outs = requests.map(({ surrogates }) => new Float64Array(1 + surrogates));
    const total = outs.reduce((sum, out) => sum + out.length, 0);
    const pace = new Pace('information', total * this.#length, options);
    await pace.start();
    let held: Draw[] = [];
    let values = 0;
    for (const [at, request] of requests.entries()) {
      const source = spaceOf(request.source, this.#length, this.#single);
      const sorted = this.#hasCondition ? null : new SortedPoints(source);
      for (let number = 0; number <= request.surrogates; number++) {
        held.push({ source, sorted, request, number, out: outs[at]! });
        values += source.coordinates.length;
        if (values < this.#memory.sourceValues) continue;
        await this.#estimateTogether(held, pace);
        held = [];
        values = 0;
      }
    }
    await this.#estimateTogether(held, pace);
    return outs;
  }

  /** The neighbours of each point with X as it is. */
  async counts(source: Block, options: PaceOptions): Promise<NeighbourCounts> {
    checkSource(source, this.#length);
    const pace = new Pace('information', this.#length, options);
    await pace.start();
    const space = spaceOf(source, this.#length, this.#single);
    const lane: Lane = { source: space, sorted: this.#hasCondition ? null : new SortedPoints(space) };
    const counter = this.#counter;
    const counts = { joint: new Int32Array(this.#length), xz: new Int32Array(this.#length), yz: new Int32Array(this.#length), z: new Int32Array(this.#length) };
    for (let i = 0; i < this.#length; i++) {
      counter.prepare(i, [lane]);
      counter.count(i, lane);
      counter.leave(i, i + 1);
      counts.joint[i] = counter.joint;
      counts.xz[i] = counter.xz;
      counts.yz[i] = counter.yz;
      counts.z[i] = counter.z;
      pace.count(1);
      if (pace.due) await pace.turn();
    }
    return counts;
  }

  async #estimateTogether(draws: readonly Draw[], pace: Pace): Promise<void> {
    const works: Work[] = [];
    for (const draw of draws) {
      works.push({ lane: laneOf(draw), sum: new FixedSum(), out: draw.out, place: draw.number });
      if (pace.due) await pace.turn();
    }
    const lanes = works.map(({ lane }) => lane);
    for (let from = 0; from < this.#length; from += tilePoints) {
      const to = Math.min(this.#length, from + tilePoints);
      for (let i = from; i < to; i++) {
        this.#counter.prepare(i, lanes);
        if (pace.due) await pace.turn();
      }
      for (const work of works) {
        this.#addPoints(work, from, to);
        pace.count(to - from);
        if (pace.due) await pace.turn();
      }
      this.#counter.leave(from, to);
    }
    for (const { sum, out, place } of works) out[place] = this.#tables.constant + sum.toNumber() / this.#tables.scale / this.#length;
  }

  #addPoints({ lane, sum }: Work, from: number, to: number): void {
    const counter = this.#counter;
    const { joint, z, marginal } = this.#tables;
    for (let i = from; i < to; i++) {
      counter.count(i, lane);
      if (joint !== null) sum.add(joint, counter.joint);
      if (z !== null) sum.add(z, counter.z);
      sum.subtract(marginal, counter.xz);
      sum.subtract(marginal, counter.yz);
    }
  }
}

/** X itself, or X permuted. */
function laneOf({ source, sorted, request, number }: Draw): Lane {
  if (number === 0) return { source, sorted };
  const { length } = source;
  const { permute } = request;
  const order = 'stream' in permute ? permutation(permute.stream, number - 1, length) : permute.orderings.subarray((number - 1) * length, number * length);
  return { source: permutedSpace(source, order), sorted };
}

/** Opens Y and Z; `single` rounds all coordinates to floats, and so their distances. Throws `internal` naming the figures where nothing can be estimated. */
export async function openInformation(target: Block, condition: Block, rule: NeighbourRule, single: boolean, options: PaceOptions, memory = usualMemory): Promise<PortableInformation> {
  const pace = new Pace('information', 1, options);
  await pace.start();
  return new PortableInformation(target, condition, rule, single, memory);
}
