import type { CorrenteClient } from '@corrente/shared/client/corrente-client';
import type { Job } from '@corrente/shared/contract/job';
import type { Page } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { choose, expect, importFile, test } from './fixtures.ts';

/** Five coupled processes of 1,000 samples; 0 drives 1 at lag 2, 2 at lag 3 and 3 at lag 2, and 3 drives 4 at lag 1. */
const coupled = fileURLToPath(new URL('../../packages/compute/test/series/mute_n1000_seed42.csv', import.meta.url));
/** As few surrogates as alpha allows, so that the test waits for seconds only. */
const permutations = { maxStatistic: 40, minStatistic: 40, omnibus: 40, sequential: 40 };

const graph = (page: Page) => page.getByRole('group', { name: /^Network of/ });
const process = (page: Page, name: string) => graph(page).getByRole('button', { name: new RegExp(`^${name}:`) });

async function infer(client: CorrenteClient, params: Record<string, unknown>, engine: Job['spec']['engine'] = 'auto'): Promise<Job> {
  const { id } = await importFile(client, coupled);
  return client.submit({ analysis: 'network-inference', input: { dataset: id }, params: { permutations, fdr: false, ...params }, engine });
}

async function exported(page: Page, item: string): Promise<Buffer> {
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: item, exact: true }).click()]);
  return readFile(await download.path());
}

test('links appear while the job runs, and are the true ones in the end', async ({ page, client }) => {
  // Two targets of some seconds each, on the engine without native code; minutes where the machine does much else.
  test.setTimeout(600_000);
  const job = await infer(client, { targets: ['p1', 'p2'], maxLagSources: 3, maxLagTarget: 2 }, 'portable');
  await page.goto(`/jobs/${job.id}`);
  await expect(page.getByLabel('What is pointed at')).toHaveText(/^[1-9]\d* links? so far/, { timeout: 240_000 });
  await expect(page.getByRole('list', { name: 'Legend' })).toContainText('provisional');
  await expect(page.getByRole('status', { name: 'Stage' })).toHaveText('Succeeded', { timeout: 240_000 });
  await expect(page.getByRole('list', { name: 'Legend' })).not.toContainText('provisional');
  await expect(page.getByLabel('What is pointed at')).not.toContainText('so far');
  await process(page, 'p2').click();
  await expect(page.getByRole('table', { name: 'What drives p2' }).getByRole('row').nth(1)).toHaveText(/^p03/);
  await process(page, 'p0').click();
  await expect(page.getByRole('complementary', { name: 'About p0' })).toContainText(/p1 lag 2.*p2 lag 3/);
});

test('a network is filtered, read by keyboard, seen as a matrix, and saved for other programs', async ({ page, client }) => {
  const job = await infer(client, { estimator: 'gaussian', method: 'bivariate-te' });
  await client.wait(job.id);
  const rows = await client.resultTable(job.id, 'links');
  const links = Array.from({ length: rows.numRows }, (_, i) => rows.get(i)!.toJSON() as { source: string; target: string; lag: number; te: number; significant: boolean });
  const strong = links.filter(({ te }) => te >= 0.5 * Math.max(...links.map((link) => link.te)));
  expect(strong.length).toBeGreaterThan(0);
  expect(strong.length).toBeLessThan(links.length);

  await page.goto(`/jobs/${job.id}`);
  const pointed = page.getByLabel('What is pointed at');
  await expect(graph(page)).toHaveAccessibleName(`Network of 5 processes and ${links.length} links`);

  await page.getByRole('slider', { name: /Smallest te/ }).focus();
  for (let step = 0; step < 50; step++) await page.keyboard.press('ArrowRight');
  await expect(pointed).toHaveText(new RegExp(`^${strong.length} of ${links.length} links`));

  await process(page, 'p0').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('complementary', { name: 'About p0' })).toBeVisible();
  await page.getByRole('button', { name: /^Own past, chosen/ }).click();
  await expect(page.getByRole('table', { name: 'Own past, chosen' }).getByRole('row').nth(1)).toContainText('p0');
  await page.getByRole('button', { name: 'Close p0' }).click();

  const csv = (await exported(page, 'Transfer entropy')).toString().trim().split('\n');
  expect(csv[0]).toBe('source,p0,p1,p2,p3,p4');
  const cells = csv.slice(1).flatMap((line) => line.split(',').slice(1).map(Number)).filter((te) => te > 0);
  expect(cells.toSorted((a, b) => a - b)).toEqual(strong.map(({ te }) => te).toSorted((a, b) => a - b));
  expect((await exported(page, 'GraphML')).toString().match(/<edge /g)).toHaveLength(strong.length);
  expect((await exported(page, 'SVG')).toString()).toContain('>p4</text>');
  expect((await exported(page, 'PNG')).subarray(1, 4).toString()).toBe('PNG');

  await page.getByText('Matrix', { exact: true }).click();
  const matrix = page.getByRole('table', { name: /source by target/ });
  const { source, target, lag } = strong[0]!;
  const column = csv[0]!.split(',').indexOf(target);
  await expect(matrix.getByRole('row', { name: new RegExp(`^${source}\\b`) }).getByRole('cell').nth(column - 1)).toHaveText(String(lag));
});

test('the form of a network hides what does not apply and submits what was chosen', async ({ page, client }) => {
  const { id } = await importFile(client, coupled);
  await page.goto(`/new?dataset=${id}&analysis=network-inference`);
  await page.getByRole('button', { name: 'Estimator' }).click();
  await page.getByRole('textbox', { name: 'Neighbours' }).fill('9');
  await choose(page, 'Estimator', 'Gaussian');
  await expect(page.getByRole('textbox', { name: 'Neighbours' })).toHaveCount(0);
  await page.getByRole('combobox', { name: 'Targets' }).click();
  await page.getByRole('option', { name: 'p4', exact: true }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Estimate').last()).toContainText(/Series\s*5/);
  await page.getByRole('button', { name: 'Run the analysis' }).click();
  await expect(page.getByRole('status', { name: 'Stage' })).toHaveText('Succeeded');
  const { params } = (await client.job(/job_\w+/.exec(page.url())![0])).spec;
  // What was typed before it was hidden has become the default again.
  expect(params).toMatchObject({ estimator: 'gaussian', targets: ['p4'], neighbours: 4 });
});

test('information between all pairs is drawn as a matrix', async ({ page, client }) => {
  const { id } = await importFile(client, coupled);
  const job = await client.submit({ analysis: 'information-measure', input: { dataset: id }, params: { estimator: 'gaussian', pairs: 'all', delay: 2 } });
  await client.wait(job.id);
  const values = await client.resultTable(job.id, 'values');
  const strongest = Math.max(...Array.from({ length: values.numRows }, (_, i) => Number(values.getChild('value')!.get(i))));
  await page.goto(`/jobs/${job.id}`);
  const matrix = page.getByRole('table', { name: 'Values of 5 series, source by target' });
  await expect(matrix.getByRole('row')).toHaveCount(6);
  await expect(matrix.getByTitle(new RegExp(strongest.toFixed(6)))).toHaveCount(1);
});
