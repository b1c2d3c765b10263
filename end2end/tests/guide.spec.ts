import { readFileSync } from 'node:fs';
import { alive, column, expect, range, searchBox, test } from './fixtures';

test.use({ who: 'nobody' });

test('the guide, step by step', async ({ page, javaScriptEnabled }) => {
  const click = async (name: string, role: 'link' | 'button' = 'link') => {
    await page.getByRole(role, { name, exact: true }).click();
  };
  // What without scripts needs a button, happens by itself with them.
  const apply = async (name: string) => {
    if (!javaScriptEnabled) await click(name, 'button');
  };

  // Step 1: accessing the screen.
  await page.goto('/');
  await page.getByLabel('Email').fill('operator@example.com');
  await page.getByRole('textbox', { name: 'Password' }).fill('operator-demo');
  await click('Sign in', 'button');
  await expect(page.getByRole('heading', { level: 1, name: 'Customers' })).toBeVisible();
  await alive(page);
  await page.getByRole('searchbox', { name: 'Search customers' }).fill('20401');
  await apply('Search');
  await expect(range(page)).toHaveText('rows 1–1 of 1');
  await page.getByRole('rowheader').getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Lumen Mercantil');
  await page.getByRole('navigation', { name: 'Customer profile' }).getByRole('link', { name: 'Logs' }).click();
  await expect(page.getByRole('table')).toBeVisible();
  await alive(page);

  // Step 3: the table's structure.
  const heads = await page.getByRole('columnheader').allInnerTexts();
  expect(heads.map((head) => head.replace('UTC', '').trim())).toEqual([
    'Created At', 'User', 'Action', 'Related Operation', 'Impacted Table', 'Source', 'App Instance', 'Request Path',
  ]);
  await expect(range(page)).toHaveText(/^rows 1–25 of\s+25,\d\d\d$/);

  // Step 4: items per page, sorting, search by user or table, export.
  const sizes = page.getByLabel('Items per page');
  expect(await sizes.getByRole('option').allInnerTexts()).toEqual(['10', '25', '50', '100']);
  await sizes.selectOption('50');
  await apply('Apply');
  await expect(range(page)).toHaveText(/^rows 1–50 of\s+25,\d\d\d$/);
  await page.getByRole('columnheader', { name: 'User' }).getByRole('link').click();
  await expect(page.getByRole('columnheader', { name: 'User' })).toHaveAttribute('aria-sort', 'ascending');
  const users = await column(page, 'User');
  expect(users.length).toBe(50);
  await searchBox(page).fill('settle');
  await apply('Search');
  await expect(range(page)).not.toContainText(/of\s+25,\d\d\d$/);
  await alive(page);
  const total = Number((await range(page).innerText()).split(' of ')[1].replace(',', ''));

  await click('Export');
  const download = page.waitForEvent('download');
  await page.getByRole('dialog', { name: 'Export logs' }).getByRole('button', { name: 'Export' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^customer-20401-logs-.*\.csv$/);
  const lines = readFileSync(await file.path(), 'utf8').trimEnd().split('\r\n');
  expect(lines[0]).toBe(
    'seq,created_at,user,action,related_operation,impacted_table,source,app_instance,request_path',
  );
  expect(lines.length - 1).toBe(total);
});
