/** An engine that does some operations in its own way, and leaves all others to another engine: for tests and measurements. */
import type { Engine } from './contract.ts';

export function engineWith(engine: Engine, own: Partial<Engine>): Engine {
  return {
    name: engine.name,
    info: () => engine.info(),
    openCorrelation: (...given) => engine.openCorrelation(...given),
    openLeadLag: (...given) => engine.openLeadLag(...given),
    openRollingCorrelation: (...given) => engine.openRollingCorrelation(...given),
    rolling: (...given) => engine.rolling(...given),
    indicators: (...given) => engine.indicators(...given),
    symmetricEigen: (...given) => engine.symmetricEigen(...given),
    invertSymmetric: (...given) => engine.invertSymmetric(...given),
    openInformation: (...given) => engine.openInformation(...given),
    openTrainer: (...given) => engine.openTrainer(...given),
    growBoosted: (...given) => engine.growBoosted(...given),
    growForest: (...given) => engine.growForest(...given),
    growIsolation: (...given) => engine.growIsolation(...given),
    predictTrees: (...given) => engine.predictTrees(...given),
    kMeans: (...given) => engine.kMeans(...given),
    matrixProfile: (...given) => engine.matrixProfile(...given),
    ...own,
  };
}
