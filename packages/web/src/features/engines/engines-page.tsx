import { Skeleton, Table, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { EngineListing } from '@corrente/shared/contract/http';
import { Empty, Page, Panel } from '../../components/page.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { formatBytes, formatCount } from '../../lib/format.ts';
import { enginesQuery } from '../analyses/queries.ts';
import classes from './engines.module.css';

const kinds: Record<EngineListing['name'], string> = { cuda: 'NVIDIA GPU', cpu: 'Vector units of the processor', portable: 'No native code' };

export function EnginesPage() {
  const { data, error, isPending } = useQuery(enginesQuery);
  return (
    <Page title="Engines" lead="Best first, as the live workers announce them. A job that asks for engine auto runs on the one that should be the first to end it, by what each was measured to do.">
      <Panel flush>
        {error !== null ? (
          <div style={{ padding: '1rem' }}><ProblemAlert error={error} /></div>
        ) : isPending ? (
          <Skeleton h={160} m="md" w="auto" />
        ) : data.length === 0 ? (
          <Empty title="No worker is alive">Jobs wait until one starts: <span className="mono">npx corrente worker</span></Empty>
        ) : (
          <EngineTable engines={data} />
        )}
      </Panel>
    </Page>
  );
}

const billions = (perSecond: number): string => String(Number((perSecond / 1e9).toPrecision(2)));

/** Its rates in f64, as the choice of auto uses them. */
function measured({ calibration }: EngineListing): string {
  if (calibration === undefined) return '–';
  const { operationsPerSecond, copyBytesPerSecond, transferBytesPerSecond } = calibration;
  const moved = copyBytesPerSecond ?? transferBytesPerSecond;
  return `${billions(operationsPerSecond.f64)} GFLOP/s${moved === null ? '' : `, ${billions(moved)} GB/s`}`;
}

function EngineTable({ engines }: { engines: readonly EngineListing[] }) {
  return (
    <Table.ScrollContainer minWidth={640} type="native">
      <Table aria-label="Engines" verticalSpacing="sm" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Engine</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Device</Table.Th>
            <Table.Th ta="right">Memory</Table.Th>
            <Table.Th ta="right">Threads</Table.Th>
            <Table.Th>Precision</Table.Th>
            <Table.Th>Measured</Table.Th>
            <Table.Th ta="right">Workers</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {engines.map((engine) => (
            <Table.Tr key={`${engine.name} ${engine.device}`}>
              <Table.Td>
                <Text fw={550} size="sm">{engine.name}</Text>
                <Text size="xs" c="dimmed">{kinds[engine.name]}</Text>
              </Table.Td>
              <Table.Td maw={320}>
                <span className={classes['state']} data-available={engine.available}>{engine.available ? 'available' : 'not available'}</span>
                {engine.whyNot !== null && <Text size="xs" c="dimmed">{engine.whyNot}</Text>}
              </Table.Td>
              <Table.Td>{engine.available ? engine.device : '–'}</Table.Td>
              <Table.Td ta="right">{engine.memoryBytes === null ? '–' : formatBytes(engine.memoryBytes)}</Table.Td>
              <Table.Td ta="right">{engine.threads === null ? '–' : formatCount(engine.threads)}</Table.Td>
              <Table.Td>{engine.precisions.join(', ')}</Table.Td>
              <Table.Td>{measured(engine)}</Table.Td>
              <Table.Td ta="right">{formatCount(engine.workers)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
