/** What a and b are: the jobs whose results are compared, each with its data set. */
import { Text } from '@mantine/core';
import type { Job } from '@corrente/shared/contract/job';
import { useQueries } from '@tanstack/react-query';
import { Link } from 'react-router';
import { networkInks } from '../../../charts/network/inks.ts';
import type { Scheme } from '../../../charts/heatmap/diverging-scale.ts';
import { jobLabel } from '../../analyses/results-input/taken-results.ts';
import { useDatasetNames } from '../../analyses/results-input/use-result-choices.ts';
import { jobQuery } from '../../jobs/queries.ts';
import { Line } from '../network-view/network-legend.tsx';
import { plural } from '../../../lib/format.ts';
import classes from './differences-view.module.css';

export interface Compared {
  readonly a: readonly ComparedJob[];
  readonly b: readonly ComparedJob[];
  /** Of the information in these results; empty where they do not tell. */
  readonly unit: string;
}

interface ComparedJob {
  readonly id: string;
  readonly label: string;
}

/** The results that a job compares, in the order of its spec; one that has been deleted goes by its id. */
export function useCompared({ spec }: Job): Compared {
  const { a = [], b = [] } = spec.input.results ?? {};
  const asked = useQueries({ queries: [...new Set([...a, ...b])].map((id) => ({ ...jobQuery(id), retry: false })) });
  const jobs = new Map(asked.flatMap(({ data }) => (data === undefined ? [] : [[data.id, data] as const])));
  const names = useDatasetNames([...jobs.values()]);
  const told = (id: string): ComparedJob => {
    const job = jobs.get(id);
    return { id, label: job === undefined ? id : jobLabel(job, names.get(job.spec.input.dataset)) };
  };
  const units = [...jobs.values()].map(({ tables }) => tables.find(({ name }) => name === 'links')?.columns.find(({ name }) => name === 'te')?.unit);
  return { a: a.map(told), b: b.map(told), unit: units.find((unit) => unit !== undefined) ?? '' };
}

/** More results than this on one side are counted, not listed. */
const mostListed = 4;

export function ComparedResults({ compared, scheme }: { compared: Compared; scheme: Scheme }) {
  return (
    <ul className={classes['sides']} aria-label="What a and b are">
      {(['a', 'b'] as const).map((side) => (
        <li key={side}>
          <span className={classes['stronger']}><Line colour={networkInks[scheme].side[side]} width={4} /> stronger in {side}</span>
          <span>
            {compared[side].length === 0 && 'none'}
            {compared[side].slice(0, mostListed).map(({ id, label }) => (
              <Text key={id} component="span" size="xs" display="block"><Link to={`/jobs/${id}`}>{label}</Link></Text>
            ))}
            {compared[side].length > mostListed && `and ${plural(compared[side].length - mostListed, 'other result')}`}
          </span>
        </li>
      ))}
    </ul>
  );
}
