/** Groups of points, and a series compared with itself. */

export type { Clusters, KMeansRequest } from '@corrente/shared/portable/k-means';
export type { MatrixProfile } from '@corrente/shared/portable/matrix-profile';

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
