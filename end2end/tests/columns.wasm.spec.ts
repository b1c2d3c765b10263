import { expect, open, test } from './fixtures';

test.use({ who: 'supervisor', viewport: { width: 1440, height: 900 } });

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
