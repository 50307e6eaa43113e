import { Button, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { finalStates, type Job } from '@corrente/shared/contract/job';
import { Link, useNavigate } from 'react-router';
import { corrente } from '../../app/client.ts';
import { EditIcon, RetryIcon, StopIcon, TrashIcon } from '../../app/icons.tsx';
import { analysesQuery } from '../analyses/queries.ts';
import { compares, takersOf } from '../analyses/results-input/taken-results.ts';

export function JobActions({ job }: { job: Job }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const { data: analyses } = useQuery(analysesQuery);
  const taker = job.state === 'succeeded' ? takersOf(analyses ?? [], job.analysis)[0] : undefined;
  const told = { onError: (error: Error) => notifications.show({ color: 'red', title: 'That could not be done', message: CorrenteError.from(error).sentence }) };
  const cancel = useMutation({ mutationFn: () => corrente().cancel(job.id), onSuccess: () => queries.invalidateQueries({ queryKey: ['job', job.id] }), ...told });
  const retry = useMutation({
    mutationFn: () => corrente().retry(job.id),
    onSuccess: (next) => {
      queries.setQueryData(['job', next.id], next);
      void queries.invalidateQueries({ queryKey: ['jobs'] });
      return navigate(`/jobs/${next.id}`);
    },
    ...told,
  });
  const remove = useMutation({
    mutationFn: () => corrente().deleteJob(job.id),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['jobs'] });
      return navigate('/jobs');
    },
    ...told,
  });

  if (!finalStates.has(job.state)) {
    return (
      <Button variant="light" color="red" leftSection={<StopIcon size={14} />} loading={cancel.isPending} onClick={() => cancel.mutate()}>
        Cancel
      </Button>
    );
  }
  return (
    <>
      <Tooltip label="Remove the job and its result">
        <Button variant="default" leftSection={<TrashIcon size={14} />} loading={remove.isPending} onClick={() => remove.mutate()}>
          Delete
        </Button>
      </Tooltip>
      {taker !== undefined && (
        <Tooltip label={compares(taker) ? `${taker.title}: this result as a, with others as b` : 'Applies its model to newer rows, or to other series'}>
          <Button variant="default" component={Link} to={`/new?${new URLSearchParams({ analysis: taker.name, a: job.id }).toString()}`}>
            {compares(taker) ? 'Compare with…' : 'Predict with this…'}
          </Button>
        </Tooltip>
      )}
      <Button variant="default" component={Link} to={`/new?job=${job.id}`} leftSection={<EditIcon size={14} />}>
        Change and run
      </Button>
      <Tooltip label={job.state === 'succeeded' ? 'The same job again; answered from the stored result unless that is gone' : 'The same job again'}>
        <Button variant={job.state === 'failed' ? 'filled' : 'default'} leftSection={<RetryIcon size={14} />} loading={retry.isPending} onClick={() => retry.mutate()}>
          Retry
        </Button>
      </Tooltip>
    </>
  );
}
