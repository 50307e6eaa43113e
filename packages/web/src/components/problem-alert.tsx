import { Alert, Code, List, Text } from '@mantine/core';
import { CorrenteError, errorTable, type Problem } from '@corrente/shared/contract/errors';
import type { ReactNode } from 'react';
import { WarningIcon } from '../app/icons.tsx';
import classes from './problem-alert.module.css';

export interface ProblemAlertProps {
  /** Anything thrown. */
  readonly error: unknown;
  /** Further ways out, below the words. */
  readonly children?: ReactNode;
}

/** An error as a person needs it: what happened, where, and what to do. */
export function ProblemAlert({ error, children }: ProblemAlertProps) {
  return <Problems problem={CorrenteError.from(error).toProblem()}>{children}</Problems>;
}

/** The same for a problem that came inside an answer, such as a failed job's. */
export function Problems({ problem, children }: { problem: Problem; children?: ReactNode }) {
  const places = problem.errors ?? [];
  return (
    <Alert color="red" variant="light" className={classes['alert']} icon={<WarningIcon />} title={problem.title} role="alert">
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>{problem.detail}</Text>
      {places.length > 0 && (
        <List size="sm" mt={6} spacing={2}>
          {places.slice(0, 20).map((place) => (
            <List.Item key={`${place.pointer} ${place.detail}`}>
              <Code>{place.pointer || '/'}</Code> {place.detail}
            </List.Item>
          ))}
          {places.length > 20 && <List.Item>and {places.length - 20} more</List.Item>}
        </List>
      )}
      <Text size="sm" mt={6} fw={500}>
        {errorTable[problem.code].advice}
      </Text>
      <Text size="xs" c="dimmed" mt={4} className="mono">
        {problem.code}
        {problem.requestId !== undefined && ` · request ${problem.requestId}`}
      </Text>
      {children}
    </Alert>
  );
}
