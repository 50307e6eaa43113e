/** Which earlier results an analysis of results reads: those of group a, and those that they are compared with. */
import { Input, MultiSelect, Stack } from '@mantine/core';
import type { InputResultIds } from '@corrente/shared/contract/job';
import { Link } from 'react-router';
import { Empty } from '../../../components/page.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import type { PlacedErrors } from '../error-places.ts';
import { useResultChoices } from './use-result-choices.ts';

export interface ResultsFieldsProps {
  /** Whether they are compared: otherwise one is named, whose model is applied. */
  readonly compared: boolean;
  /** The analyses whose results are taken, by name, and the title of the first. */
  readonly analyses: readonly string[];
  readonly title: string;
  readonly results: InputResultIds;
  readonly onChange: (results: InputResultIds) => void;
  readonly errors: PlacedErrors['input'];
}

const groups = [
  { side: 'a', label: 'Results a', description: 'At least one; their order counts where they have partners in b.' },
  { side: 'b', label: 'Results b', description: 'Those that they are compared with.' },
] as const;

const one = [{ side: 'a', label: 'Trained model', description: 'The job that trained it.' }] as const;

export function ResultsFields({ compared, analyses, title, results, onChange, errors }: ResultsFieldsProps) {
  const { choices, older, pending, error } = useResultChoices(analyses, [...results.a, ...results.b]);
  // What is said of both groups at once stands at the first.
  const told = (side: 'a' | 'b') => errors.get(`results.${side}`) ?? (side === 'a' ? errors.get('results') : undefined);
  if (error !== null) return <ProblemAlert error={error} />;
  if (!pending && choices.length === 0) {
    return <Empty title={`No job of ${title} has succeeded yet`}><Link to={`/new?analysis=${analyses[0] ?? ''}`}>Run one</Link> first.</Empty>;
  }
  return (
    <>
      <Stack gap="md">
        {(compared ? groups : one).map(({ side, label, description }) => (
          <MultiSelect
            key={side}
            label={label}
            description={description}
            placeholder={results[side].length === 0 ? (compared ? 'Choose jobs' : 'Choose a job') : ''}
            data={[...choices]}
            value={results[side]}
            onChange={(ids) => onChange({ ...results, [side]: ids })}
            searchable
            clearable
            hidePickedOptions
            limit={60}
            maxValues={compared ? 64 : 1}
            maxDropdownHeight={280}
            nothingFoundMessage={pending ? 'Reading the list of jobs' : 'No job fits'}
            error={told(side)?.slice(0, 4).join('. ')}
          />
        ))}
      </Stack>
      {older && <Input.Description mt="xs">The newest jobs are offered; an older one is chosen on its own page, by {compared ? 'Compare with…' : 'Predict with this…'}</Input.Description>}
    </>
  );
}
