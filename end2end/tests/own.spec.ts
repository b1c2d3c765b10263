import type { Page, PlaywrightWorkerArgs } from '@playwright/test';
import { alive, column, expect, open, range, test } from './fixtures';

// What customers see is the installation's to say; this one says nothing, so it is what it is by itself.
test.use({ who: 'customer' });

const SEEN = ['Created At', 'User', 'Action', 'Related Operation', 'Source'];
const HIDDEN = ['Impacted Table', 'App Instance', 'Request Path'];

test('headers, orders and filters offer what is seen, and nothing else', async ({ page }) => {
  await open(page, '/');
  const heads = await page.getByRole('columnheader').allInnerTexts();
  expect(heads.map((head) => head.replace(/UTC|\n/g, '').trim())).toEqual(SEEN);
  await page.getByText('Filter', { exact: true }).click();
  await expect(page.locator('.add').getByRole('link')).toHaveText(SEEN.slice(1));
  const text = await page.locator('body').innerText();
  for (const hidden of HIDDEN) expect(text).not.toContain(hidden);
  // Where headers are not shown, a list of orders is.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.locator('.sort-by > summary').click();
  const orders = await page.locator('.sort-by').getByRole('link').allInnerTexts();
  expect(orders).toHaveLength(2 * SEEN.length);
  for (const hidden of HIDDEN) expect(orders.join()).not.toContain(hidden);
});

test('what is asked of a hidden column is left out of the page, by name', async ({ page }) => {
  await open(page, '/');
  const all = (await range(page).innerText()).split(' of ')[1];
  const path = new URL(page.url()).pathname;
  await open(page, `${path}?sort=app_instance&impacted_table=cards&source=UI`);
  await expect(page.getByText('“sort” was left out of this page')).toBeVisible();
  await expect(page.getByText('“impacted_table” was left out of this page')).toBeVisible();
  // The rest is taken.
  expect(new Set(await column(page, 'Source'))).toEqual(new Set(['UI']));
  expect((await range(page).innerText()).split(' of ')[1]).not.toBe(all);
});

/** Opens the customer's own log, whose newest entry is staff's: each sign-in adds one of their own, so the demo's move down. */
async function openAfterStaff(page: Page, playwright: PlaywrightWorkerArgs['playwright'], baseURL: string) {
  await open(page, '/');
  const path = new URL(page.url()).pathname;
  const staff = await playwright.request.newContext({ baseURL });
  await staff.post('/sign-in', { form: { email: 'operator@example.com', password: 'operator-demo' } });
  // Looking at another's log is recorded in it.
  expect((await staff.get(path)).ok()).toBe(true);
  await staff.dispose();
  await open(page, path);
  return path;
}

test('an entry, its operation and a file have what is seen', async ({ page, context, javaScriptEnabled, playwright, baseURL }) => {
  const path = await openAfterStaff(page, playwright, baseURL!);
  const staff = page.locator('.rows tbody tr').filter({ hasText: 'our staff' }).first();
  await expect(staff.locator('.c-user bdi')).toHaveText(/^\S+ \p{L}\.$/u);
  await staff.locator('.open').click();
  const drawer = page.locator('dialog.drawer');
  await expect(drawer.locator('#entry-title')).toBeVisible();
  await expect(drawer.locator('dl dt')).toHaveText(['User', 'Related Operation', 'Source']);
  await expect(drawer.getByText('What changed')).toHaveCount(0);
  await expect(drawer.getByText('As recorded')).toHaveCount(0);
  if (javaScriptEnabled !== false) await alive(page);
  const csv = await context.request.get(`/api/v1${path}/export?format=csv`);
  expect((await csv.text()).split('\r\n')[0]).toBe('seq,created_at,user,action,related_operation,source');
  const refused = await context.request.get(`/api/v1${path}?sort=request_path`);
  expect(refused.status()).toBe(400);
  expect((await refused.json()).parameters[0].parameter).toBe('sort');
});

test('staff is found by the name that is shown', async ({ page, playwright, baseURL }) => {
  const path = await openAfterStaff(page, playwright, baseURL!);
  const name = await page.locator('.rows tbody tr').filter({ hasText: 'our staff' }).first().locator('.c-user bdi').innerText();
  await open(page, `${path}?user=${encodeURIComponent(name)}`);
  const users = await column(page, 'User');
  expect(users.length).toBeGreaterThan(0);
  for (const user of users) expect(user).toContain(name);
  await page.getByText('Filter', { exact: true }).click();
  await page.locator('.add').getByRole('link', { name: 'User' }).click();
  await expect(page.getByRole('region', { name: 'Values of User' }).getByRole('link', { name, exact: false }).first()).toBeVisible();
});
