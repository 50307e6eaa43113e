/** What a run may use, compared with what it is estimated to need. */
import type { AnalysisContract, InputShape } from '@corrente/shared/contract/analysis';
import type { Precision } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { z } from 'zod';

/** Bytes in words: 1.5 GiB. */
export function inBytes(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${units[power]}`;
}

/** Throws `memory-exceeded` with both figures where the estimate is above the limit. */
export function checkMemory<P extends z.ZodType>(contract: AnalysisContract<P>, params: z.output<P>, shape: InputShape, precision: Precision, limit: number): void {
  const { memoryBytes } = contract.estimate(params, shape, precision);
  if (memoryBytes <= limit) return;
  throw new CorrenteError('memory-exceeded', `${contract.name} of ${shape.series.length} series with ${shape.rows} rows needs about ${inBytes(memoryBytes)}; ${inBytes(limit)} are allowed here.`);
}
