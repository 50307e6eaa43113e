import { CorrenteError } from '@corrente/shared/contract/errors';
import { expect, it } from 'vitest';
import { gaussianColumns } from '../../../test/series/columns.ts';
import type { OpOptions } from '../../engine/contract.ts';
import { portableEngine } from '../../engine/portable.ts';
import { engineWith } from '../../engine/engine-with.ts';
import { collect } from '../../run/collect.testing.ts';
import { frameOf } from '../../run/frame.testing.ts';

it.each([{}, { maxLag: 3 }, { window: 10 }, { halfLife: 5 }])('an abort ends the opening of the session of %j', async (params) => {
  const controller = new AbortController();
  /** Opens nothing until it is aborted. */
  const opening = (_columns: unknown, _request: unknown, { signal }: OpOptions): Promise<never> => {
    if (signal === undefined) return Promise.reject(new Error('no signal came'));
    setImmediate(() => controller.abort());
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(new CorrenteError('cancelled', 'The opening was cancelled.')));
    });
  };
  const engine = engineWith(portableEngine(), { openCorrelation: opening, openLeadLag: opening, openRollingCorrelation: opening });
  await expect(collect('correlation', frameOf(gaussianColumns(3, 40)), { engine, params, signal: controller.signal })).rejects.toMatchObject({ code: 'cancelled' });
});
