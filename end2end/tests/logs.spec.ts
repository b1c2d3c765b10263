import { LARGEST, alive, column, expect, open, range, searchBox, test } from './fixtures';

test('paging goes to the first, previous, given, next and last page', async ({ page, javaScriptEnabled }) => {
  await open(page, LARGEST);
  const pages = page.getByRole('navigation', { name: 'Pages' });
  // Each session that looks at the log adds an entry to it: the last digits are not to be known.
  const step = async (name: string, rows: string) => {
    await pages.getByRole('link', { name }).click();
    await expect(range(page)).toHaveText(new RegExp(`^rows ${rows} of\\s+25,\\d\\d\\d$`));
    await alive(page);
  };
  await expect(pages.getByRole('link', { name: 'Previous page' })).toHaveAttribute('aria-disabled', 'true');
  await step('Next page', '26–50');
  await step('Last page', '25,\\d\\d\\d–25,\\d\\d\\d');
  await expect(pages.getByRole('link', { name: 'Next page' })).toHaveAttribute('aria-disabled', 'true');
  await step('Previous page', '2\\d,\\d\\d\\d–25,\\d\\d\\d');
  await pages.getByRole('textbox', { name: 'Page' }).fill('500');
  if (javaScriptEnabled) await page.keyboard.press('Enter');
  else await pages.getByRole('button', { name: 'Go' }).click();
  await expect(range(page)).toHaveText(/^rows 12,476–12,500 of\s+25,\d\d\d$/);
  await expect(page).toHaveURL(({ searchParams }) => searchParams.get('page') === '500' && /^25\d\d\d$/.test(searchParams.get('as_of')!));
  await alive(page);
  await step('First page', '1–25');
});

test('every header sorts, up and down', async ({ page }) => {
  await open(page, `${LARGEST}?page=3`);
  for (const name of ['User', 'Action', 'Related Operation', 'Impacted Table', 'Source', 'App Instance', 'Request Path']) {
    const head = page.getByRole('columnheader', { name });
    for (const direction of ['ascending', 'descending']) {
      await head.getByRole('link').click();
      await expect(head).toHaveAttribute('aria-sort', direction);
      await alive(page);
    }
    await expect(page.locator('th[aria-sort]')).toHaveCount(1);
    await expect(range(page)).toHaveText(/^rows 1–25 of\s+25,\d\d\d$/);
  }
  const created = page.getByRole('columnheader', { name: 'Created At' });
  await created.getByRole('link').click();
  await expect(created).toHaveAttribute('aria-sort', 'descending');
  const times = await column(page, 'Created At');
  expect(times).toEqual([...times].sort().reverse());
});

test('a search looks in users, tables or both, and can be taken back', async ({ page, javaScriptEnabled }) => {
  await open(page, `${LARGEST}?page=4&sort=action`);
  const find = async (text: string, within: string) => {
    await page.getByLabel('Search in').selectOption({ label: within });
    await searchBox(page).fill(text);
    if (!javaScriptEnabled) await page.getByRole('button', { name: 'Search' }).click();
    await expect(page).toHaveURL((url) => url.searchParams.get('q') === text && !url.searchParams.get('page'));
    await expect(range(page)).not.toHaveText(/of\s+25,\d\d\d$/);
    await alive(page);
  };
  await find('settlement', 'User');
  const different = async (name: string) => [...new Set((await column(page, name)).map((text) => text.split(/[\s,]/)[0]))];
  await expect.poll(() => different('User')).toEqual(['Settlement']);
  await find('ledger', 'Table');
  await expect.poll(() => different('Impacted Table')).toEqual(['ledger_entries']);
  expect(new URL(page.url()).searchParams.get('sort')).toBe('action');
  await page.getByRole('link', { name: 'Clear the search' }).click();
  await expect(range(page)).toHaveText(/^rows 1–25 of\s+25,\d\d\d$/);
});

test('a shared link, reload, back and forward show the same view', async ({ page }) => {
  const view = `${LARGEST}?q=e&in=user&sort=user&dir=asc&per_page=10&page=7`;
  await open(page, view);
  const first = await column(page, 'Request Path');
  await expect(searchBox(page)).toHaveValue('e');
  await expect(page.getByLabel('Search in')).toHaveValue('user');
  await expect(page.getByLabel('Items per page')).toHaveValue('10');
  await page.reload();
  expect(await column(page, 'Request Path')).toEqual(first);
  await alive(page);
  await page.getByRole('link', { name: 'Next page' }).click();
  await expect(range(page)).toContainText('71–80');
  await page.goBack();
  await expect(range(page)).toContainText('61–70');
  expect(await column(page, 'Request Path')).toEqual(first);
  await page.goForward();
  await expect(range(page)).toContainText('71–80');
});

test('nothing found says what was asked, and offers ways out', async ({ page }) => {
  await open(page, `${LARGEST}?q=%3Cscript%3E%25_&in=table`);
  await expect(page.getByRole('heading', { name: 'No entries match' })).toBeVisible();
  await expect(page.getByText('No table in this log has a name that contains “<script>%_”.')).toBeVisible();
  await page.getByRole('link', { name: 'The whole log' }).click();
  await expect(range(page)).toHaveText(/^rows 1–25 of\s+25,\d\d\d$/);
});

test('a page past the end is the last one, and what is not taken is named', async ({ page }) => {
  await open(page, `${LARGEST}?page=99999&per_page=7`);
  await expect(page.getByText('Page 99,999 does not exist; this is the last.')).toBeVisible();
  await expect(page.getByText('“per_page” was left out of this page: it takes 10, 25, 50 or 100.')).toBeVisible();
  await expect(range(page)).toHaveText(/^rows 25,\d\d\d–(25,\d\d\d) of\s+\1$/);
});

test('the customers can be searched, sorted and paged', async ({ page, javaScriptEnabled }) => {
  await open(page, '/customers?per_page=10');
  await expect(range(page)).toHaveText(/^rows 1–10 of\s+\d+$/);
  await page.getByRole('link', { name: 'Next page' }).click();
  await expect(range(page)).toHaveText(/^rows 11–20 of\s+\d+$/);
  await alive(page);
  await page.getByRole('columnheader', { name: 'Log entries' }).getByRole('link').click();
  await expect(page.getByRole('columnheader', { name: 'Log entries' })).toHaveAttribute('aria-sort', 'descending');
  expect((await column(page, 'Log entries'))[0]).toMatch(/^25,\d\d\d$/);
  await alive(page);
  await searchBox(page).fill('LUMEN');
  if (!javaScriptEnabled) await page.getByRole('button', { name: 'Search' }).click();
  const others = async () => (await column(page, 'Customer')).filter((name) => !name.includes('Lumen'));
  await expect.poll(others).toEqual([]);
});
