/** The catalogue of analyses. */
import { analyses, describeAnalysis } from '@corrente/shared/contract/analyses/index';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { Handlers } from '../../mount.ts';

export function analysisRoutes(): Pick<Handlers, 'listAnalyses' | 'getAnalysis'> {
  const catalogue = new Map([...analyses.values()].map((contract) => [contract.name, describeAnalysis(contract)]));
  return {
    listAnalyses: () => ({ status: 200, body: { items: [...catalogue.values()] } }),
    getAnalysis: ({ params: { name } }) => {
      const body = catalogue.get(name);
      if (body === undefined) throw new CorrenteError('analysis-not-found', `The analysis was "${name}"; there are ${[...catalogue.keys()].join(', ')}.`);
      return { status: 200, body };
    },
  };
}
