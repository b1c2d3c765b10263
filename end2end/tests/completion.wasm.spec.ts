import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { LARGEST, expect, open, range, searchBox, test } from './fixtures';

const options = (page: Page) => page.getByRole('listbox').getByRole('option');
const list = (page: Page) => page.getByRole('listbox', { name: 'Suggestions' });
const chips = (page: Page) => page.getByRole('list', { name: 'Filters in force' }).getByRole('listitem');

test('words suggest users and tables with their counts, and a press filters by exactly that', async ({ page }) => {
  await open(page, LARGEST);
  const box = page.getByRole('combobox', { name: 'Search this log' });
  await expect(box).toHaveAttribute('aria-expanded', 'false');
  await box.pressSequentially('settle');
  await expect(options(page).first()).toContainText(/User · [\d,]+/);
  const [name, aside] = await options(page).first().locator('bdi, .aside').allInnerTexts();
  await options(page).first().click();
  await expect(chips(page)).toHaveText([`User is ${name}`]);
  await expect(range(page)).toContainText(`of ${aside.split('· ')[1]}`);
  await expect(box).toBeFocused();
  await expect(box).toHaveValue('');
  await expect(list(page)).toHaveCount(0);
});

test('the keyboard chooses, and a screen reader follows', async ({ page }) => {
  await open(page, LARGEST);
  const box = page.getByRole('combobox', { name: 'Search this log' });
  await box.pressSequentially('sour');
  await expect(options(page)).toHaveText([/source:/]);
  const spoken = page.locator('.search [aria-live]');
  await expect(spoken).toHaveText('1 suggestion');
  await expect(box).toHaveAttribute('aria-expanded', 'true');
  await expect(box).toHaveAttribute('aria-controls', 'completions');
  await expect(box).not.toHaveAttribute('aria-activedescendant');
  await page.keyboard.press('ArrowDown');
  await expect(options(page).first()).toHaveAttribute('aria-selected', 'true');
  await expect(box).toHaveAttribute('aria-activedescendant', 'completion-0');
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  // A field goes on with its values.
  await page.keyboard.press('Tab');
  await expect(box).toHaveValue('source:');
  await expect(options(page)).toHaveCount(3);
  await page.keyboard.type('ap');
  await expect(options(page)).toHaveText([/API/]);
  // Whatever else the page tells meanwhile.
  await expect(spoken).toHaveText('1 suggestion');
  await page.keyboard.press('ArrowUp');
  await expect(box).toHaveAttribute('aria-activedescendant', 'completion-0');
  await page.keyboard.press('Enter');
  await expect(chips(page)).toHaveText(['Source is API']);
  await expect(box).toBeFocused();
});

test('what is typed besides stays, and is in force', async ({ page }) => {
  await open(page, `${LARGEST}?source=System`);
  const box = searchBox(page);
  await box.fill('-user:=settlement');
  await expect(options(page).first()).toContainText('not: User');
  const aside = await options(page).first().locator('.aside').innerText();
  const answer = await page.request.get(`${LARGEST.replace('/customers', '/api/v1/customers')}?source=System&user.has=settlement`);
  const { total } = await answer.json();
  expect(aside).toContain(`· ${total.value.toLocaleString('en')}`);
  await box.fill('after:-90d user:settle balances');
  await box.evaluate((field: HTMLInputElement) => field.setSelectionRange(22, 22));
  await page.keyboard.press('Escape');
  await box.focus();
  await page.keyboard.press('ArrowDown');
  await expect(options(page).first()).toContainText('User');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(chips(page)).toHaveText([/Created At/, /User is/, /Source is System/]);
  await expect(box).toHaveValue('balances');
});

