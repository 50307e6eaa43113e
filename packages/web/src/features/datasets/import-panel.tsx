/** A place to drop or pick a file, its way to the server, and what can be said about how to read it. */
import { Button, Collapse, Group, Progress, Stack, Text, UnstyledButton } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { useQueryClient } from '@tanstack/react-query';
import type { ImportMapping } from '@corrente/shared/contract/dataset';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { ChevronIcon, UploadIcon } from '../../app/icons.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { formatBytes } from '../../lib/format.ts';
import classes from './import-panel.module.css';
import { MappingForm } from './mapping-form.tsx';
import { uploadDataset } from './upload.ts';

type Stage = { readonly kind: 'idle' } | { readonly kind: 'sending'; readonly file: File; readonly fraction: number } | { readonly kind: 'failed'; readonly file: File; readonly error: CorrenteError };

export function ImportPanel() {
  const [stage, setStage] = useState<Stage>({ kind: 'idle' });
  const [mapping, setMapping] = useState<Partial<ImportMapping>>({});
  const [open, setOpen] = useState(false);
  const abort = useRef<AbortController | null>(null);
  const navigate = useNavigate();
  const queries = useQueryClient();
  useEffect(() => () => abort.current?.abort(), []);

  const send = async (file: File) => {
    abort.current = new AbortController();
    setStage({ kind: 'sending', file, fraction: 0 });
    try {
      const dataset = await uploadDataset(file, { mapping, signal: abort.current.signal, onProgress: (fraction) => setStage({ kind: 'sending', file, fraction }) });
      queries.setQueryData(['dataset', dataset.id], dataset);
      void queries.invalidateQueries({ queryKey: ['datasets'] });
      void navigate(`/datasets/${dataset.id}`);
    } catch (error) {
      const known = CorrenteError.from(error);
      setStage(known.code === 'cancelled' ? { kind: 'idle' } : { kind: 'failed', file, error: known });
      // What most often helps after a failure is to say how the file is to be read.
      if (known.code !== 'cancelled' && known.code !== 'server-unreachable') setOpen(true);
    }
  };

  return (
    <Stack gap="sm">
      {stage.kind === 'sending' ? (
        <Sending file={stage.file} fraction={stage.fraction} onCancel={() => abort.current?.abort()} />
      ) : (
        <Dropzone onDrop={(files) => { if (files[0] !== undefined) void send(files[0]); }} multiple={false} className={classes['zone']} inputProps={{ 'aria-label': 'File to import' }}>
          <Group justify="center" gap="md" className={classes['inner']}>
            <UploadIcon size={26} />
            <div>
              <Text fw={500}>Drop a file here, or pick one</Text>
              <Text size="sm" c="dimmed">CSV, TSV, Parquet or Arrow, plain or gzipped. One column per series, or time, name and values.</Text>
            </div>
          </Group>
        </Dropzone>
      )}
      {stage.kind === 'failed' && (
        <ProblemAlert error={stage.error}>
          <Group mt="sm" gap="xs">
            <Button size="xs" color="red" variant="light" onClick={() => void send(stage.file)}>
              Import {stage.file.name} again
            </Button>
          </Group>
        </ProblemAlert>
      )}
      <div>
        <UnstyledButton className={classes['more']} aria-expanded={open} onClick={() => setOpen(!open)}>
          <span className={classes['chevron']} data-open={open}><ChevronIcon size={12} /></span>
          How to read the file{Object.keys(mapping).length > 0 ? ` (${Object.keys(mapping).length} set)` : ''}
        </UnstyledButton>
        <Collapse expanded={open}>
          <MappingForm mapping={mapping} onChange={setMapping} />
        </Collapse>
      </div>
    </Stack>
  );
}

function Sending({ file, fraction, onCancel }: { file: File; fraction: number; onCancel: () => void }) {
  const sent = fraction >= 1;
  return (
    <div className={classes['sending']}>
      <Group justify="space-between" wrap="nowrap" mb={8}>
        <Text size="sm" truncate>
          {sent ? 'Reading and checking' : 'Sending'} <b>{file.name}</b>, {formatBytes(file.size)}
        </Text>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={onCancel}>
          Cancel
        </Button>
      </Group>
      <Progress value={fraction * 100} striped={sent} animated={sent} aria-label={sent ? 'The server reads the file' : 'Sent'} />
    </div>
  );
}
