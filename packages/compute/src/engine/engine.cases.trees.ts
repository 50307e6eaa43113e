/** Trees: what every engine that grows them must get right, and what the others answer. */
import { boostingCases } from './engine.cases.trees-boosting.ts';
import { assertRejects } from './engine.cases.control.ts';
import { boosting, forest, isolation, lacksTrees, options, sampleOf, tableOf } from './engine.cases.trees-data.ts';
import { forestCases } from './engine.cases.trees-forest.ts';
import type { EngineCase } from './engine.cases.ts';

const refusal: EngineCase = {
  name: 'trees: an engine that grows none refuses with method-unsupported',
  skip: (engine) => (lacksTrees(engine) === null ? 'this engine grows trees' : null),
  run: async (engine) => {
    const sample = sampleOf(20, 2);
    await assertRejects(() => engine.growBoosted(tableOf(sample), boosting(sample), options), 'method-unsupported');
    await assertRejects(() => engine.growForest(tableOf(sample), forest(sample), options), 'method-unsupported');
    await assertRejects(() => engine.growIsolation(tableOf(sample), isolation(sample), options), 'method-unsupported');
  },
};

export const treesCases: EngineCase[] = [...boostingCases, ...forestCases, refusal];
