import AxeBuilder from '@axe-core/playwright';
import { LARGEST, expect, open, test } from './fixtures';

/** The Logs tab with all that can stand in it. */
const FULL = `${LARGEST}?user.has=settle&not.source=API&from=-90d&as_of=25000`;

test('at 200 % zoom everything is there without sideways scrolling, and rows have room between what sticks', async ({ page }) => {
  // 1440 by 900, each pixel twice as large.
  await page.setViewportSize({ width: 720, height: 450 });
  for (const path of [FULL, `${FULL}&entry=24990`, `${FULL}&facet=action`, '/customers', '/customers/20402/settings']) {
    await open(page, path);
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(720);
    const stuck = await page.evaluate(() => {
      window.scrollTo(0, document.documentElement.scrollHeight / 2);
      const heights = [...document.querySelectorAll('.bar, .rows thead, .pager')]
        .filter((element) => getComputedStyle(element).position === 'sticky')
        .map((element) => element.getBoundingClientRect().height);
      return heights.reduce((sum, height) => sum + height, 0);
    });
    expect(stuck, path).toBeLessThan(450 * 0.4);
  }
});

test('the toolbar fits into its line, beside an open entry too', async ({ page }) => {
  for (const [width, path] of [[1440, `${FULL}&entry=24990`], [1408, `${FULL}&entry=24990`], [1440, FULL], [1000, FULL], [870, FULL]] as const) {
    await page.setViewportSize({ width, height: 800 });
    await open(page, path);
    const over = await page.locator('.bar').evaluate((bar) => bar.scrollWidth - bar.clientWidth);
    expect(over, `${width} wide`).toBeLessThanOrEqual(0);
  }
});

test('nothing moves for those who want nothing to move', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page, FULL);
  await page.getByRole('button', { name: 'Live' }).click();
  await page.getByRole('button', { name: 'Light or dark' }).click();
  const moving = () => page.evaluate(() =>
    document.getAnimations().filter((one) => {
      const { duration, iterations } = one.effect!.getComputedTiming();
      return Number(duration) * Number(iterations) > 1;
    }).length);
  await expect.poll(moving).toBe(0);
});

test('in forced colours what is chosen, sorted, current and focused can be told from the rest', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  for (const width of [1440, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await open(page, `${FULL}&entry=24990`);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    const bars = page.locator('.strip .bars path').first();
    expect(await bars.evaluate((bar) => getComputedStyle(bar).fill)).not.toBe('rgba(0, 0, 0, 0)');
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  await open(page, FULL);
  const colours = (name: string) => page.getByRole('button', { name }).evaluate((button) => getComputedStyle(button).backgroundColor);
  expect(await colours('Regular')).not.toBe(await colours('Compact'));
  await page.keyboard.press('j');
  const outline = await page.locator('.rows tbody tr').first().evaluate((row) => getComputedStyle(row).outlineStyle);
  expect(outline).toBe('solid');
});

for (const width of [1440, 390]) {
  test(`Tab goes through the whole page, ${width} wide, and the focus is seen at each stop`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await open(page, FULL);
    const seen = new Set<string>();
    for (let stop = 0; stop < 120; stop++) {
      await page.keyboard.press('Tab');
      const at = await page.evaluate(async () => {
        // What scrolls to the focus has done so with the next frame.
        await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
        const focused = document.activeElement as HTMLElement;
        if (focused === document.body) return undefined;
        const box = focused.getBoundingClientRect();
        const [x, y] = [box.x + Math.min(box.width / 2, 200), box.y + box.height / 2];
        const top = document.elementFromPoint(x, y);
        const style = getComputedStyle(focused);
        const around = focused.closest('.search, .handle') ? 'solid' : style.outlineStyle;
        return {
          what: `${focused.tagName} ${focused.id} ${focused.className} ${focused.textContent?.trim().slice(0, 40)}`,
          inSight: box.width > 0 && x >= 0 && y >= 0 && x <= innerWidth && y <= innerHeight,
          free: !!top && (focused.contains(top) || top.contains(focused)),
          outlined: around !== 'none',
        };
      });
      if (!at) break;
      expect(at, at.what).toMatchObject({ inSight: true, free: true, outlined: true });
      seen.add(at.what);
    }
    // From the skip link to the pager's last step, and out of the page again.
    expect(seen.size).toBeGreaterThan(15);
    expect(seen.size).toBeLessThan(120);
  });
}

test('a column is dragged as wide as one wants it, and stays so', async ({ page }) => {
  await open(page, '/customers/20403/logs');
  const head = page.getByRole('columnheader', { name: 'User' });
  const before = (await head.boundingBox())!;
  const kept = page.waitForResponse((answer) => answer.url().endsWith('/layout'));
  await page.mouse.move(before.x + before.width, before.y + before.height / 2);
  await page.mouse.down();
  await page.mouse.move(before.x + before.width + 60, before.y + before.height / 2, { steps: 5 });
  await page.mouse.up();
  await kept;
  const after = (await head.boundingBox())!;
  expect(Math.round(after.width - before.width)).toBe(60);
  // Dragging sorts nothing.
  await expect(head).not.toHaveAttribute('aria-sort', /./);
  await page.reload();
  expect(Math.round((await head.boundingBox())!.width)).toBe(Math.round(after.width));
  // It cannot push what a row is called out of sight.
  const far = (await head.boundingBox())!;
  await page.mouse.move(far.x + far.width, far.y + far.height / 2);
  await page.mouse.down();
  await page.mouse.move(1430, far.y + far.height / 2, { steps: 5 });
  await page.mouse.up();
  expect((await page.getByRole('columnheader', { name: 'Action' }).boundingBox())!.width).toBeGreaterThanOrEqual(127);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1440);
  await page.request.post('/layout', { form: { reset: '1' } });
});
