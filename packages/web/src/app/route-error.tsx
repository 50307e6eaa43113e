import { Anchor, Button, Stack, Text, Title } from '@mantine/core';
import { Link, useRouteError } from 'react-router';
import { ProblemAlert } from '../components/problem-alert.tsx';

/** What stands in place of a page that broke while it was drawn or loaded. */
export function RouteError() {
  return (
    <Stack p="lg" maw={720}>
      <ProblemAlert error={useRouteError()} />
      <Button variant="default" w="fit-content" onClick={() => location.reload()}>
        Load the page again
      </Button>
    </Stack>
  );
}

export function NotFound() {
  return (
    <Stack gap="xs">
      <Title order={1}>There is no such page</Title>
      <Text c="dimmed">
        The address may be mistyped. <Anchor component={Link} to="/">Go to the start</Anchor>, or to the <Anchor component={Link} to="/jobs">list of jobs</Anchor>.
      </Text>
    </Stack>
  );
}
