import { type Page } from '@playwright/test';
import { column, expect, open, range, test } from './fixtures';

const pill = (page: Page) => page.getByRole('link', { name: /new entr(y|ies)$/ });

test('the address says where the view is pinned, without asking again', async ({ page, log }) => {
  await log.begin(3);
  const asked: string[] = [];
  page.on('request', (request) => {
    if (/\/fn\/log\?/.test(request.url())) asked.push(request.url());
  });
  await open(page, `${log.path}?sort=user`);
  await expect(page).toHaveURL(`${log.path}?sort=user&as_of=5`);
  expect(await page.evaluate(() => history.length)).toBe(2);
  // Coming to the tab from another asks once.
  const profile = page.getByRole('navigation', { name: 'Customer profile' });
  await profile.getByRole('link', { name: 'Overview' }).click();
  await profile.getByRole('link', { name: 'Logs' }).click();
  await expect(page).toHaveURL(`${log.path}?as_of=5`);
  await expect(range(page)).toHaveText('rows 1–5 of 5');
  expect(asked.length).toBe(1);
});

test('new entries are told of, spoken of, and taken in by key, while nothing moves', async ({ page, log }) => {
  test.setTimeout(60_000);
  await log.begin(40);
  await open(page, `${log.path}?page=2`);
  const shown = await column(page, 'Action');
  await log.record(12);
  await expect(pill(page)).toHaveText('12 new entries', { timeout: 15_000 });
  await expect(page.getByRole('status')).toHaveText('12 new entries. Press N to show them.');
  expect(await column(page, 'Action')).toEqual(shown);
  await expect(range(page)).toHaveText('rows 26–42 of 42');
  await log.record(1);
  await expect(pill(page)).toHaveText('13 new entries', { timeout: 15_000 });
  // Spoken of once in half a minute.
  await expect(page.getByRole('status')).toHaveText('12 new entries. Press N to show them.');
  await page.keyboard.press('n');
  await expect(range(page)).toHaveText('rows 1–25 of 55');
  await expect(pill(page)).toHaveCount(0);
  await expect(page.locator('.rows tbody tr').first()).toBeFocused();
  await expect(page).toHaveURL(/as_of=55/);
});

test('new entries are not spoken of over what was just said, but after it', async ({ page, log }) => {
  await log.begin(3);
  await open(page, log.path);
  await log.record(1);
  await page.evaluate(() => {
    const line = document.querySelector('[role=status]')!;
    const said: [string, number][] = ((window as unknown as { said: [string, number][] }).said = []);
    new MutationObserver(() => said.push([line.textContent!, Date.now()])).observe(line, {
      childList: true, characterData: true, subtree: true,
    });
    document.querySelector('.rows tbody tr')!.dispatchEvent(new MouseEvent('click', { ctrlKey: true, bubbles: true, cancelable: true }));
    // Whoever comes back to the page is told at once what is new.
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });
  await expect(page.getByRole('status')).toHaveText('1 new entry. Press N to show it.');
  const said = await page.evaluate(() => (window as unknown as { said: [string, number][] }).said);
  expect(said.map(([text]) => text)).toEqual(['1 row selected.', '1 new entry. Press N to show it.']);
  expect(said[1][1] - said[0][1]).toBeGreaterThan(3_500);
});

test('it is asked every few seconds while the page is seen, and not once it is left', async ({ page, log }) => {
  await log.begin(3);
  // The clock stands, and strikes when it is told to.
  await page.addInitScript(() => {
    const clock = new Map<number, () => void>();
    const set = (strike: () => void, time: number) => (clock.set(time, strike), time);
    Object.assign(window, { clock, setInterval: set, clearInterval: (id: number) => clock.delete(id) });
  });
  const times = () => page.evaluate(() => [...(window as unknown as { clock: Map<number, unknown> }).clock.keys()]);
  const strike = () =>
    page.evaluate(() => (window as unknown as { clock: Map<number, () => void> }).clock.forEach((strike) => strike()));
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/fn/log-newest')) asked.push(request.url());
  });
  const answered = async (act: () => Promise<void>) => {
    const answer = page.waitForResponse((response) => response.url().includes('/fn/log-newest'));
    await act();
    await (await answer).finished();
  };
  const hide = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, hidden);

  await open(page, log.path);
  await expect.poll(times).toEqual([5_000]);
  await answered(strike);
  await hide(true);
  await strike();
  await answered(() => hide(false));
  expect(asked.length).toBe(2);
  await page.getByRole('link', { name: 'Overview' }).click();
  await expect.poll(times).toEqual([]);
});

test('the page that the pointer or the focus rests on is there before it is pressed', async ({ page, log }) => {
  await log.begin(60);
  await open(page, `${log.path}?per_page=10`);
  const asked: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    const query = new URLSearchParams(url.searchParams.get('query') ?? '');
    if (url.pathname === '/fn/log') asked.push(query.get('page') ?? '1');
  });
  const ahead = (number: number) =>
    page.waitForResponse((response) => new RegExp(`/fn/log\\?.*page%3D${number}%26`).test(response.url()));
  const next = page.getByRole('link', { name: 'Next page' });
  let there = ahead(2);
  await next.hover();
  await (await there).finished();
  await expect(range(page)).toHaveText('rows 1–10 of 62');
  // The pointer rests on: the one after that is fetched, and this one not again.
  there = ahead(3);
  await next.click();
  await expect(range(page)).toHaveText('rows 11–20 of 62');
  await (await there).finished();
  await page.keyboard.press(']');
  await expect(range(page)).toHaveText('rows 21–30 of 62');
  expect(asked.filter((number) => number === '2')).toHaveLength(1);
  expect(asked.filter((number) => number === '3')).toHaveLength(1);
  await page.mouse.move(0, 0);
  there = ahead(2);
  await page.getByRole('link', { name: 'Previous page' }).focus();
  await there;
});

test('a page that is on its way already is not asked for again', async ({ page, log }) => {
  await log.begin(30);
  await open(page, `${log.path}?per_page=10`);
  const asked: string[] = [];
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route(/\/fn\/log\?.*page%3D2%26/, async (route) => {
    asked.push(route.request().url());
    await held;
    await route.continue();
  });
  const next = page.getByRole('link', { name: 'Next page' });
  const sent = page.waitForRequest(/\/fn\/log\?.*page%3D2%26/);
  await next.hover();
  await sent;
  await next.click();
  await expect(page.locator('.rows')).toHaveAttribute('aria-busy', 'true');
  answer();
  await expect(range(page)).toHaveText('rows 11–20 of 32');
  expect(asked).toHaveLength(1);
});
