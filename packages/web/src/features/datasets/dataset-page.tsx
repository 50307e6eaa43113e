import { Button, Modal, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { Link, useNavigate, useParams } from 'react-router';
import { corrente } from '../../app/client.ts';
import { NewIcon, TrashIcon } from '../../app/icons.tsx';
import { Figures, Page, Panel } from '../../components/page.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { formatBound, formatBytes, formatCount, formatMoment } from '../../lib/format.ts';
import { ImportReport } from './import-report.tsx';
import { datasetQuery } from './queries.ts';
import { SeriesPreview } from './series-preview.tsx';

export function DatasetPage() {
  const { id = '' } = useParams();
  const { data, error, isPending } = useQuery(datasetQuery(id));
  if (error !== null) return <Page title="Data set"><ProblemAlert error={error} /></Page>;
  if (isPending || data === undefined) return <Page title="Data set"><Skeleton h={72} /><Skeleton h={220} /></Page>;
  return <DatasetView dataset={data} />;
}

function DatasetView({ dataset }: { dataset: Dataset }) {
  const { report } = dataset;
  const frequency = report.frequency;
  return (
    <Page
      title={dataset.name}
      lead={<>Imported {formatMoment(dataset.createdAt)} · <span className="mono">{dataset.id}</span></>}
      actions={
        <>
          <DeleteDataset dataset={dataset} />
          <Button component={Link} to={`/new?dataset=${dataset.id}`} leftSection={<NewIcon size={14} />}>
            New analysis
          </Button>
        </>
      }
    >
      <Figures
        items={[
          { label: 'Series', value: formatCount(dataset.series.length), note: `${formatCount(report.completeSeries)} without a missing value` },
          { label: 'Time points', value: formatCount(dataset.timePoints), note: `${formatCount(report.rowsRead)} rows read, ${formatCount(report.rowsStored)} stored` },
          ...(dataset.timeKind === 'timestamp' && dataset.from !== null && dataset.to !== null ? [{ label: 'From', value: formatBound(dataset.from), note: `to ${formatBound(dataset.to)}` }] : [{ label: 'Time', value: 'Row numbers', note: 'the file has no time' }]),
          { label: 'Frequency', value: frequency === null ? 'None' : frequency.label, note: frequency === null ? 'times come at no steady step' : `${(frequency.regularity * 100).toFixed(frequency.regularity === 1 ? 0 : 1)} % of the steps` },
          { label: 'Fields', value: formatCount(dataset.fields.length), note: dataset.fields.join(', ') },
          { label: 'Stored', value: formatBytes(dataset.bytes), note: 'as Parquet' },
        ]}
      />
      <Panel title="Import report" flush>
        <ImportReport report={report} />
      </Panel>
      <Panel title="Preview">
        <SeriesPreview dataset={dataset} />
      </Panel>
    </Page>
  );
}

function DeleteDataset({ dataset }: { dataset: Dataset }) {
  const [opened, { open, close }] = useDisclosure(false);
  const navigate = useNavigate();
  const queries = useQueryClient();
  const remove = useMutation({
    mutationFn: () => corrente().deleteDataset(dataset.id),
    onSuccess: async () => {
      await navigate('/datasets');
      // Only once this page has let go of it: it would be asked for again otherwise.
      queries.removeQueries({ queryKey: ['dataset', dataset.id], type: 'inactive' });
      await queries.invalidateQueries({ queryKey: ['datasets'] });
    },
  });
  return (
    <>
      <Button variant="default" leftSection={<TrashIcon size={14} />} onClick={open}>
        Delete
      </Button>
      <Modal opened={opened} onClose={close} title={`Delete ${dataset.name}?`} centered>
        <Stack gap="md">
          <Text size="sm">Its file is removed. Results that were computed from it stay; they cannot be computed again without importing the file anew.</Text>
          {remove.error !== null && <ProblemAlert error={remove.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>Keep it</Button>
            <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>Delete the data set</Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
