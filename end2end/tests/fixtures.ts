import { test as base, expect, type Page } from '@playwright/test';

type Who = 'operator' | 'supervisor' | 'auditor' | 'customer' | 'nobody';

/** The largest of the demo's customers: 25,000 entries, and one more for each session that has looked at it. */
export const LARGEST = '/customers/20401/logs';

/** A test whose browser is signed in as `who`. */
export const test = base.extend<{ who: Who; path: string }>({
  who: ['operator', { option: true }],
  context: async ({ context, who }, use) => {
    if (who !== 'nobody') {
      const form = { email: `${who}@example.com`, password: `${who}-demo` };
      const answer = await context.request.post('/sign-in', { form, maxRedirects: 0 });
      expect(answer.headers()['location'], 'signing in').not.toContain('problem');
    }
    await use(context);
  },
});

/** Opens a page, and where there are scripts waits until they have taken over. */
export async function open(page: Page, path: string) {
  const answer = await page.goto(path);
  await alive(page);
  return answer;
}

/** Waits until the page's scripts, where there are any, have taken over. */
export async function alive(page: Page) {
  if (test.info().project.use.javaScriptEnabled === false) return;
  // Forms and their answers do not load the module.
  if ((await page.locator('script[type="module"]').count()) === 0) return;
  await page.locator('html[data-script]').waitFor({ state: 'attached' });
}

/** The values of a column, from the top. */
export async function column(page: Page, name: string) {
  const heads = await page.getByRole('columnheader').allInnerTexts();
  const index = heads.findIndex((head) => head.trim().startsWith(name));
  expect(index, `a column ${name}`).toBeGreaterThanOrEqual(0);
  const cells = page.locator(`tbody tr > :nth-child(${index + 1})`);
  return (await cells.allInnerTexts()).map((text) => text.trim());
}

/** The sentence that says which rows these are. */
export const range = (page: Page) => page.getByRole('navigation', { name: 'Pages' }).getByText(/rows/).first();

export { expect };
