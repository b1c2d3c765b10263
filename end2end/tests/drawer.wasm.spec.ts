import { LARGEST, column, expect, open, range, test } from './fixtures';

test('the drawer is walked by key, follows the rows, and gives the focus back', async ({ page }) => {
  await open(page, `${LARGEST}?per_page=10`);
  const actions = await column(page, 'Action');
  const title = page.locator('#entry-title');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await expect(title).toHaveText(actions[0]);
  await expect(title).toBeFocused();
  const rows = page.locator('.rows tbody tr');
  await expect(rows.first()).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await expect(rows.nth(2)).toHaveAttribute('aria-current', 'true');
  await expect(title).toHaveText(actions[2]);
  await page.keyboard.press('Escape');
  await expect(page.locator('.drawer')).toBeHidden();
  await expect(rows.nth(2)).toBeFocused();
  // Pressing beside the values opens it, too; the focus enters.
  await rows.nth(4).locator('td').first().click();
  await expect(title).toHaveText(actions[4]);
  await expect(title).toBeFocused();
  await page.getByRole('link', { name: 'The entry before this one' }).click();
  await expect(title).toHaveText(actions[5]);
  await page.keyboard.press('Escape');
  await expect(page.locator('.drawer')).toBeHidden();
});

test('keys filter by the focused value, and clear it all again', async ({ page }) => {
  await open(page, `${LARGEST}?dir=asc&as_of=25000`);
  await page.locator('.rows').getByRole('button', { name: 'System', exact: true }).first().focus();
  await page.keyboard.press('f');
  await expect(page).toHaveURL(/source=System/);
  await expect(range(page)).not.toHaveText(/25,000/);
  await page.locator('.rows tbody tr').nth(2).focus();
  await page.keyboard.press('Shift+F');
  await expect(page).toHaveURL(/not\.user=/);
  await page.keyboard.press('Shift+X');
  await expect(range(page)).toHaveText('rows 1–25 of 25,000');
});

test('a stretch is drawn in the strip, and its ends are moved by key', async ({ page }) => {
  await open(page, LARGEST);
  const plot = page.locator('.plot');
  const box = (await plot.boundingBox())!;
  await page.mouse.move(box.x + box.width * 0.5, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.7, box.y + 20, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(range(page)).not.toHaveText(/of\s+25,\d\d\d$/);
  const total = async () => (await range(page).innerText()).split('of')[1];
  const drawn = await total();
  const handle = page.getByRole('slider', { name: 'End of the range' });
  await handle.focus();
  const value = Number(await handle.getAttribute('aria-valuenow'));
  await page.keyboard.press('ArrowLeft');
  await expect(handle).toHaveAttribute('aria-valuenow', String(value - 1));
  await page.keyboard.press('Enter');
  await expect.poll(total).not.toBe(drawn);
  // A press on a bar shows that bar.
  await page.goto(LARGEST);
  await page.locator('html[data-script]').waitFor({ state: 'attached' });
  await plot.click({ position: { x: 300, y: 20 } });
  await expect(page).toHaveURL(/from=.*to=/);
});

test('what is new comes in by itself while the log is live, but moves nothing that is read', async ({ page, log }) => {
  await log.begin(3);
  await open(page, log.path);
  await page.getByRole('button', { name: 'Live' }).click();
  await log.record(1);
  await expect(range(page)).toHaveText('rows 1–6 of 6');
  expect((await column(page, 'Action'))[0]).toBe('Did it 4');
  // Somebody reads a row.
  await page.keyboard.press('j');
  await log.record(2);
  await expect(page.getByRole('link', { name: '2 new entries' })).toBeVisible();
  expect((await column(page, 'Action'))[0]).toBe('Did it 4');
  await page.locator('body').click({ position: { x: 700, y: 60 } });
  await log.record(1);
  await expect(range(page)).toHaveText('rows 1–9 of 9');
  await page.getByRole('button', { name: 'Live' }).click();
  await log.record(1);
  await expect(page.getByRole('link', { name: '1 new entry' })).toBeVisible({ timeout: 15_000 });
  await expect(range(page)).toHaveText('rows 1–9 of 9');
});
