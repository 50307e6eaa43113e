/** Groups of points, and a series compared with itself. */
import type { RandomStream } from '@corrente/shared/portable/random';

/**
 * Lloyd's algorithm from k-means++ (Arthur and Vassilvitskii 2007) in the Euclidean distance, begun anew `starts` times;
 * the grouping of least inertia stays. A group that loses all its points takes the point that is farthest from its centre.
 */
export interface KMeansRequest {
  readonly clusters: number;
  readonly starts: number;
  readonly iterations: number;
  /** Ends where the centres move by at most this: the sum of their squared steps, relative to the mean variance of the dimensions. */
  readonly tolerance: number;
  /** Start s takes draw s. */
  readonly stream: RandomStream;
}

export interface Clusters {
  /** [clusters × dimensions] */
  readonly centres: Float64Array<ArrayBuffer>;
  /** The cluster of each point, [points]; a point between two goes to the first. */
  readonly assignments: Int32Array<ArrayBuffer>;
  /** Sum of squared distances of the points from their centres. */
  readonly inertia: number;
  readonly iterations: number;
}

/**
 * Of each window of a series its nearest other window in the z-normalised Euclidean distance (Yeh et al. 2016; the
 * recurrence of Zimmerman et al. 2019). A window with a missing value has no neighbour and is none. A constant window
 * is at distance 0 from another one and √window from any other.
 */
export interface MatrixProfileRequest {
  readonly window: number;
  /** Windows that begin up to so many rows apart are no neighbours. */
  readonly exclusion: number;
}

/** Each [series × (length - window + 1)]. */
export interface MatrixProfile {
  /** NaN where there is no neighbour. */
  readonly distance: Float64Array<ArrayBuffer>;
  /** Where the neighbour begins; -1 where there is none. Of equally near ones the first. */
  readonly neighbour: Int32Array<ArrayBuffer>;
}
