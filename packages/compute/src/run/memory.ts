/** What a run may use, compared with what it is estimated to need. */
import { totalmem } from 'node:os';
import type { AnalysisContract, InputShape } from '@corrente/shared/contract/analysis';
import { inBytes } from '@corrente/shared/contract/bytes';
import type { Precision } from '@corrente/shared/contract/engine';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { z } from 'zod';

/** Share of the machine's memory that jobs may take; the rest is for the database, the API and the system. */
const jobsShare = 0.7;

/** Bytes that one of `concurrency` jobs may need: a share of the memory that this process may use. */
export function machineShare(concurrency: number): number {
  const constrained = process.constrainedMemory();
  const available = constrained > 0 && constrained < totalmem() ? constrained : totalmem();
  return Math.floor((available * jobsShare) / concurrency);
}

/** Throws `memory-exceeded` with both figures where the estimate is above the limit. */
export function checkMemory<P extends z.ZodType>(contract: AnalysisContract<P>, params: z.output<P>, shape: InputShape, precision: Precision, limit: number): void {
  const { memoryBytes } = contract.estimate(params, shape, precision);
  if (memoryBytes <= limit) return;
  throw new CorrenteError('memory-exceeded', `${contract.name} of ${shape.series.length} series with ${shape.rows} rows needs about ${inBytes(memoryBytes)}; ${inBytes(limit)} are allowed here.`);
}
