import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, open, range, searchBox, test } from './fixtures';
import { inSpreadsheet } from './spreadsheet';

/** A log of two years that is the same each time: the one that the incident happened in. Each worker has its own. */
let id = '';
test.beforeAll(({}, { workerIndex }) => {
  id = String(91_000 + workerIndex);
  const env = { ...process.env, DATA_DIR: join(process.env.END2END_DATA!, 'data') };
  const shape = ['--customers', '1', '--entries', '6000', '--largest', '6000', '--seed', '39', '--first-id', id, '--until', '2026-11-01'];
  execFileSync(process.env.SERVER!, ['generate', ...shape], { env, stdio: 'pipe' });
});

test('who changed the daily limit on the last Sunday of March, from what, through which instance, and what else was touched', async ({ page, javaScriptEnabled }, info) => {
  test.setTimeout(90_000);
  await open(page, `/customers/${id}`);
  const began = Date.now();
  let actions = 0;
  const act = async (action: () => Promise<unknown>) => (actions++, await action());

  await act(() => page.getByRole('link', { name: 'Logs', exact: true }).click());
  const box = searchBox(page);
  await act(() => box.fill('action:"daily transfer limit" after:2026-03-29 until:2026-03-29'));
  await act(() => (javaScriptEnabled ? box.press('Enter') : page.getByRole('button', { name: 'Search' }).click()));
  await expect(range(page)).toHaveText(/rows 1–1 of\s+1$/);
  await act(() => page.getByRole('button', { name: 'Changed daily transfer limit' }).click());
  const drawer = page.getByRole('dialog', { name: 'Changed daily transfer limit' });
  // Who, and through which instance.
  const fact = async (name: string) => (await drawer.locator('dl > div').filter({ has: page.getByText(name, { exact: true }) }).locator('dd > bdi').innerText());
  const [who, instance, operation] = [await fact('User'), await fact('App Instance'), await fact('Related Operation')];
  expect(who).not.toBe('');
  expect(instance).toMatch(/^web-/);
  // From what, to what.
  const change = drawer.getByRole('row', { name: /daily_transfer/ });
  const [before, after] = [await change.locator('del').innerText(), await change.locator('ins').innerText()].map((text) => Number(text.replace(/\D/g, '')));
  expect(after).toBeGreaterThan(before);
  // What else: the operation's other entries stand beside it.
  const touched = await drawer.locator('.timeline p').allInnerTexts();
  expect(touched.some((text) => text.includes('limit_reviews'))).toBe(true);
  expect(actions).toBeLessThanOrEqual(6);
  console.log(`  ${actions} actions, ${((Date.now() - began) / 1000).toFixed(1)} s: ${who}, ${before} → ${after}, ${instance}, ${operation}`);

  // What is taken away says the same, in a spreadsheet.
  await drawer.getByRole('link', { name: 'Close' }).click();
  await page.getByRole('link', { name: 'Export', exact: true }).click();
  const exporting = page.getByRole('dialog', { name: 'Export logs' });
  await exporting.getByRole('radio', { name: /^Excel/ }).check();
  const download = page.waitForEvent('download');
  await exporting.getByRole('button', { name: 'Export' }).click();
  const file = info.outputPath('logs.xlsx');
  await (await download).saveAs(file);
  const [head, ...rows] = inSpreadsheet(file);
  expect(rows).toHaveLength(1);
  const cell = (name: string) => rows[0][head.findIndex((text) => text.startsWith(name))];
  expect(['User', 'Action', 'Related Operation', 'Impacted Table', 'Source', 'App Instance'].map(cell))
    .toEqual([who, 'Changed daily transfer limit', operation, 'customer_limits', 'UI', instance]);
  expect(cell('Created At')).toMatch(/^2026-03-29 /);
});
