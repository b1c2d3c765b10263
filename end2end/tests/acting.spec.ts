import { type Page } from '@playwright/test';
import { column, expect, open, test } from './fixtures';

/** A number that no other run of this test has. */
const fresh = (javaScript: boolean | undefined) => `e2e-${javaScript === false ? 'plain' : 'wasm'}-${Date.now()}`;

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const tab = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Customer profile' }).getByRole('link', { name, exact: true }).click();

test('a customer is added, their limit changed, and a withdrawal over it requested and approved: all in the log', async ({
  page, browser, baseURL, javaScriptEnabled,
}) => {
  const number = fresh(javaScriptEnabled);

  // Add a customer.
  await open(page, '/customers');
  await page.getByRole('link', { name: 'Add customer' }).click();
  await page.getByLabel('Number').fill(number);
  await page.getByLabel('Name').fill('Oficina Aurora Ltda.');
  await page.getByLabel('Daily limit').fill('1,000.00');
  await press(page, 'Add customer');
  await expect(page.getByRole('heading', { level: 1, name: 'Oficina Aurora Ltda.' })).toBeVisible();

  // Change its limit.
  await tab(page, 'Settings');
  await page.getByLabel('Daily limit').fill('250.00');
  await press(page, 'Save settings');
  await expect(page.getByRole('status').filter({ hasText: 'The settings are saved.' })).toBeVisible();

  // Deposit, and request a withdrawal over the limit.
  await tab(page, 'Operations');
  await page.getByRole('link', { name: 'New deposit' }).click();
  await page.getByLabel('Amount').fill('5,000');
  await press(page, 'Perform deposit');
  await expect(page.getByText('Completed')).toBeVisible();
  await tab(page, 'Operations');
  await page.getByRole('link', { name: 'New withdrawal' }).click();
  await expect(page.getByText('250.00 EUR can be withdrawn today at once.')).toBeVisible();
  await page.getByLabel('Amount').fill('900');
  await page.getByLabel('Note').fill('Rent');
  await press(page, 'Perform withdrawal');
  const name = await page.getByRole('heading', { level: 2 }).innerText();
  expect(name).toMatch(/^withdrawal #\d+$/);
  await expect(page.getByText('Waits for approval')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Approve' })).toHaveCount(0);

  // Another operator approves it.
  const other = await browser.newContext({ baseURL, javaScriptEnabled });
  const form = { email: 'supervisor@example.com', password: 'supervisor-demo' };
  await other.request.post('/sign-in', { form, maxRedirects: 0 });
  const theirs = await other.newPage();
  await theirs.goto(page.url());
  await press(theirs, 'Approve');
  await expect(theirs.getByText('Approved by')).toBeVisible();
  await other.close();

  // The Financial tab leads to the operation, and the operation to its entries.
  await tab(page, 'Financial');
  await expect(page.locator('.balances')).toContainText('4,100.00');
  await page.getByRole('link', { name }).first().click();
  const timeline = page.getByRole('table');
  await expect(timeline.getByRole('row')).toHaveCount(1 + 6);

  // The Logs tab shows each act with user, tables, one related operation, source, instance and path.
  await tab(page, 'Logs');
  const search = page.getByRole('navigation', { name: 'Pages' });
  await expect(search).toContainText('rows 1–12 of 12');
  const rows = async () => {
    const of = await Promise.all(
      ['Action', 'User', 'Related Operation', 'Impacted Table', 'Source', 'App Instance', 'Request Path'].map((name) => column(page, name)),
    );
    return of[0].map((_, row) => of.map((values) => values[row].replace(/\s+/g, ' ')));
  };
  const [action, user, operation, table, source, instance, path] = [0, 1, 2, 3, 4, 5, 6];
  const shown = await rows();
  const of = (rows: string[][]) => rows.map((row) => [row[action], row[table]]);
  const withdrawal = shown.filter((row) => row[operation] === name);
  expect(of(withdrawal).sort()).toEqual([
    ['Approved withdrawal', 'operation'],
    ['Changed balances', 'account'],
    ['Changed balances', 'account'],
    ['Posted ledger line', 'ledger_line'],
    ['Posted ledger line', 'ledger_line'],
    ['Requested withdrawal', 'operation'],
  ]);
  expect(of(shown)).toContainEqual(['Added customer', 'customer']);
  expect(of(shown)).toContainEqual(['Changed daily limit', 'customer']);
  for (const row of shown) {
    expect(row[source]).toBe('UI');
    expect(row[instance]).not.toBe('');
  }
  const approved = withdrawal.find((row) => row[action] === 'Approved withdrawal')!;
  expect(approved[user]).toContain('Priya Raman');
  expect(approved[path]).toBe(`POST /customers/${number}/operations/${name.split('#')[1]}/approve`);
  expect(shown.find((row) => row[action] === 'Changed daily limit')![path]).toBe(`POST /customers/${number}/settings`);
});

test('a form with faults says what is wrong beside the field, and keeps what was typed', async ({ page }) => {
  await open(page, '/customers/20402/settings');
  await page.getByLabel('Tags').fill('vip');
  // The browser takes it for an amount; the server knows that it is too large.
  await page.getByLabel('Daily limit').fill('99999999999999999999');
  await press(page, 'Save settings');
  await expect(page.getByRole('alert')).toHaveText('One field needs another look.');
  await expect(page.getByLabel('Daily limit')).toHaveAccessibleDescription(/Write an amount such as 1250.00/);
  await expect(page.getByLabel('Tags')).toHaveValue('vip');
});

test('auditors see settings, operations and money, and can change none of it', async ({ browser, baseURL, javaScriptEnabled }) => {
  const context = await browser.newContext({ baseURL, javaScriptEnabled });
  await context.request.post('/sign-in', { form: { email: 'auditor@example.com', password: 'auditor-demo' }, maxRedirects: 0 });
  const page = await context.newPage();
  for (const path of ['settings', 'operations', 'financial']) {
    await page.goto(`/customers/20402/${path}`);
    await expect(page.getByRole('heading', { level: 1 })).toContainText('Cooperativa Vale Verde');
    await expect(page.locator('main form[method=post]')).toHaveCount(0);
    await expect(page.getByRole('link', { name: /^New / })).toHaveCount(0);
  }
  await context.close();
});
