import AxeBuilder from '@axe-core/playwright';
import { LARGEST, expect, open, test } from './fixtures';

// Playwright's own trace takes a picture of the page at each step, which costs more than looking at it.
test.use({ trace: 'off' });

const states = {
  'the log': LARGEST,
  'a sorted search': `${LARGEST}?q=settle&sort=user&dir=asc&page=2`,
  'filters, and the values of a field': `${LARGEST}?user.has=settle&not.source=API&from=-90d&facet=action`,
  'an entry': `${LARGEST}?as_of=25000&entry=24990`,
  'new entries': `${LARGEST}?as_of=24990`,
  'nothing found': `${LARGEST}?q=zzz`,
  'notes': `${LARGEST}?page=99999&per_page=7`,
  'the overview': '/customers/20401',
  'the customers': '/customers',
  'adding a customer': '/new-customer',
  'the settings': '/customers/20402/settings',
  'the operations': '/customers/20402/operations',
  'an operation': '/customers/20402/operations/1007',
  'a new withdrawal': '/customers/20402/operations/new?kind=withdrawal',
  'the ledger': '/customers/20402/financial',
  'the description of the API': '/api/docs',
  'not found': '/customers/nobody/logs',
};

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`axe finds nothing, ${colorScheme}, ${width} wide`, async ({ page }) => {
      test.setTimeout(180_000);
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      for (const [state, path] of Object.entries(states)) {
        await open(page, path);
        expect((await new AxeBuilder({ page }).analyze()).violations, state).toEqual([]);
      }
    });
  }
}

test('axe finds nothing in what opens by a press', async ({ page }) => {
  test.setTimeout(240_000);
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await open(page, `${LARGEST}?as_of=25000`);
    for (const press of ['details.time > summary', 'details.add > summary', '.as-table > summary']) {
      const summary = page.locator(press);
      await summary.focus();
      await summary.press('Enter');
      expect((await new AxeBuilder({ page }).analyze()).violations, press).toEqual([]);
      await summary.press('Enter');
    }
    await page.goto((await page.locator('.rows .op').first().evaluate((link: HTMLAnchorElement) => link.href)));
    await expect(page.locator('.timeline')).toBeVisible();
    expect((await new AxeBuilder({ page }).analyze()).violations, 'a timeline').toEqual([]);
  }
});

for (const who of ['customer', 'nobody'] as const) {
  test.describe(() => {
    test.use({ who });
    test(`axe finds nothing on the first page of ${who}`, async ({ page }) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await open(page, who === 'customer' ? '/' : '/sign-in?problem=credentials');
        expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      }
    });
  });
}

test('nothing needs sideways scrolling at 320 pixels', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 700 });
  for (const [state, path] of Object.entries(states)) {
    await open(page, path);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    expect(wide, state).toBeLessThanOrEqual(320);
  }
});
