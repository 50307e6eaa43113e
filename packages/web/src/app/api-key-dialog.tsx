import { Button, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { useEffect, useState, type FormEvent } from 'react';
import { setApiKey } from './client.ts';

/** Opens as soon as any call is refused for want of an API key; with a new key everything is asked again. */
export function ApiKeyDialog() {
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [key, setKey] = useState('');

  useEffect(() => {
    const notice = (error: unknown) => {
      if (error instanceof CorrenteError && error.code === 'unauthorized') setOpened(true);
    };
    const stopQueries = queries.getQueryCache().subscribe((event) => notice(event.query.state.error));
    const stopMutations = queries.getMutationCache().subscribe((event) => notice(event.mutation?.state.error));
    return () => {
      stopQueries();
      stopMutations();
    };
  }, [queries]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (key.trim() === '') return;
    setApiKey(key.trim());
    setOpened(false);
    void queries.resetQueries();
  };

  return (
    <Modal opened={opened} onClose={() => setOpened(false)} title="This server asks for an API key" centered>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text size="sm" c="dimmed">
            Whoever started the server has set one. It is kept in this browser only.
          </Text>
          <PasswordInput label="API key" value={key} onChange={(event) => setKey(event.currentTarget.value)} data-autofocus autoComplete="off" />
          <Button type="submit" disabled={key.trim() === ''}>
            Use this key
          </Button>
        </Stack>
      </form>
    </Modal>
  );
}
