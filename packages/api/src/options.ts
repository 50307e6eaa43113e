/** What the app needs beside the platform: settings, and the services that read data files. */
import type { Dataset, ImportMapping } from '@corrente/shared/contract/dataset';
import type { Logger } from 'pino';

/** One series, reduced for a chart. */
export interface ChartSeries {
  readonly name: string;
  /** Microseconds since 1970 UTC, or row numbers for data without time; ascending. */
  readonly time: BigInt64Array;
  /** NaN where a value is missing. */
  readonly values: Float64Array;
}

export interface SeriesRequest {
  readonly field?: string | undefined;
  readonly series?: readonly string[] | undefined;
  readonly from?: string | number | undefined;
  readonly to?: string | number | undefined;
  readonly points: number;
}

export interface DataServices {
  /** Imports a file that lies on this machine and adds it to the catalogue. */
  importFile(path: string, options: { name: string; mapping: ImportMapping; signal: AbortSignal }): Promise<Dataset>;
  readSeries(dataset: Dataset, request: SeriesRequest): Promise<{ field: string; series: readonly ChartSeries[] }>;
}

export interface RateLimit {
  readonly windowMs: number;
  /** Requests that one address may send within the window. */
  readonly requests: number;
}

export interface ApiOptions {
  /** The address that the server binds. On loopback only loopback names are answered. */
  readonly host: string;
  /** Where there are any, every call that is not open needs one of them. */
  readonly apiKeys: readonly string[];
  readonly maxUploadBytes: number;
  /** Where uploads wait for their import; exists. */
  readonly uploadFolder: string;
  readonly data: DataServices;
  readonly logger: Logger;
  readonly rateLimit: RateLimit | null;
  /** The built dashboard; need not exist. */
  readonly dashboardFolder: string;
  /** Silence after which an event stream sends a comment. */
  readonly heartbeatMs: number;
  /** Aborts when the server shuts down: streams end then. */
  readonly closing: AbortSignal;
}

/** Whether a bind address is reachable from this machine only. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
