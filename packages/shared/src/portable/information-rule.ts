/** How I(X; Y | Z) is estimated from neighbours in the maximum norm, for every engine. */
import { CorrenteError } from '../contract/errors.ts';
import type { Block } from './block.ts';
import type { RandomStream } from './random.ts';

/**
 * Estimators of I(X; Y | Z) that count neighbours in the maximum norm; the point itself and points up to `theiler`
 * places away are no neighbours. With n_xz, n_yz, n_z the neighbours of a point in those subspaces, ⟨ ⟩ the mean over
 * points, and n_z = N - 1 everywhere where Z is empty:
 *
 * ksg1: ψ(k) + ⟨ψ(n_z + 1) - ψ(n_xz + 1) - ψ(n_yz + 1)⟩, counts strictly within the distance of the k-th neighbour in
 *   the joint space (Kraskov, Stögbauer and Grassberger 2004, equation 8; Frenzel and Pompe 2007).
 * ksg2: ψ(k) - 2/k + ⟨ψ(n_z) - ψ(n_xz) - ψ(n_yz) + 1/n_xz + 1/n_yz⟩, counts up to the largest distance in X, in Y and
 *   in Z among the k neighbours; where Z is empty ψ(k) - 1/k + ψ(N) - ⟨ψ(n_x) + ψ(n_y)⟩. Of neighbours at the same
 *   distance the one of lowest index counts.
 * kernel: ⟨ln(n_xyz n_z / (n_xz n_yz))⟩, counts up to the given width, the point itself among them; n_z = N where Z is
 *   empty.
 */
export type NeighbourRule =
  | { readonly estimator: 'ksg1' | 'ksg2'; readonly neighbours: number; readonly theiler: number }
  | { readonly estimator: 'kernel'; readonly width: number; readonly theiler: number };

/** One X [dimensions × N], and how it is permuted for its surrogates. */
export interface InformationRequest {
  readonly source: Block;
  readonly surrogates: number;
  readonly permute: { readonly stream: RandomStream } | { readonly orderings: Int32Array<ArrayBuffer> };
}

const refuse = (detail: string): never => {
  throw new CorrenteError('internal', `information: ${detail}`);
};

/** Throws `internal` unless the block lies within its values, which are all finite. */
function checkBlock(name: string, { values, series, length, stride }: Block): void {
  if (!(series >= 0 && length >= 0 && stride >= length && (series === 0 || (series - 1) * stride + length <= values.length))) {
    refuse(`${name} has ${series} dimensions of length ${length} and stride ${stride}, which do not fit into ${values.length} values.`);
  }
  for (let s = 0; s < series; s++) {
    for (let t = 0; t < length; t++) {
      const value = values[s * stride + t]!;
      if (!Number.isFinite(value)) refuse(`${name} is ${value} at place ${t} of dimension ${s}, expected finite numbers.`);
    }
  }
}

/** Throws `internal`, naming the figures, where no value is defined for this Y, Z and rule. */
export function checkInformation(target: Block, condition: Block, rule: NeighbourRule): void {
  const { length } = target;
  const { theiler } = rule;
  if (target.series < 1) refuse('Y has 0 dimensions, expected at least 1.');
  if (condition.series > 0 && condition.length !== length) refuse(`Z has ${condition.length} points, expected ${length} as Y has.`);
  if (length < 1) refuse('Y has 0 points, expected at least 1.');
  if (!Number.isInteger(theiler) || theiler < 0) refuse(`the Theiler window is ${theiler}, expected a whole number of at least 0.`);
  if (rule.estimator === 'kernel') {
    if (!(rule.width > 0 && Number.isFinite(rule.width))) refuse(`the kernel width is ${rule.width}, expected a number above 0.`);
  } else {
    const { neighbours } = rule;
    if (!Number.isInteger(neighbours) || neighbours < 1) refuse(`neighbours is ${neighbours}, expected a whole number of at least 1.`);
    const others = Math.max(0, length - 1 - 2 * theiler);
    if (neighbours > others) refuse(`neighbours is ${neighbours}, expected at most ${others}: of ${length} points, each has so many others outside a Theiler window of ${theiler}.`);
  }
  checkBlock('Y', target);
  checkBlock('Z', condition);
}

/** Throws `internal`, naming the figures, unless X fits to Y of `length` points and the orderings to both. */
export function checkSource(source: Block, length: number): void {
  if (source.series < 1) refuse('X has 0 dimensions, expected at least 1.');
  if (source.length !== length) refuse(`X has ${source.length} points, expected ${length} as Y has.`);
  checkBlock('X', source);
}

/** As `checkSource`, and the surrogates that are asked for. */
export function checkInformationRequest({ source, surrogates, permute }: InformationRequest, length: number): void {
  checkSource(source, length);
  if (!Number.isInteger(surrogates) || surrogates < 0) refuse(`surrogates is ${surrogates}, expected a whole number of at least 0.`);
  if (!('orderings' in permute)) return;
  const { orderings } = permute;
  if (orderings.length !== surrogates * length) refuse(`the orderings hold ${orderings.length} places, expected ${surrogates * length} for ${surrogates} surrogates of ${length} points.`);
  const wrong = orderings.findIndex((place) => place < 0 || place >= length);
  if (wrong >= 0) refuse(`ordering ${Math.floor(wrong / length)} names place ${orderings[wrong]}, expected places from 0 to ${length - 1}.`);
}
