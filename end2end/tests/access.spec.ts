import { LARGEST, expect, open, range, test } from './fixtures';

test.describe('a customer', () => {
  test.use({ who: 'customer' });

  test('sees their own log, in plain words', async ({ page }) => {
    await open(page, '/');
    await expect(page.getByRole('heading', { level: 1, name: 'Your logs' })).toBeVisible();
    const heads = await page.getByRole('columnheader').allInnerTexts();
    expect(heads.map((head) => head.replace('UTC', '').trim())).toEqual([
      'Created At', 'User', 'Action', 'Related Operation', 'Source',
    ]);
    await expect(range(page)).toContainText(/of\s+2,[1-4]\d\d/);
    await expect(page.getByRole('cell', { name: 'you', exact: false }).first()).toBeVisible();
    await expect(page.getByRole('link', { name: 'Customers', exact: true })).toHaveCount(0);
  });

  test('gets the same answer for others as for nobody', async ({ page, context }) => {
    for (const path of [LARGEST, '/customers/nobody/logs', '/customers/20401']) {
      const answer = await open(page, path);
      expect(answer?.status()).toBe(404);
      await expect(page.getByRole('heading', { name: 'Not found' })).toBeVisible();
    }
    for (const path of ['logs', 'logs/export?format=csv']) {
      const answer = await context.request.get(`/api/v1/customers/20401/${path}`);
      expect(answer.status()).toBe(404);
    }
  });
});

test.describe('nobody', () => {
  test.use({ who: 'nobody' });

  test('is asked to sign in, told when it fails, and led on when it works', async ({ page }) => {
    await open(page, `${LARGEST}?sort=user`);
    await expect(page).toHaveURL(/\/sign-in\?next=/);
    // Nobody else's: who fails often has to wait.
    await page.getByLabel('Email').fill(`nobody-${crypto.randomUUID()}@example.com`);
    await page.getByRole('textbox', { name: 'Password' }).fill('not this one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page.getByRole('alert')).toHaveText('That email and password do not belong together.');
    await page.getByLabel('Email').fill('auditor@example.com');
    await page.getByRole('textbox', { name: 'Password' }).fill('auditor-demo');
    await page.getByRole('button', { name: 'Sign in' }).click();
    // A script, once it has taken over, adds which entry the page was the newest of.
    await expect(page).toHaveURL((url) => url.pathname === LARGEST && url.searchParams.get('sort') === 'user');
  });
});

test('signing out ends the session', async ({ page }) => {
  await open(page, '/customers');
  await page.getByTitle('Account menu').click();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
  await page.goto(LARGEST);
  await expect(page).toHaveURL(/\/sign-in/);
});
