import AxeBuilder from '@axe-core/playwright';
import { type Page } from '@playwright/test';
import { LARGEST, SlowExport, expect, open, range, test } from './fixtures';

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Export logs' });
const rows = (page: Page) => page.locator('.rows tbody tr');

test('an export goes on while one browses, says how far it is, and that it has ended', async ({ page, context, log, baseURL }) => {
  test.setTimeout(60_000);
  await log.begin(30);
  await log.recordLarge(400);
  const spoken: string[] = [];
  await page.exposeFunction('heard', (text: string) => spoken.push(text));
  await open(page, `${log.path}?export=1`);
  await page.evaluate(() => {
    const line = document.querySelector('[role=status]')!;
    new MutationObserver(() => (window as unknown as { heard: (text: string) => void }).heard(line.textContent!)).observe(line, {
      childList: true, characterData: true, subtree: true,
    });
  });
  await expect(dialog(page)).toBeVisible();
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/fn/log-exports')) asked.push(request.url());
  });
  // Nothing goes on: nothing is asked.
  await page.getByRole('link', { name: 'Cancel' }).click();
  await expect(dialog(page)).toBeHidden();
  await expect(page.locator('.bar .export')).toBeFocused();
  const slow = new SlowExport();
  await slow.begin(context, log, baseURL!);
  await page.keyboard.press('e');
  await expect(dialog(page)).toBeVisible();
  await dialog(page).getByRole('link', { name: /Exporting \d+%/ }).click();
  const bar = dialog(page).getByRole('progressbar');
  await expect(bar).toBeVisible();
  const far = async () => Number(await bar.getAttribute('value'));
  const first = await far();
  await slow.read(12_000_000);
  await expect.poll(far).toBeGreaterThan(first);
  await expect(dialog(page)).toContainText(/rows\/s · about \d+ s left/);

  // Hidden, it goes on, and so does the page.
  await dialog(page).getByRole('link', { name: 'Hide' }).click();
  await expect(dialog(page)).toBeHidden();
  const going = page.getByRole('link', { name: /^Exporting \d+%$/ });
  await expect(going).toBeVisible();
  await page.keyboard.press(']');
  await expect(range(page)).toHaveText(/^rows 26–50/);
  await page.getByRole('columnheader', { name: 'Action' }).getByRole('link').click();
  await expect(going).toBeVisible();
  expect(await slow.rest()).toBe(true);
  await expect(going).toHaveCount(0);
  await expect(page.getByRole('status')).toHaveText(/^Export finished: 43\d rows\.$/);
  expect(spoken.some((text) => /^Exporting: [2468]0 per cent\.$/.test(text)), spoken.join()).toBe(true);
  const times = asked.length;
  await page.keyboard.press('[');
  await expect(range(page)).toHaveText(/^rows 1–25/);
  expect(asked.length, 'nothing is asked once it is over').toBeLessThanOrEqual(times + 1);
});

test('what is chosen for the next export stays chosen while one goes on', async ({ page, context, log, baseURL }) => {
  await log.begin(1);
  await log.recordLarge(100);
  const slow = new SlowExport();
  await slow.begin(context, log, baseURL!);
  await open(page, `${log.path}?export=1`);
  await dialog(page).getByRole('radio', { name: /^JSON Lines/ }).check();
  await dialog(page).getByLabel('Time zone').fill('America/Sao_Paulo');
  // The page asks how far the other is.
  for (let times = 0; times < 2; times++) await page.waitForResponse((answer) => answer.url().includes('/fn/log-exports'));
  await expect(dialog(page).getByRole('radio', { name: /^JSON Lines/ })).toBeChecked();
  await expect(dialog(page).getByLabel('Time zone')).toHaveValue('America/Sao_Paulo');
  expect(await slow.rest()).toBe(true);
});

