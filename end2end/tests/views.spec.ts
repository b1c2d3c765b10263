import { column, expect, open, range, test } from './fixtures';

/** The heads of the table's columns, in their order. */
const heads = async (page: import('@playwright/test').Page) =>
  (await page.getByRole('columnheader').allInnerTexts()).map((text) => text.split('\n')[0].trim());

/** Opens the menu of this name. */
const menu = async (page: import('@playwright/test').Page, name: string) => {
  const details = page.locator('details.menu').filter({ has: page.locator('summary', { hasText: name }) });
  if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
  return details;
};

test.use({ viewport: { width: 1440, height: 900 } });
// Layouts and views are the user's: nobody else may be that one meanwhile.
test.describe.configure({ mode: 'serial' });
test.use({ who: async ({ javaScriptEnabled }, use) => use(javaScriptEnabled === false ? 'supervisor' : 'auditor') });

test.afterEach(async ({ page }) => {
  await page.request.post('/layout', { form: { reset: '1' } });
  await page.request.post('/layout', { form: { density: 'regular' } });
});

test('columns are shown, hidden, moved and made wider from the menu, and stay so', async ({ page, log, javaScriptEnabled }) => {
  await log.begin(3);
  await open(page, log.path);
  expect(await heads(page)).toHaveLength(8);
  let columns = await menu(page, 'Columns');
  await columns.getByRole('checkbox', { name: 'Source' }).click();
  await expect(page.getByRole('columnheader', { name: 'Source' })).toHaveCount(0);
  columns = await menu(page, 'Columns');
  await expect(columns.getByRole('checkbox', { name: 'Source' })).not.toBeChecked();
  await columns.getByRole('button', { name: 'Move User towards the start' }).click();
  await expect.poll(() => heads(page)).toEqual(['User', 'Created At', 'Action', 'Related Operation', 'Impacted Table', 'App Instance', 'Request Path']);
  // The first row is of who looks at the log.
  expect((await column(page, 'User'))[1]).toContain('Ana Prado');
  columns = await menu(page, 'Columns');
  const head = page.getByRole('columnheader', { name: 'User' });
  const width = async () => (await head.boundingBox())!.width;
  const before = await width();
  await columns.getByRole('button', { name: 'Make User wider' }).click();
  await expect.poll(width).toBeGreaterThan(before + 10);
  columns = await menu(page, 'Columns');
  await expect(columns.getByText('7 of 8 shown')).toBeVisible();
  await expect(columns.getByRole('checkbox', { name: 'Action always' })).toHaveAttribute('aria-disabled', 'true');
  if (javaScriptEnabled) await expect(columns.getByRole('button', { name: 'Make User wider' })).toBeFocused();

  // The server has them, for any log.
  if (javaScriptEnabled) await page.waitForLoadState('networkidle');
  await open(page, '/customers/20402/logs');
  expect((await heads(page)).slice(0, 2)).toEqual(['User', 'Created At']);
  await (await menu(page, 'Columns')).getByRole('button', { name: 'Reset' }).click();
  await expect.poll(() => heads(page)).toHaveLength(8);
});

test('rows stand as close as was chosen, in every browser', async ({ page, browser, javaScriptEnabled, context }) => {
  await open(page, '/customers/20402/logs');
  const row = page.locator('.rows tbody tr').first();
  const height = async () => (await row.boundingBox())!.height;
  const before = await height();
  const kept = page.waitForResponse((answer) => answer.url().endsWith('/layout'));
  await page.getByRole('button', { name: 'Compact' }).click();
  await kept;
  await expect.poll(height).toBeLessThan(before);
  const elsewhere = await browser.newContext({ javaScriptEnabled });
  // Another browser, the same person.
  await elsewhere.addCookies(await context.cookies());
  const other = await elsewhere.newPage();
  await other.goto(new URL('/customers/20402/logs', page.url()).href);
  await expect(other.locator('html')).toHaveAttribute('data-density', 'compact');
  await elsewhere.close();
});

test('a view is kept, opened, opened by default, and deleted', async ({ page, log, javaScriptEnabled }) => {
  const name = `Cards ${log.id.slice(-6)}`;
  await log.begin(30);
  await open(page, `${log.path}?impacted_table=cards&sort=action&dir=asc&per_page=10&page=2`);
  let views = await menu(page, 'Views');
  await views.getByRole('textbox', { name: 'Keep this view' }).fill(name);
  await views.getByRole('button', { name: 'Save' }).click();
  await expect(page).toHaveURL(/page=2/);

  await open(page, log.path);
  views = await menu(page, 'Views');
  await views.getByRole('link', { name }).click();
  await expect(range(page)).toHaveText(/rows 1–10 of\s+30$/);
  await expect(page.getByRole('columnheader', { name: 'Action' })).toHaveAttribute('aria-sort', 'ascending');
  await expect(page).not.toHaveURL(/page=2/);

  views = await menu(page, 'Views');
  await expect(views.getByRole('link', { name })).toHaveAttribute('aria-current', 'true');
  await views.getByRole('button', { name: `Open logs with “${name}”` }).click();
  await open(page, log.path);
  await expect(page).toHaveURL(/per_page=10/);
  await open(page, `/customers/${log.id}`);
  await page.getByRole('link', { name: 'Logs', exact: true }).click();
  await expect(page).toHaveURL(/impacted_table=cards/);
  await expect(range(page)).toHaveText(/rows 1–10 of/);
  if (javaScriptEnabled) await expect(page.locator('.views-menu')).toContainText(name);
  views = await menu(page, 'Views');
  await views.getByRole('button', { name: `Delete the view “${name}”` }).click();
  await open(page, log.path);
  await expect(page).not.toHaveURL(/impacted_table/);
  await expect(page.getByText(name)).toHaveCount(0);
});

test('a short link shows the same rows tomorrow', async ({ page, log, context, javaScriptEnabled }) => {
  await log.begin(12);
  await open(page, `${log.path}?user=Ana+Prado&per_page=10`);
  await expect(range(page)).toHaveText(/rows 1–10 of\s+12$/);
  const first = (await column(page, 'Action'))[0];
  if (javaScriptEnabled) await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const made = page.waitForResponse((answer) => answer.url().endsWith('/links'));
  await (await menu(page, 'Views')).getByRole('button', { name: 'Short link to these rows' }).click();
  const link = (await made).headers()['location'];
  if (javaScriptEnabled) {
    await expect(page.getByRole('status')).toHaveText('Short link copied.');
    await expect(page.getByRole('status')).toBeInViewport();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(new URL(link, page.url()).href);
  } else {
    await expect(page.getByRole('link', { name: link })).toBeVisible();
  }
  await log.record(5);
  await open(page, link);
  await expect(range(page)).toHaveText(/rows 1–10 of\s+12$/);
  expect((await column(page, 'Action'))[0]).toBe(first);
});
