/** What correlation refuses for the frame it is given; what its parameters alone tell, their schema has refused. */
import { correlationMode, type CorrelationParams } from '@corrente/shared/contract/analyses/correlation';
import { CorrenteError, type ErrorCode } from '@corrente/shared/contract/errors';
import type { Frame } from '../../frame/frame.ts';

/** Throws `window-too-long`, `too-few-samples` or `trials-unsupported`, each with a pointer. */
export function checkCorrelation(params: CorrelationParams, frame: Frame): void {
  const mode = correlationMode(params);
  if (mode === 'rolling' || mode === 'lead-lag') checkTrials(frame, mode);
  if (params.window !== null && params.window > frame.length) refuse('window-too-long', '/params/window', `is ${params.window}, and there are ${frame.length} rows`);
  if (mode === 'lead-lag' && params.maxLag > frame.length - params.minPeriods) {
    refuse('too-few-samples', '/params/maxLag', `is ${params.maxLag}; of ${frame.length} rows, ${params.minPeriods} are in common up to lag ${Math.max(0, frame.length - params.minPeriods)}`);
  }
  // Series of several trials are one after the other, and a matrix over all of them is as good as over one.
  const rowsWanted = params.partial && params.shrinkage === 'none' && params.denoise === 'none' ? frame.series + 1 : 0;
  if (frame.length < rowsWanted) refuse('too-few-samples', '/params/partial', `is asked for of ${frame.series} series, and there are ${frame.length} rows; at least ${rowsWanted} are needed, or a shrinkage`);
}

function checkTrials(frame: Frame, mode: 'rolling' | 'lead-lag'): void {
  if (frame.trials <= 1) return;
  const what = mode === 'rolling' ? 'a window' : 'a lag';
  throw new CorrenteError('trials-unsupported', `The data set has ${frame.trials} trials of ${frame.length / frame.trials} rows; ${what} would run over the border of two.`, { places: [{ pointer: '/input/dataset', detail: `Has ${frame.trials} trials.` }] });
}

function refuse(code: ErrorCode, pointer: string, detail: string): never {
  throw new CorrenteError(code, `correlation: ${pointer} ${detail}.`, { places: [{ pointer, detail }] });
}