test.describe('a key that is quicker than the pause in typing', () => {
  // Typing rests when the test says so.
  test.beforeEach(async ({ page }) => {
    await page.clock.install();
    await open(page, LARGEST);
    await page.clock.pauseAt(Date.now() + 60_000);
  });

  /** Lets typing rest; says how often suggestions were asked for by that. */
  async function rest(page: Page) {
    let asked = 0;
    page.on('request', (request) => (asked += Number(request.url().includes('/log-completions'))));
    await page.clock.runFor(1_000);
    // What was asked for went out before this.
    await page.evaluate(() => fetch('/healthz').then((answer) => answer.text()));
    return asked;
  }

  test('asks for the list once, and the row it marks stays marked', async ({ page }) => {
    const box = searchBox(page);
    await box.fill('user:settle');
    await box.press('ArrowDown');
    await expect(options(page).first()).toContainText('User');
    await box.press('ArrowDown');
    expect(await rest(page)).toBe(0);
    await expect(box).toHaveAttribute('aria-activedescendant', 'completion-0');
    await box.press('Enter');
    await expect(chips(page)).toHaveText([/^User is /]);
  });

  test('closes the list for good', async ({ page }) => {
    const box = searchBox(page);
    await box.fill('user:s');
    expect(await rest(page)).toBe(1);
    await expect(options(page).first()).toBeVisible();
    await box.press('e');
    await box.press('Escape');
    expect(await rest(page)).toBe(0);
    await expect(list(page)).toHaveCount(0);
    await expect(box).toHaveValue('user:se');
  });
});

test('moments are suggested where one is wanted', async ({ page }) => {
  await open(page, LARGEST);
  await searchBox(page).fill('before:');
  await expect(options(page)).toHaveCount(6);
  await options(page).filter({ hasText: 'yesterday' }).click();
  await expect(chips(page)).toHaveText([/Created At/]);
});

test('Escape closes the list and keeps the text, and the list moves nothing', async ({ page }) => {
  await open(page, LARGEST);
  const box = searchBox(page);
  const places = () => page.locator('.filters, .strip-host, .rows').evaluateAll((parts) => parts.map((part) => part.getBoundingClientRect().top));
  const before = await places();
  await box.pressSequentially('user:s');
  await expect(options(page).first()).toBeVisible();
  expect(await places()).toEqual(before);
  await page.keyboard.press('Escape');
  await expect(list(page)).toHaveCount(0);
  await expect(box).toHaveValue('user:s');
  await expect(box).toBeFocused();
  // With nothing chosen, Enter searches for what is typed.
  await page.keyboard.type('ettle');
  await expect(options(page).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(chips(page)).toHaveText(['User contains settle']);
});

test('an empty box tells what there is to ask for', async ({ page }) => {
  await open(page, LARGEST);
  await searchBox(page).focus();
  await expect(list(page)).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await expect(options(page)).toHaveText([/user:/, /action:/, /operation:/, /table:/, /source:/, /instance:/, /path:/, /after:/, /before:/]);
  await page.getByRole('heading', { level: 1 }).click();
  await expect(list(page)).toHaveCount(0);
});

test('an answer that comes too late is dropped', async ({ page }) => {
  await open(page, LARGEST);
  let held = () => {};
  const wait = new Promise<void>((go) => (held = go));
  await page.route('**/fn/log-completions*', async (route) => {
    if (new URL(route.request().url()).searchParams.get('text') === 'user:') await wait;
    await route.continue();
  });
  const box = searchBox(page);
  const asked = page.waitForRequest(/log-completions/);
  await box.fill('user:');
  await asked;
  await box.fill('source:');
  await expect(options(page)).toHaveCount(3);
  const late = page.waitForResponse((answer) => answer.url().includes('text=user'));
  held();
  await late;
  await expect(options(page)).toHaveCount(3);
  await expect(options(page).first()).toContainText('Source');
});

test.describe('a customer', () => {
  test.use({ who: 'customer' });
  test('is suggested nothing of what is not seen', async ({ page }) => {
    await open(page, '/');
    const box = searchBox(page);
    await box.focus();
    await page.keyboard.press('ArrowDown');
    await expect(options(page)).toHaveText([/user:/, /action:/, /operation:/, /source:/, /after:/, /before:/]);
    const quiet = page.waitForResponse(/log-completions/);
    await box.fill('table:a');
    await quiet;
    await expect(list(page)).toHaveCount(0);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390, 320]) {
    test(`axe finds nothing in the list, ${colorScheme}, ${width} wide`, async ({ page }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 844 });
      await open(page, LARGEST);
      await searchBox(page).fill('s');
      await expect(options(page).first()).toBeVisible();
      await page.keyboard.press('ArrowDown');
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    });
  }
}
