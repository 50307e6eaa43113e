/** Ensembles of decision trees over a table of features: what every engine that grows trees does. */
import type { RandomStream } from '@corrente/shared/portable/random';

/**
 * Trees as flat lists. The nodes of tree t are [first[t], first[t + 1]), its root the first of them. An inner node sends
 * a row left where its feature is at most the threshold, or is missing and `missingLeft` is 1. Children stand after
 * their parent, and are given by their places in the lists.
 */
export interface TreeEnsemble {
  /** Values of a row: 1, or one for each class. */
  readonly outputs: number;
  /** mean: a row's value is the mean over trees of its leaves' values (forests); sum: `baseline` and their sum (boosting). */
  readonly combine: 'mean' | 'sum';
  /** [outputs] */
  readonly baseline: Float64Array<ArrayBuffer>;
  /** [trees + 1] */
  readonly first: Int32Array<ArrayBuffer>;
  /** [nodes]; -1 in a leaf. */
  readonly feature: Int32Array<ArrayBuffer>;
  readonly threshold: Float64Array<ArrayBuffer>;
  readonly missingLeft: Uint8Array<ArrayBuffer>;
  readonly left: Int32Array<ArrayBuffer>;
  readonly right: Int32Array<ArrayBuffer>;
  /** [nodes × width]: width is `outputs` in forests and 1 in boosting, whose tree t adds to output t mod outputs. */
  readonly value: Float64Array<ArrayBuffer>;
  /** What the split gained, [nodes]; 0 in a leaf. */
  readonly gain: Float64Array<ArrayBuffer>;
  /** Training rows that came by, [nodes]. */
  readonly rows: Int32Array<ArrayBuffer>;
}

interface GrowRequest {
  /** [rows of the table]; of a classification the class, 0 … classes - 1. Rows outside `train` and `validation` are not read. */
  readonly target: Float64Array;
  /** 0: regression. */
  readonly classes: number;
  readonly train: Int32Array;
  /** Quantile bins of each feature, at most 255; a missing value has a bin of its own. */
  readonly bins: number;
  /** 0: no limit. */
  readonly maxDepth: number;
  /** Least training rows of a leaf. */
  readonly minLeaf: number;
  readonly stream: RandomStream;
}

/**
 * Histogram gradient boosting (Friedman 2001; Ke et al. 2017): squared error; log loss of two classes, with one output,
 * the log-odds of class 1; softmax loss of more, with an output for each class. Leaves grow best first.
 */
export interface BoostingRequest extends GrowRequest {
  readonly rounds: number;
  readonly learningRate: number;
  readonly maxLeaves: number;
  /** Added to the second derivatives of a leaf. */
  readonly l2: number;
  /** Share of the features that each tree may split by, in (0, 1]. */
  readonly featureShare: number;
  /** Rows that the loss is also taken over, for early stopping; may be empty. */
  readonly validation: Int32Array;
  /** Stops after so many rounds without a lower validation loss, and keeps the trees up to the lowest; 0: never. */
  readonly patience: number;
}

export interface BoostedTrees {
  readonly ensemble: TreeEnsemble;
  /** Mean loss after each round that was grown, [rounds]; `validationLoss` is empty without validation rows. */
  readonly trainLoss: Float64Array<ArrayBuffer>;
  readonly validationLoss: Float64Array<ArrayBuffer>;
}

/** Random forest (Breiman 2001); a leaf's value is the mean target of its rows, or their share of each class. */
export interface ForestRequest extends GrowRequest {
  readonly trees: number;
  /** Features that each split may choose from, a new draw for each. */
  readonly featuresPerSplit: number;
  /** Rows drawn with replacement for each tree, as many as there are; otherwise each tree has all. */
  readonly bootstrap: boolean;
}

/**
 * Isolation forest (Liu, Ting and Zhou 2008): each tree over `sampleSize` rows drawn without replacement, splits at
 * random. A leaf's value is its depth, with the mean depth of a tree over the rows that it still holds added.
 */
export interface IsolationRequest {
  readonly train: Int32Array;
  readonly trees: number;
  readonly sampleSize: number;
  readonly stream: RandomStream;
}
