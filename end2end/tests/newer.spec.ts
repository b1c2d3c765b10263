import { type Page } from '@playwright/test';
import { alive, column, expect, open, range, searchBox, test } from './fixtures';

const pill = (page: Page) => page.getByRole('link', { name: /new entr(y|ies)$/ });
const next = (page: Page) => page.getByRole('link', { name: 'Next page' });

test('looking for the first time does not show one’s own look as new', async ({ page, log }) => {
  await log.begin(3);
  await open(page, log.path);
  expect((await column(page, 'Action'))[0]).toBe('Viewed log');
  await expect(page.getByText('As of entry 5', { exact: true })).toBeVisible();
  await expect(pill(page)).toHaveCount(0);
});

test('pages stand still while entries arrive, and a press takes them in', async ({ page, log }) => {
  await log.begin(60);
  await open(page, `${log.path}?per_page=10`);
  await next(page).click();
  await expect(range(page)).toHaveText('rows 11–20 of 62');
  const second = await column(page, 'Action');
  await log.record(12);
  await page.reload();
  await alive(page);
  expect(await column(page, 'Action')).toEqual(second);
  await expect(range(page)).toHaveText('rows 11–20 of 62');
  await expect(pill(page)).toHaveText('12 new entries');

  // Whatever is pressed stays in the log as it was.
  await page.getByRole('columnheader', { name: 'Action' }).getByRole('link').click();
  await expect(range(page)).toHaveText('rows 1–10 of 62');
  await expect(page).toHaveURL(/[?&]as_of=62(&|$)/);
  expect(await page.getByRole('link', { name: 'Export' }).getAttribute('href')).toContain('as_of=62');
  await alive(page);
  await page.getByRole('columnheader', { name: 'Created At' }).getByRole('link').click();
  await expect(page).toHaveURL((url) => !url.searchParams.has('sort'));
  // The address changes as it is pressed, the rows when they are there.
  await expect.poll(async () => (await column(page, 'Action'))[0]).toBe('Viewed log');
  await alive(page);

  await pill(page).click();
  await expect(range(page)).toHaveText('rows 1–10 of 74');
  expect((await column(page, 'Action'))[0]).toBe('Did it 72');
  await expect(pill(page)).toHaveCount(0);
  expect(new URL(page.url()).searchParams.get('per_page')).toBe('10');
  await alive(page);

  // Back is what it was, and Forward what it became.
  await page.goBack();
  await expect(range(page)).toHaveText('rows 1–10 of 62');
  await page.goForward();
  await expect(range(page)).toHaveText('rows 1–10 of 74');
});

test('a search and another size stay pinned, too', async ({ page, log, javaScriptEnabled }) => {
  await log.begin(30);
  await open(page, `${log.path}?as_of=20`);
  await expect(range(page)).toHaveText('rows 1–20 of 20');
  await searchBox(page).fill('ana');
  if (!javaScriptEnabled) await page.getByRole('button', { name: 'Search' }).click();
  await expect(page).toHaveURL(/q=ana/);
  await expect(range(page)).toHaveText('rows 1–19 of 19');
  await alive(page);
  await page.getByLabel('Items per page').selectOption('10');
  if (!javaScriptEnabled) await page.getByRole('button', { name: 'Apply' }).click();
  await expect(range(page)).toHaveText('rows 1–10 of 19');
  await expect(page).toHaveURL(/as_of=20/);
});
