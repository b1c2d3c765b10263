import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type Locator, type Page } from '@playwright/test';
import { SlowExport, expect, open, test } from './fixtures';

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Export logs' });

/** Presses the button, and waits for the file. */
async function taken(page: Page, button: Locator) {
  const download = page.waitForEvent('download');
  await button.click();
  const file = await download;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

test('the dialog says what there is and how much, and what is chosen is what comes', async ({ page, log, javaScriptEnabled }) => {
  await log.begin(30);
  await open(page, `${log.path}?action=Did+it+7&action=Did+it+8`);
  await page.getByRole('link', { name: 'Export', exact: true }).click();
  const export_ = dialog(page);
  await expect(export_.getByRole('radio', { name: 'This view' })).toBeChecked();
  const view = export_.getByText('This view').locator('..');
  await expect(view).toContainText('2 entries');
  await expect(view).toContainText('Action is Did it 7; Action is Did it 8; Newest first');
  const whole = Number(/(\d+) entries/.exec(await export_.getByRole('radio', { name: /^The whole log/ }).locator('..').innerText())![1]);
  expect(whole).toBeGreaterThan(31);
  for (const file of ['CSV', 'Excel', 'JSON Lines']) {
    await expect(export_.getByRole('radio', { name: new RegExp(`^${file}`) }).locator('..')).toContainText(/about [\d.]+ k?B/);
  }

  // As it is set.
  const csv = await taken(page, export_.getByRole('button', { name: 'Export' }));
  expect(csv.name).toMatch(/\.csv$/);
  expect(csv.bytes.toString().trimEnd().split('\r\n')).toHaveLength(1 + 2);
  if (javaScriptEnabled === false) await page.goto(`${log.path}?export=1`);
  else {
    await expect(export_.getByText('All 2 rows are in the file.')).toBeVisible();
    await expect(export_.getByRole('heading', { name: 'Export logs' })).toBeFocused();
    await export_.getByRole('link', { name: 'New export' }).click();
  }
  // All of it, every field, in another zone.
  if (javaScriptEnabled !== false) await export_.getByRole('radio', { name: 'The whole log' }).check();
  await export_.getByRole('radio', { name: /^JSON Lines/ }).check();
  await export_.getByRole('radio', { name: /^All/ }).check();
  await export_.getByLabel('Time zone').fill('America/Sao_Paulo');
  const lines = await taken(page, export_.getByRole('button', { name: 'Export' }));
  const entries = lines.bytes.toString().trimEnd().split('\n').map((line) => JSON.parse(line));
  expect(entries.length).toBeGreaterThanOrEqual(whole);
  expect(entries.some((entry) => entry.action === 'Did it 1' && 'detail' in entry)).toBe(true);

  // What came of it, in the list and by itself.
  await open(page, `${log.path}?export=1`);
  const recent = export_.getByRole('region', { name: 'Your recent exports' }).getByRole('listitem');
  await expect(recent).toHaveCount(2);
  await expect(recent.first()).toContainText(`JSON Lines, ${entries.length} rows`);
  await recent.first().getByRole('link').click();
  await expect(export_.getByText(`All ${entries.length} rows are in the file.`)).toBeVisible();
  await expect(export_.getByText(createHash('sha256').update(lines.bytes).digest('hex'))).toBeVisible();
  await expect(export_.getByText('America/Sao_Paulo')).toBeVisible();
  await export_.getByRole('link', { name: 'Done' }).click();
  await expect(export_).toBeHidden();
  // The log says so, too.
  await open(page, `${log.path}?action=Exported+log`);
  await expect(page.locator('.rows tbody tr')).toHaveCount(2);
});

test('an export that goes on is listed and looked at, and ends when it is cancelled', async ({ page, context, log, baseURL }) => {
  await log.begin(1);
  await log.recordLarge(400);
  const slow = new SlowExport();
  await slow.begin(context, log, baseURL!);
  await open(page, `${log.path}?sort=user&dir=asc&export=1`);
  const export_ = dialog(page);
  const recent = export_.getByRole('region', { name: 'Your recent exports' });
  await recent.getByRole('link', { name: /Exporting \d+%/ }).click();
  await expect(export_.getByRole('progressbar', { name: /of 40\d rows/ })).toBeVisible();
  await expect(export_.getByText('You can go on working')).toBeVisible();
  await export_.getByRole('button', { name: 'Cancel' }).click();
  await expect(export_.getByText(/^The export was cancelled after \d+ rows\./)).toBeVisible();
  await expect(page).toHaveURL(/sort=user/);
  expect(await slow.drip()).toBe(false);
  await export_.getByRole('link', { name: 'Close' }).last().click();
  await expect(export_).toBeHidden();
  await open(page, `${log.path}?action=Cancelled+export`);
  await expect(page.locator('.rows tbody tr')).toHaveCount(1);
});

test.describe(() => {
  test.use({ who: 'customer' });
  test('customers take away what they see', async ({ page }) => {
    await open(page, '/');
    await page.getByRole('link', { name: 'Export', exact: true }).click();
    await expect(dialog(page).getByRole('radio', { name: /^All/ })).toHaveCount(0);
    const csv = await taken(page, dialog(page).getByRole('button', { name: 'Export' }));
    expect(csv.bytes.toString().split('\r\n')[0]).toBe('seq,created_at,user,action,related_operation,source');
  });
});

test('on paper stands what was asked for, every column in full, and nothing to press', async ({ page, log }) => {
  await log.begin(60);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await open(page, `${log.path}?user=Ana+Prado&sort=action&dir=asc&page=2&tz=America/Sao_Paulo`);
    await page.emulateMedia({ media: 'print' });
    const line = page.locator('.print-only');
    await expect(line).toContainText('Rows 26 to 50 of 60. By Action, ascending. Times are Sao Paulo.');
    await expect(line).toContainText(/As of entry \d+, looked at .* \(UTC−03:00\)\. By Helena Prado\.$/);
    await expect(page.getByText('User is Ana Prado')).toBeVisible();
    await expect(page.getByRole('columnheader')).toHaveCount(8);
    for (const head of await page.getByRole('columnheader').all()) await expect(head).toBeVisible();
    expect(await page.locator('.rows thead').evaluate((head) => getComputedStyle(head).display)).toBe('table-header-group');
    const rows = page.locator('.rows tbody tr');
    await expect(rows).toHaveCount(25);
    const cut = await page.locator('.rows tbody :is(td, th)').evaluateAll(
      (cells) => cells.filter((cell) => cell.scrollWidth > cell.clientWidth + 1 || getComputedStyle(cell).display !== 'table-cell').length,
    );
    expect(cut).toBe(0);
    for (const button of ['Export', 'Live', 'Compact', 'Filter', 'Copy', 'Next page']) {
      await expect(page.getByText(button, { exact: true }).or(page.getByLabel(button, { exact: true })).filter({ visible: true })).toHaveCount(0);
    }
    await page.emulateMedia({ media: null });
  }
});
