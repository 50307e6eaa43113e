import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { CorrenteError } from '@corrente/shared/contract/errors';
import type { ReactNode } from 'react';
import { cssVariables, theme } from './theme.ts';

/** What may pass by itself is asked again a few times; what is plainly refused is not. */
function worthAsking(failures: number, error: Error): boolean {
  return failures < 3 && error instanceof CorrenteError && error.retryable;
}

const queries = new QueryClient({
  defaultOptions: { queries: { retry: worthAsking, staleTime: 5_000, refetchOnWindowFocus: true }, mutations: { retry: false } },
});

const schemes = localStorageColorSchemeManager({ key: 'corrente-color-scheme' });

export function Providers({ children }: { children: ReactNode }) {
  return (
    <QueryClientProvider client={queries}>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} colorSchemeManager={schemes} defaultColorScheme="auto">
        <Notifications position="bottom-right" limit={3} />
        {children}
      </MantineProvider>
    </QueryClientProvider>
  );
}
