/** Cases that hold in both precisions. */
import type { Precision } from '@corrente/shared/contract/engine';
import type { Engine, Reals } from './contract.ts';
import type { EngineCase } from './engine.cases.ts';

/** The case once per precision, skipped where the engine does not compute in it, or `lacks` says why it cannot do this one. */
export function inBothPrecisions(
  name: string,
  run: (engine: Engine, precision: Precision) => Promise<void>,
  lacks: (engine: Engine, precision: Precision) => string | null = () => null,
): EngineCase[] {
  return (['f64', 'f32'] as const).map((precision) => ({
    name: `${name} (${precision})`,
    skip: (engine) => (engine.info().precisions.includes(precision) ? lacks(engine, precision) : `${engine.name} does not compute in ${precision}`),
    run: (engine) => run(engine, precision),
  }));
}

/** Throws unless the values come in the array type of the precision. */
export function assertReals(values: Reals, precision: Precision): void {
  const expected = precision === 'f64' ? Float64Array : Float32Array;
  if (!(values instanceof expected)) throw new Error(`got a ${values.constructor.name}, expected a ${expected.name} under ${precision}`);
}
