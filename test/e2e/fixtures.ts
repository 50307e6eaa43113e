/** What every test of the page has: a served platform, a page that must not complain, and the calls behind it. */
import { test as base, expect, type Page } from '@playwright/test';
import { CorrenteClient } from '@corrente/shared/client/corrente-client';
import type { Dataset } from '@corrente/shared/contract/dataset';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWalks } from './series.ts';
import { removeHome, serve, temporaryHome, type Served } from './serve.ts';

export const sampleFile = fileURLToPath(new URL('../../data/sp500-2013-2018.parquet', import.meta.url));

interface ForAllTests {
  readonly platform: Served;
  readonly client: CorrenteClient;
  /** The bundled five years of 505 stocks. */
  readonly stocks: Dataset;
  /** Enough made-up series to keep the engine without native code busy for some seconds. */
  readonly walks: Dataset;
}

interface ForEachTest {
  /** Console messages that are expected: the browser reports every answer of 400 and above itself. */
  readonly expected: RegExp[];
}

export const test = base.extend<ForEachTest, ForAllTests>({
  platform: [
    async ({ browserName: _any }, use) => {
      const home = await temporaryHome();
      const platform = await serve(home);
      await use(platform);
      await platform.stop();
      await removeHome(home);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  client: [async ({ platform }, use) => use(new CorrenteClient({ baseUrl: platform.address })), { scope: 'worker' }],
  walks: [
    async ({ client, platform }, use) => {
      const file = join(platform.home, 'walks.csv');
      await writeWalks(file, 1200, 3000);
      await use(await importFile(client, file));
    },
    { scope: 'worker', timeout: 120_000 },
  ],
  stocks: [async ({ client }, use) => use(await importFile(client, sampleFile, 'S&P 500, 2013–2018')), { scope: 'worker', timeout: 120_000 }],
  baseURL: async ({ platform }, use) => use(platform.address),
  expected: async ({ browserName: _any }, use) => use([]),
  page: async ({ page, expected }, use) => {
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await use(page);
    expect(complaints.filter((text) => !expected.some((pattern) => pattern.test(text)))).toEqual([]);
  },
});

export { expect };

export async function importFile(client: CorrenteClient, path: string, name = basename(path)): Promise<Dataset> {
  return client.importDataset(new Blob([await readFile(path)]), { name });
}

/** Gives a file to the drop zone of the page. */
export async function pickFile(page: Page, file: string | { name: string; content: string }): Promise<void> {
  await page.getByLabel('File to import').setInputFiles(typeof file === 'string' ? file : { name: file.name, mimeType: 'text/csv', buffer: Buffer.from(file.content) });
}

/** Chooses from a list by the words that stand there. */
export async function choose(page: Page, list: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name: list, exact: true }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}
