import { LARGEST, alive, column, expect, open, range, searchBox, test } from './fixtures';

test('only data travels, and the page is not loaded again', async ({ page }) => {
  await open(page, '/customers');
  await page.evaluate(() => Object.assign(window, { mark: true }));
  const documents: string[] = [];
  page.on('request', (request) => {
    if (request.resourceType() === 'document') documents.push(request.url());
  });
  await searchBox(page).fill('20401');
  await expect(range(page)).toHaveText('rows 1–1 of 1');
  await page.getByRole('rowheader').getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Lumen Mercantil');
  await expect(page.locator('#content')).toBeFocused();
  await page.getByRole('link', { name: 'Logs', exact: true }).click();
  await expect(range(page)).toHaveText(/^rows 1–25 of\s+25,\d\d\d$/);
  await expect(page).toHaveTitle(/^Logs · Lumen Mercantil/);
  await page.getByRole('link', { name: 'Next page' }).click();
  await expect(range(page)).toHaveText(/^rows 26–50 of\s+25,\d\d\d$/);
  await page.goBack();
  await expect(range(page)).toHaveText(/^rows 1–25 of\s+25,\d\d\d$/);
  expect(await page.evaluate(() => 'mark' in window)).toBe(true);
  expect(documents).toEqual([]);
});

test('old rows stay, readable, until the new ones are there', async ({ page }) => {
  await open(page, LARGEST);
  const before = await column(page, 'Request Path');
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route(/\/fn\/log\?/, async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('link', { name: 'Last page' }).click();
  await expect(page.locator('.rows')).toHaveAttribute('aria-busy', 'true');
  expect(await column(page, 'Request Path')).toEqual(before);
  answer();
  await expect(range(page)).toHaveText(/^rows 25,\d\d\d–(25,\d\d\d) of\s+\1$/);
  await expect(page.locator('.rows')).not.toHaveAttribute('aria-busy', 'true');
});

test('rows that were written over are those that the server writes', async ({ page }) => {
  const rows = () => page.locator('.rows tbody').evaluate((body) =>
    // What a button would send without a script is not kept up with one.
    body.innerHTML.replaceAll(' tabindex="0"', ' tabindex="-1"').replace(/ value="[^"]*"/g, ''));
  await open(page, `${LARGEST}?per_page=10`);
  // More rows, fewer, others; some without an operation, of all kinds of users.
  for (const change of ['per_page=100', 'sort=related_operation&per_page=25', 'sort=user&dir=asc&per_page=100', 'q=api', 'page=999']) {
    await page.evaluate((href) => {
      const link = Object.assign(document.createElement('a'), { href });
      document.body.append(link);
      link.click();
      link.remove();
    }, `${LARGEST}?${change}&as_of=25000`);
    await expect(page).toHaveURL((url) => url.search.includes(change.split('&')[0]));
    await expect(page.locator('.rows')).not.toHaveAttribute('aria-busy', 'true');
    const written = await rows();
    await page.reload();
    await alive(page);
    expect(await rows(), change).toBe(written);
    await page.goBack();
    await alive(page);
  }
});

test('a newer question cancels the older', async ({ page }) => {
  await open(page, LARGEST);
  const cancelled = page.waitForEvent('requestfailed', (request) => request.url().includes('sort%3Duser'));
  await page.route(/\/fn\/log\?.*sort%3Duser/, () => {});
  await page.getByRole('columnheader', { name: 'User' }).getByRole('link').click();
  await page.getByRole('columnheader', { name: 'Action' }).getByRole('link').click();
  await cancelled;
  await expect(page.getByRole('columnheader', { name: 'Action' })).toHaveAttribute('aria-sort', 'ascending');
});

test('typing searches after a pause, as one step back', async ({ page }) => {
  await open(page, LARGEST);
  const questions: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/fn/log?')) questions.push(request.url());
  });
  // All letters within one moment, however busy this machine is.
  const type = (text: string) =>
    searchBox(page).evaluate((field: HTMLInputElement, text) => {
      for (const letter of text) {
        field.value += letter;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }
    }, text);
  await type('settle');
  await expect(page).toHaveURL(/q=settle/);
  expect(questions.length).toBe(1);
  await type('ment');
  await expect(page).toHaveURL(/q=settlement/);
  await page.goBack();
  await expect(page).toHaveURL((url) => !url.searchParams.has('q'));
  await expect(searchBox(page)).toHaveValue('');
  await expect(range(page)).toHaveText(/^rows 1–25 of\s+25,\d\d\d$/);
});

test('focus and scroll stay where they are', async ({ page }) => {
  await open(page, LARGEST);
  await page.mouse.wheel(0, 200);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(0);
  const scrolled = await page.evaluate(() => window.scrollY);
  const next = page.getByRole('link', { name: 'Next page' });
  await next.focus();
  await page.keyboard.press('Enter');
  await expect(range(page)).toHaveText(/^rows 26–50 of\s+25,\d\d\d$/);
  await expect(next).toBeFocused();
  expect(await page.evaluate(() => window.scrollY)).toBe(scrolled);
  // Also where the link has nowhere further to go.
  const last = page.getByRole('link', { name: 'Last page' });
  await last.focus();
  await page.keyboard.press('Enter');
  await expect(last).toHaveAttribute('aria-disabled', 'true');
  await expect(last).toBeFocused();
});

test('changes are spoken', async ({ page }) => {
  await open(page, LARGEST);
  const spoken = page.getByRole('status');
  await expect(spoken).toHaveText('');
  await page.getByRole('columnheader', { name: 'User' }).getByRole('link').click();
  await expect(spoken).toHaveText(/^Sorted by User, ascending\. Rows 1 to 25 of\s+25,\d\d\d\.$/);
  await searchBox(page).fill('no such user');
  await expect(spoken).toHaveText('No entries match.');
});

test('a failure keeps the rows, says so, and can be tried again', async ({ page }) => {
  await open(page, LARGEST);
  const before = await column(page, 'Request Path');
  await page.route(/\/fn\/log\?/, (route) => route.abort());
  await page.getByRole('link', { name: 'Next page' }).click();
  await expect(page.getByRole('alert')).toContainText('The log could not be loaded');
  expect(await column(page, 'Request Path')).toEqual(before);
  await page.unroute(/\/fn\/log\?/);
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(range(page)).toHaveText(/^rows 26–50 of\s+25,\d\d\d$/);
});

test('a session that ended leads to sign-in, and back', async ({ page, context }) => {
  await open(page, LARGEST);
  await context.clearCookies({ name: 'session' });
  await page.getByRole('link', { name: 'Next page' }).click();
  await expect(page).toHaveURL((url) => url.pathname === '/sign-in' && url.searchParams.get('next')!.startsWith(`${LARGEST}?page=2&as_of=`));
});

test('light or dark is kept', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await open(page, LARGEST);
  await page.getByRole('button', { name: 'Light or dark' }).click();
  const look = page.locator('html[data-theme="dark"]');
  await expect(look).toBeAttached();
  await page.reload();
  await expect(look).toBeAttached();
});

test('nothing is complained of', async ({ page }) => {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  for (const path of ['/customers', '/customers/20401', LARGEST, `${LARGEST}?q=zzz`, '/customers/nobody/logs', '/nowhere']) {
    await open(page, path);
  }
  // A page that is not there is told of as such, by the browser.
  expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
});
