import { LARGEST, expect, open, range, searchBox, test } from './fixtures';

test('single keys do what their controls do', async ({ page }) => {
  await open(page, LARGEST);
  await page.keyboard.press(']');
  await expect(range(page)).toHaveText(/^rows 26–50 of\s+25,\d\d\d$/);
  await page.keyboard.press('[');
  await expect(range(page)).toHaveText(/^rows 1–25 of\s+25,\d\d\d$/);
  await page.keyboard.press('g');
  await expect(page.getByRole('textbox', { name: 'Page' })).toBeFocused();
  await page.keyboard.type('9');
  await page.keyboard.press('Enter');
  await expect(range(page)).toHaveText(/^rows 201–225 of\s+25,\d\d\d$/);
  await page.locator('body').click({ position: { x: 700, y: 60 } });
  await page.keyboard.press('/');
  await expect(searchBox(page)).toBeFocused();
  await page.keyboard.type('settle]');
  await expect(page).toHaveURL(/q=settle%5D/);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Shift+X');
  await expect(page).toHaveURL((url) => !url.searchParams.has('q'));
  await page.keyboard.press('e');
  await expect(page.getByRole('dialog', { name: 'Export logs' })).toBeVisible();
});

test('the table is one tab stop, and its rows are walked', async ({ page }) => {
  await open(page, LARGEST);
  const rows = page.locator('.rows tbody tr');
  await expect(page.locator('.rows tbody tr[tabindex="0"]')).toHaveCount(1);
  await page.keyboard.press('j');
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowDown');
  await expect(rows.nth(2)).toBeFocused();
  await page.keyboard.press('k');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(rows.nth(24)).toBeFocused();
  await page.keyboard.press('Home');
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Items per page')).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await expect(rows.nth(0)).toBeFocused();
});

test('the keys are told, and can be turned off', async ({ page }) => {
  await open(page, LARGEST);
  await page.keyboard.press('?');
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(help).toBeVisible();
  await help.getByRole('checkbox', { name: 'Single keys are on' }).uncheck();
  await page.keyboard.press('Escape');
  await expect(help).toBeHidden();
  await page.keyboard.press('?');
  await expect(help).toBeHidden();
  await page.reload();
  await page.locator('html[data-script]').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await expect(help.getByRole('checkbox')).not.toBeChecked();
});

test('the skip link leads past the header', async ({ page }) => {
  await open(page, LARGEST);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Overview' })).toBeFocused();
});

test('y copies the link to what is shown, and says so', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, `${LARGEST}?sort=user&page=3`);
  await page.keyboard.press('y');
  await expect(page.getByRole('status')).toHaveText('Link copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
});
