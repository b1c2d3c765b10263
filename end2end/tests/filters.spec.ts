import { type Page } from '@playwright/test';
import { LARGEST, alive, column, expect, open, range, searchBox, test } from './fixtures';

const chips = (page: Page) => page.getByRole('list', { name: 'Filters in force' }).getByRole('listitem');
const different = async (page: Page, name: string) => [...new Set((await column(page, name)).map((text) => text.split(/[\s,]/)[0]))];

test('a value in a row filters by itself; its chip turns it around, and takes it back', async ({ page }) => {
  await open(page, `${LARGEST}?dir=asc&as_of=25000`);
  await page.locator('.rows').getByRole('button', { name: 'System', exact: true }).first().click();
  await expect(page).toHaveURL(/source=System/);
  await expect(chips(page)).toHaveText([/Source is System/]);
  await expect.poll(() => different(page, 'Source')).toEqual(['System']);
  expect(new URL(page.url()).searchParams.get('dir')).toBe('asc');
  await alive(page);
  await page.getByRole('link', { name: 'Source is System', exact: true }).click();
  await expect(page).toHaveURL(/not\.source=System/);
  await expect(chips(page)).toHaveText([/Source is not System/]);
  await expect.poll(async () => (await different(page, 'Source')).includes('System')).toBe(false);
  await alive(page);
  await page.getByRole('link', { name: 'Remove the filter Source is not System' }).click();
  await expect(range(page)).toHaveText('rows 1–25 of 25,000');
  await expect(chips(page)).toHaveCount(0);
});

test('the values of a field are listed with their counts, found by a part, and several are either', async ({ page, javaScriptEnabled }) => {
  await open(page, `${LARGEST}?source=API`);
  await page.getByText('Filter', { exact: true }).click();
  await page.locator('.add').getByRole('link', { name: 'User' }).click();
  const list = page.getByRole('region', { name: 'Values of User' });
  const values = list.getByRole('listitem');
  await expect(values.first()).toContainText(/\d/);
  // What is listed is what the other conditions find.
  const first = (await values.first().innerText()).match(/^(\S+)\s+([\d,]+)/)!;
  await list.getByRole('searchbox').fill(first[1].slice(1, 4));
  if (!javaScriptEnabled) await list.getByRole('searchbox').press('Enter');
  await expect(page).toHaveURL(/part=/);
  await expect(values.filter({ hasText: first[1] })).toHaveCount(1);
  await alive(page);
  await values.filter({ hasText: first[1] }).getByRole('link').first().click();
  await expect(range(page)).toContainText(`of ${first[2]}`);
  await expect.poll(() => different(page, 'User')).toEqual([first[1]]);
  await alive(page);
  await list.getByRole('link', { name: 'Close' }).click();
  await expect(list).toHaveCount(0);
  await expect(chips(page)).toHaveCount(2);
  await alive(page);
  await page.getByRole('link', { name: 'Clear all' }).click();
  await expect(range(page)).toHaveText(/of\s+25,\d\d\d$/);
});

test('what is typed in the search language becomes chips, and what is wrong with it is said', async ({ page, javaScriptEnabled }) => {
  await open(page, LARGEST);
  const box = searchBox(page);
  const search = async (text: string) => {
    await box.fill(text);
    await (javaScriptEnabled ? box.press('Enter') : page.getByRole('button', { name: 'Search' }).click());
  };
  await search('user:settle -table:=balances source:system until:2026-03-31');
  await expect(chips(page)).toHaveText([/Created At/, /User contains settle/, /Impacted Table is not balances/, /Source contains system/]);
  await expect(box).toHaveValue('');
  if (javaScriptEnabled) await expect(page).toHaveURL((url) => url.searchParams.get('user.has') === 'settle' && url.searchParams.get('to') === '2026-03-31');
  await expect.poll(() => different(page, 'User')).toEqual(['Settlement']);
  await alive(page);
  await search('colour:red ledger');
  await expect(page.getByRole('list', { name: 'Notes' })).toHaveText(/“colour:red” is no field.*[a-z]\.$/);
  await expect(page).toHaveURL(/colour/);
});

