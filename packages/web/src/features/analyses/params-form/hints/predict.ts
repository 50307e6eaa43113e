import type { FormHints } from './form-hints.ts';

export const predictHints: FormHints = {
  groups: [{ title: 'Fields of a bar', names: ['open', 'high', 'low', 'close', 'volume'] }],
  applies: {},
  choices: {
    rows: {
      new: { label: 'Newer rows', meaning: 'Those later than all that the model was trained on.' },
      all: { label: 'All rows', meaning: 'Also rows that it was trained on, of which it tells more than it would of new ones.' },
    },
  },
  help: {},
  series: {},
};
