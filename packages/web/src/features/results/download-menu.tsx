import { Button, Menu, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { resultFormats, type ResultFormat, type ResultTable } from '@corrente/shared/contract/result';
import { corrente, currentApiKey } from '../../app/client.ts';
import { DownloadIcon } from '../../app/icons.tsx';
import { formatBytes } from '../../lib/format.ts';
import { textBytes } from './text-size.ts';
import type { TableStore } from './table-store.ts';

const titles: Record<ResultFormat, string> = { csv: 'CSV', parquet: 'Parquet', arrow: 'Arrow', json: 'JSON', ndjson: 'NDJSON' };
const order = ['csv', 'parquet', 'arrow', 'json', 'ndjson'] as const satisfies readonly (keyof typeof resultFormats)[];

export interface DownloadMenuProps {
  readonly jobId: string;
  readonly table: ResultTable;
  readonly store: TableStore | null;
}

/**
 * The table in every format. The size of the Arrow form is known; those of the texts are worked out from the rows at
 * hand; Parquet depends on how well it packs, and its size is known only afterwards.
 */
export function DownloadMenu({ jobId, table, store }: DownloadMenuProps) {
  const size = (format: ResultFormat): string => {
    if (format === 'arrow') return formatBytes(table.bytes);
    if (format === 'parquet') return 'compressed';
    return store === null || store.rows === 0 ? '' : `about ${formatBytes(textBytes(store, format, table.rows))}`;
  };
  return (
    <Menu position="bottom-end" width={230} withinPortal>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<DownloadIcon size={14} />} disabled={table.rows === 0}>
          Download
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {!table.complete && <Menu.Label>The rows stored so far, then the rest as it comes</Menu.Label>}
        {order.map((format) => {
          const label = <Text component="span" size="xs" c="dimmed">{size(format)}</Text>;
          return currentApiKey() === undefined ? (
            <Menu.Item key={format} component="a" href={corrente().downloadUrl(jobId, table.name, format)} download={`${table.name}.${format}`} rightSection={label}>
              {titles[format]}
            </Menu.Item>
          ) : (
            <Menu.Item key={format} rightSection={label} onClick={() => void saveWithKey(jobId, table.name, format)}>
              {titles[format]}
            </Menu.Item>
          );
        })}
      </Menu.Dropdown>
    </Menu>
  );
}

/** A link cannot carry the API key: the file is fetched, then handed to the browser. */
async function saveWithKey(jobId: string, table: string, format: ResultFormat): Promise<void> {
  try {
    const response = await corrente().download(jobId, table, format);
    const address = URL.createObjectURL(await response.blob());
    const link = document.createElement('a');
    link.href = address;
    link.download = `${table}.${format}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000);
  } catch (error) {
    notifications.show({ color: 'red', title: 'The download failed', message: CorrenteError.from(error).sentence });
  }
}
