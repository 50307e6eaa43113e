import { queryOptions } from '@tanstack/react-query';
import { corrente } from '../../app/client.ts';

export const analysesQuery = queryOptions({ queryKey: ['analyses'], queryFn: ({ signal }) => corrente().analyses({ signal }), staleTime: 60_000 });
export const enginesQuery = queryOptions({ queryKey: ['engines'], queryFn: ({ signal }) => corrente().engines({ signal }), refetchInterval: 10_000 });
