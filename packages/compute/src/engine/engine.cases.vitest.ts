/** The table of engine cases as Vitest tests. */
import { describe, it } from 'vitest';
import type { Engine } from './contract.ts';
import { engineCases } from './engine.cases.ts';

/** One test per case, each case that the engine cannot do skipped with its reason. */
export function runEngineCases(label: string, engine: Engine): void {
  describe(label, () => {
    for (const { name, skip, run } of engineCases) {
      it(name, { timeout: 60_000 }, async (context) => {
        const reason = skip?.(engine) ?? null;
        context.skip(reason !== null, reason ?? undefined);
        await run(engine);
      });
    }
  });
}