test('the dialog is left by Escape and by Back, and its digest is copied', async ({ page, context, log }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await log.begin(3);
  await open(page, log.path);
  await page.keyboard.press('e');
  await expect(dialog(page).getByRole('heading', { name: 'Export logs' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(page).toHaveURL((url) => !url.searchParams.has('export'));
  await page.getByRole('link', { name: 'Export', exact: true }).click();
  const download = page.waitForEvent('download');
  await dialog(page).getByRole('button', { name: 'Export' }).click();
  await (await download).path();
  await dialog(page).getByRole('button', { name: 'Copy digest' }).click();
  const digest = await page.evaluate(() => navigator.clipboard.readText());
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  await expect(dialog(page).getByText(digest)).toBeVisible();
  await page.goBack();
  await expect(dialog(page)).toBeHidden();
});

test('rows are selected by pointer and key, and copied as CSV, JSON and Markdown', async ({ page, context, log }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await log.begin(12);
  await open(page, `${log.path}?user=Ana+Prado`);
  const selected = page.locator('.rows tbody tr[aria-selected=true]');
  const said = page.getByRole('status');
  const copied = async (name: string) => {
    await page.getByText('Copy', { exact: true }).click();
    await page.getByRole('button', { name, exact: true }).click();
    return page.evaluate(() => navigator.clipboard.readText());
  };
  // None selected: all of the page.
  const all = await copied('CSV');
  await expect(said).toHaveText('12 rows copied as CSV.');
  const lines = all.trimEnd().split('\r\n');
  expect(lines[0]).toBe('seq,created_at,user,action,related_operation,impacted_table,source,app_instance,request_path');
  expect(lines).toHaveLength(13);
  // The same as the export writes.
  const file = await page.request.get(`/api/v1${log.path}/export?user=Ana+Prado`);
  expect(await file.text()).toBe(all);

  await rows(page).nth(1).getByRole('button', { name: /^Ana Prado/ }).click({ modifiers: ['Control'] });
  await expect(said).toHaveText('1 row selected.');
  await rows(page).nth(3).click({ modifiers: ['Shift'] });
  await expect(said).toHaveText('3 rows selected.');
  await expect(selected).toHaveCount(3);
  expect(await page.evaluate(() => getSelection()!.isCollapsed), 'no text is selected').toBe(true);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  const json = JSON.parse(await copied('JSON'));
  await expect(said).toHaveText('3 rows copied as JSON.');
  expect(json.map((entry: { action: string }) => entry.action)).toEqual(['Did it 11', 'Did it 10', 'Did it 9']);

  // By key.
  await page.keyboard.press('Escape');
  await expect(selected).toHaveCount(0);
  await expect(said).toHaveText('No row is selected.');
  await page.locator('.rows tbody tr[tabindex="0"]').focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(said).toHaveText('2 rows selected.');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await expect(selected).toHaveCount(3);
  const table = (await copied('Markdown')).trimEnd().split('\n');
  await expect(said).toHaveText('3 rows copied as Markdown.');
  expect(table[0]).toMatch(/^\| Created At \(UTC\) \| User \| Action \|/);
  expect(table).toHaveLength(2 + 3);
  expect(table[4]).toContain('| Did it 9 |');
  // Another page: nothing of it is selected.
  await open(page, `${log.path}?per_page=10`);
  await rows(page).first().click({ modifiers: ['Control'], position: { x: 4, y: 4 } });
  await expect(selected).toHaveCount(1);
  await page.keyboard.press(']');
  await expect(range(page)).toHaveText(/^rows 11–/);
  await expect(selected).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390, 320]) {
    test(`axe finds nothing in the dialog, ${colorScheme}, ${width} wide`, async ({ page, log }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await log.begin(3);
      const asked = page.waitForEvent('download');
      for (const path of [`${LARGEST}?user.has=settle&export=1`, `${log.path}?export=1`]) {
        await open(page, path);
        await expect(dialog(page)).toBeVisible();
        expect((await new AxeBuilder({ page }).analyze()).violations, path).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      }
      await dialog(page).getByRole('button', { name: 'Export' }).click();
      await asked;
      await expect(dialog(page).getByText(/^All \d+ rows are in the file\.$/)).toBeVisible();
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    });
  }
}
