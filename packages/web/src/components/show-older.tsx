import { Button, Center } from '@mantine/core';

export interface ShowOlderProps {
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

/** The end of a list that is read a page at a time, newest first; nothing where all of it is shown. */
export function ShowOlder({ hasNextPage, isFetchingNextPage, fetchNextPage }: ShowOlderProps) {
  if (!hasNextPage) return null;
  return (
    <Center>
      <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        Show older ones
      </Button>
    </Center>
  );
}
