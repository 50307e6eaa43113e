import { surrogateHints } from './common.ts';
import type { FormHints } from './form-hints.ts';

const permutes = (params: Readonly<Record<string, unknown>>) => Number(params['permutations'] ?? 0) > 0;

export const partialInformationHints: FormHints = {
  groups: [{ title: 'Significance', names: ['permutations', 'surrogates', 'alpha'] }],
  applies: { surrogates: permutes, alpha: permutes, ...surrogateHints.applies },
  choices: {
    method: {
      broja: { label: 'Unique information (BROJA)', meaning: 'Of two sources: shared, unique and synergistic information, none below zero.' },
      sxpid: { label: 'Shared exclusions (SxPID)', meaning: 'Of up to four sources: every atom of the lattice; an atom below zero misleads.' },
    },
    binning: { none: { label: 'None: whole numbers' }, 'equal-width': { label: 'Bins of equal width' }, 'equal-frequency': { label: 'Bins with equally many values' } },
    ...surrogateHints.choices,
  },
  help: {
    target: 'The series that is told of; the last one where none is named.',
    sources: 'What tells of it: series, each at a lag of its own or at the delay; the past of the target may be among them. All others where none is named.',
  },
  series: { target: 'one', sources: 'lagged' },
};