test('a day in a range is in it whole, in the zone that was chosen, and the zone is remembered', async ({ page, log }) => {
  await log.begin(3);
  await open(page, log.path);
  await page.getByText('The whole log', { exact: true }).first().click();
  await page.getByLabel('From', { exact: true }).fill('today');
  await page.getByLabel('Time zone').fill('Pacific/Kiritimati');
  await page.locator('.time').getByRole('button', { name: 'Apply' }).click();
  await expect(page).toHaveURL(/from=today.*tz=Pacific%2FKiritimati/);
  await expect(page.getByRole('columnheader', { name: 'Created At' })).toContainText('Kiritimati');
  await alive(page);
  const shown = (await column(page, 'Created At'))[0].slice(0, 10);
  const there = new Intl.DateTimeFormat('en-CA', { timeZone: 'Pacific/Kiritimati' }).format(new Date());
  expect(shown).toBe(there);
  await page.goto(log.path);
  await expect(page.getByRole('columnheader', { name: 'Created At' })).toContainText('Kiritimati');
});

test('the strip says when, and each of its lines leads there', async ({ page, javaScriptEnabled }) => {
  await open(page, LARGEST);
  await expect(page.getByRole('img', { name: /^Entries by week from/ })).toBeVisible();
  const summary = page.getByText('As a table');
  if (javaScriptEnabled) await summary.press('Enter');
  // A press on a bar takes a script, so without one the way there is in sight.
  else await summary.click();
  const line = page.getByRole('region', { name: 'Activity as a table' }).getByRole('row').nth(40);
  const counted = (await line.getByRole('cell').allInnerTexts()).map((text) => Number(text.replaceAll(',', '')));
  await line.getByRole('link').click();
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(range(page)).toContainText(`of ${counted.reduce((sum, number) => sum + number).toLocaleString('en')}`);
});

test('an operation is a place: its entries over all tables, in the order of time', async ({ page }) => {
  await open(page, `${LARGEST}?user.has=settle`);
  const link = page.locator('.rows').getByRole('link', { name: /^Withdrawal \d+$/ }).first();
  const name = await link.innerText();
  await link.click();
  await expect(page.getByRole('heading', { level: 2 })).toHaveText(name);
  await expect(page).toHaveURL(/\/operations\/Withdrawal%20\d+$/);
  const actions = await page.locator('.timeline li a').allInnerTexts();
  expect(actions[0]).toBe('Requested withdrawal');
  const times = await page.locator('.timeline time').evaluateAll((times) => times.map((time) => (time as HTMLTimeElement).dateTime));
  expect(times).toEqual([...times].sort());
  await page.getByRole('link', { name: 'In the log' }).click();
  await expect(range(page)).toContainText(`of ${actions.length}`);
});

test('an entry opens beside the rows: all that is known of it, and a link of its own', async ({ page }) => {
  await open(page, `${LARGEST}?action=Changed+daily+limit`);
  await page.getByRole('button', { name: 'Changed daily limit' }).first().click();
  await expect(page).toHaveURL(/entry=\d+/);
  const drawer = page.getByRole('dialog', { name: 'Changed daily limit' });
  await expect(drawer.getByRole('table').first()).toContainText('daily_limit');
  await expect(drawer).toContainText('POST /customers/20401/settings');
  await alive(page);
  await drawer.getByText('As recorded').click();
  await expect(drawer.locator('pre')).toContainText('"action": "Changed daily limit"');
  const before = page.url();
  await page.reload();
  await alive(page);
  await expect(drawer).toBeVisible();
  await drawer.getByRole('link', { name: 'Around this moment' }).click();
  await expect(range(page)).toContainText('rows 1–');
  await expect(drawer).toBeVisible();
  await alive(page);
  await page.goto(before);
  await alive(page);
  await drawer.getByRole('link', { name: 'Close' }).click();
  await expect(drawer).toBeHidden();
  await expect(page).not.toHaveURL(/entry=/);
});
