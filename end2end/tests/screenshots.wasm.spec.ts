import { LARGEST, SlowExport, expect, open, searchBox, test } from './fixtures';

// With SCREENSHOTS set the pictures in the repository are taken anew; without, they are only looked at here.
const folder = process.env.SCREENSHOTS ? 'screenshots' : 'results/screenshots';

const pages = [
  { name: 'logs', path: `${LARGEST}?page=3`, who: 'operator' },
  { name: 'logs-new', path: `${LARGEST}?as_of=24990`, who: 'operator' },
  { name: 'logs-empty', path: `${LARGEST}?q=marina.costa&in=user`, who: 'operator' },
  { name: 'logs-filtered', path: `${LARGEST}?user.has=settle&not.source=API&from=-90d&facet=action`, who: 'operator' },
  { name: 'logs-time', path: `${LARGEST}?from=-30d&tz=America/Sao_Paulo`, who: 'operator', press: 'details.time > summary', shows: '.range-panel' },
  { name: 'logs-entry', path: `${LARGEST}?action=Changed+daily+limit`, who: 'operator', press: '.rows .open >> nth=0', shows: '#entry-title' },
  { name: 'logs-columns', path: `${LARGEST}?as_of=25000`, who: 'operator', press: 'details.columns > summary', shows: 'details.columns .panel', widths: [1440] },
  { name: 'logs-views', path: `${LARGEST}?as_of=25000&user.has=settle&from=-90d`, who: 'operator', press: 'details.views > summary', shows: 'details.views .panel' },
  { name: 'logs-completion', path: `${LARGEST}?as_of=25000`, who: 'operator', type: 'settle', shows: '[role=listbox]' },
  { name: 'logs-wrong', path: `${LARGEST}?as_of=25000&q=source:phone+colour:red`, who: 'operator' },
  { name: 'logs-live', path: LARGEST, who: 'operator', press: '.live', shows: '.live[aria-pressed=true]' },
  { name: 'logs-compact', path: `${LARGEST}?as_of=25000&per_page=100`, who: 'operator', press: 'button[aria-label=Compact]', widths: [1440] },
  { name: 'logs-keys', path: `${LARGEST}?as_of=25000`, who: 'operator', key: '?', shows: 'dialog[open]' },
  { name: 'logs-missing', path: '/customers/1/logs', who: 'operator' },
  { name: 'logs-export-choose', path: `${LARGEST}?as_of=25000&user.has=settle&from=2026-01-01&export=1`, who: 'operator' },
  { name: 'logs-copy', path: `${LARGEST}?as_of=25000&page=3`, who: 'operator', press: 'details.copy > summary', shows: 'details.copy .panel' },
  { name: 'timeline', path: `${LARGEST}?as_of=25000&action=Changed+daily+transfer+limit`, who: 'operator', press: '.rows .op >> nth=0', shows: 'ol.timeline' },
  { name: 'customers', path: '/customers', who: 'operator' },
  { name: 'overview', path: '/customers/20401', who: 'operator' },
  { name: 'operations', path: '/customers/20402/operations', who: 'operator' },
  { name: 'operation', path: '/customers/20402/operations/1007', who: 'supervisor' },
  { name: 'new-withdrawal', path: '/customers/20402/operations/new?kind=withdrawal', who: 'operator' },
  { name: 'financial', path: '/customers/20402/financial', who: 'operator' },
  { name: 'settings', path: '/customers/20402/settings', who: 'operator' },
  { name: 'api-docs', path: '/api/docs', who: 'nobody' },
  { name: 'own', path: '/', who: 'customer' },
  { name: 'sign-in', path: '/sign-in', who: 'nobody' },
  { name: 'logs-pt', path: `${LARGEST}?page=3`, who: 'operator', locale: 'pt-BR' },
  { name: 'logs-es', path: `${LARGEST}?page=3`, who: 'operator', locale: 'es' },
] as const;

for (const { name, path, who, ...more } of pages) {
  for (const theme of ['light', 'dark'] as const) {
    // Cards show everything, whatever the columns are.
    for (const width of 'widths' in more ? more.widths : [1440, 390]) {
      test.describe(() => {
        test.use({ who, colorScheme: theme, viewport: { width, height: width > 1000 ? 900 : 844 } });
        if ('locale' in more) test.use({ locale: more.locale });
        if (width < 1000) test.use({ hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
        test(`${name}, ${theme}, ${width} wide`, async ({ page }) => {
          await open(page, path);
          if ('press' in more) await page.locator(more.press).dispatchEvent('click');
          if ('type' in more) await searchBox(page).fill(more.type);
          if ('key' in more) await page.keyboard.press(more.key);
          if ('shows' in more) await expect(page.locator(more.shows)).toBeVisible();
          const wide = await page.evaluate(() => document.documentElement.scrollWidth);
          expect(wide).toBeLessThanOrEqual(width);
          await page.screenshot({ path: `${folder}/${name}-${theme}-${width}.png` });
        });
      });
    }
  }
}

for (const theme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test.describe(() => {
      test.use({ colorScheme: theme, viewport: { width, height: width > 1000 ? 900 : 844 } });
      if (width < 1000) test.use({ hasTouch: true, isMobile: true, deviceScaleFactor: 2 });
      test(`an export that goes on and one that is done, ${theme}, ${width} wide`, async ({ page, context, log, baseURL }) => {
        await log.begin(30);
        await log.recordLarge(400);
        const slow = new SlowExport();
        await slow.begin(context, log, baseURL!);
        await slow.read(10_000_000);
        await open(page, `${log.path}?export=${slow.id}`);
        await expect(page.getByText(/rows\/s/)).toBeVisible();
        await page.screenshot({ path: `${folder}/logs-export-running-${theme}-${width}.png` });
        await slow.rest();
        await expect(page.getByText(/rows are in the file/)).toBeVisible();
        await page.screenshot({ path: `${folder}/logs-export-done-${theme}-${width}.png` });
      });
    });
  }
}

test('a printed page', async ({ page }) => {
  await open(page, `${LARGEST}?as_of=25000&user.has=settle&from=2026-01-01&per_page=50`);
  await page.emulateMedia({ media: 'print' });
  await page.setViewportSize({ width: 1047, height: 720 });
  await page.screenshot({ path: `${folder}/logs-print.png`, fullPage: true });
});
