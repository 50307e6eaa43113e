import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { CorrenteError } from '@corrente/shared/contract/errors';
import { adjacency, type AdjacencyWeight } from '@corrente/shared/network/adjacency';
import { graphml } from '@corrente/shared/network/graphml';
import type { NetworkLink } from '@corrente/shared/network/link';
import type { NetworkPicture } from '../../../charts/network/network-svg.ts';
import { DownloadIcon } from '../../../app/icons.tsx';
import { plural } from '../../../lib/format.ts';
import { pngOf, saveFile } from './save-file.ts';

/** The most that the picture takes, in pixels of its own; a PNG has twice as many. */
export const pictureRoom = { width: 1200, height: 900 };
const pngRatio = 2;

const weights: readonly (readonly [AdjacencyWeight, string])[] = [
  ['te', 'Transfer entropy'],
  ['max-te-lag', 'Lag with the largest te'],
  ['max-p-lag', 'Lag with the smallest p'],
  ['variables', 'Number of lags'],
  ['binary', '1 for a link'],
];

export interface NetworkExportProps {
  /** Links that the filters let through. */
  readonly links: readonly NetworkLink[];
  readonly processes: readonly string[];
  /** The graph as an SVG document. */
  readonly picture: () => NetworkPicture;
}

function saveText(name: string, type: string, content: string): void {
  saveFile(name, new Blob([content], { type }));
}

/** The network as it is filtered, in the forms that other programs read, and as a picture. */
export function NetworkExport({ links, processes, picture }: NetworkExportProps) {
  const png = async () => {
    try {
      const { svg, width, height } = picture();
      saveFile('network.png', await pngOf(svg, width, height, pngRatio));
    } catch (error) {
      notifications.show({ color: 'red', title: 'The picture was not saved', message: CorrenteError.from(error).sentence });
    }
  };
  return (
    <Menu position="bottom-end" width={250} withinPortal>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<DownloadIcon size={14} />}>
          Export
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{plural(links.length, 'link')} as shown</Menu.Label>
        <Menu.Item onClick={() => saveText('network.graphml', 'application/graphml+xml', graphml(links, processes))}>GraphML</Menu.Item>
        <Menu.Divider />
        <Menu.Label>Adjacency matrix (CSV), each cell</Menu.Label>
        {weights.map(([weight, title]) => (
          <Menu.Item key={weight} onClick={() => saveText(`adjacency-${weight}.csv`, 'text/csv', adjacency(links, processes, { weights: weight, significantOnly: false }))}>
            {title}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Label>Picture</Menu.Label>
        <Menu.Item onClick={() => saveText('network.svg', 'image/svg+xml', picture().svg)}>SVG</Menu.Item>
        <Menu.Item onClick={() => void png()}>PNG</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
