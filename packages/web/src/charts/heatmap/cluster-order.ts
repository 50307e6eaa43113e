/**
 * Leaf order of an average-linkage clustering on the distance 1 - r, by the nearest-neighbour chain (Murtagh 1983):
 * O(n²) time and memory. Where two clusters meet, each is turned so that the more similar ends touch.
 */
import type { SquareMatrix } from './orders.ts';

export function clusterOrder({ names, values }: SquareMatrix): Uint32Array<ArrayBuffer> {
  const size = names.length;
  const distance = Float32Array.from(values, (r) => 1 - (r || 0));
  const weight = new Uint32Array(size).fill(1);
  const leaves: (number[] | null)[] = Array.from({ length: size }, (_, i) => [i]);
  const chain: number[] = [];
  const active = Array.from({ length: size }, (_, i) => i);

  while (active.length > 1) {
    if (chain.length === 0) chain.push(active[0]!);
    const tip = chain.at(-1)!;
    const nearest = nearestTo(tip, chain.at(-2), active, distance, size);
    if (nearest !== chain.at(-2)) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const [kept, gone] = tip < nearest ? [tip, nearest] : [nearest, tip];
    leaves[kept] = join(leaves[kept]!, leaves[gone]!, values, size);
    leaves[gone] = null;
    active.splice(active.indexOf(gone), 1);
    const [a, b] = [weight[kept]!, weight[gone]!];
    for (const other of active) {
      if (other === kept) continue;
      const mean = (a * distance[kept * size + other]! + b * distance[gone * size + other]!) / (a + b);
      distance[kept * size + other] = mean;
      distance[other * size + kept] = mean;
    }
    weight[kept] = a + b;
  }
  return Uint32Array.from(leaves.find((list) => list !== null) ?? []);
}

/** The nearest active cluster; on a tie the one before in the chain, so that the chain always ends. */
function nearestTo(tip: number, previous: number | undefined, active: readonly number[], distance: Float32Array, size: number): number {
  let best = previous ?? -1;
  let least = previous === undefined ? Number.POSITIVE_INFINITY : distance[tip * size + previous]!;
  for (const candidate of active) {
    if (candidate === tip) continue;
    const d = distance[tip * size + candidate]!;
    if (d < least || best === -1) [best, least] = [candidate, d];
  }
  return best;
}

function join(left: number[], right: number[], values: Float32Array, size: number): number[] {
  const r = (i: number | undefined, j: number | undefined) => values[i! * size + j!]! || 0;
  const touching = [
    { r: r(left.at(-1), right[0]), flipLeft: false, flipRight: false },
    { r: r(left.at(-1), right.at(-1)), flipLeft: false, flipRight: true },
    { r: r(left[0], right[0]), flipLeft: true, flipRight: false },
    { r: r(left[0], right.at(-1)), flipLeft: true, flipRight: true },
  ];
  const best = touching.reduce((a, b) => (b.r > a.r ? b : a));
  return [...(best.flipLeft ? left.toReversed() : left), ...(best.flipRight ? right.toReversed() : right)];
}
