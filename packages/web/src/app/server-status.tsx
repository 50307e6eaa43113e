import { Tooltip } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { corrente } from './client.ts';
import classes from './layout.module.css';

/** Whether the server answers and what it is missing; asked again every ten seconds, sooner while it does not answer. */
export function ServerStatus() {
  const { data, isError, isPending } = useQuery({
    queryKey: ['readiness'],
    queryFn: ({ signal }) => corrente().readiness({ signal }),
    refetchInterval: (query) => (query.state.status === 'error' ? 2_000 : 10_000),
    retry: false,
  });
  const failing = data?.dependencies.filter((dependency) => !dependency.ok) ?? [];
  const { colour, label } = isPending
    ? { colour: 'var(--mantine-color-gray-5)', label: 'Connecting' }
    : isError || data === undefined
      ? { colour: 'var(--mantine-color-red-6)', label: 'No answer' }
      : failing.length > 0
        ? { colour: 'var(--mantine-color-yellow-6)', label: `Missing: ${failing.map((dependency) => dependency.name).join(', ')}` }
        : { colour: 'var(--mantine-color-teal-6)', label: 'Ready' };
  const detail = failing.map((dependency) => `${dependency.name}: ${dependency.detail ?? 'does not answer'}`).join('\n') || (isError ? 'The server does not answer; trying again.' : 'The server and all it needs answer.');
  return (
    <Tooltip label={detail} multiline maw={320} style={{ whiteSpace: 'pre-line' }}>
      <span className={classes['status']} role="status" aria-label="Server" style={{ '--dot': colour } as React.CSSProperties}>
        <span className={classes['dot']} />
        {label}
      </span>
    </Tooltip>
  );
}
