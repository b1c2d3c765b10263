import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test as base, expect, type APIRequestContext, type Page } from '@playwright/test';

type Who = 'operator' | 'supervisor' | 'auditor' | 'customer' | 'nobody';

/** The largest of the demo's customers: 25,000 entries, and one more for each session that has looked at it. */
export const LARGEST = '/customers/20401/logs';

/** A customer of the test's own, whose log nobody else looks at; and what records in it. */
export class Log {
  readonly id = `e2e-${crypto.randomUUID()}`;
  readonly path = `/customers/${this.id}/logs`;
  private recorded = 0;
  constructor(private readonly request: APIRequestContext, private readonly key: string) {}

  private async send(method: string, path: string, data: unknown) {
    const headers = { authorization: `Bearer ${this.key}` };
    const answer = await this.request.fetch(path, { method, headers, data });
    expect(answer.ok(), await answer.text()).toBe(true);
  }

  /** Adds the customer, with this many entries. */
  async begin(entries: number) {
    await this.send('PUT', `/api/v1/customers/${this.id}`, { name: 'Oficina Aurora Ltda.', currency: 'EUR' });
    await this.record(entries);
  }

  /** Records this many further entries: “Did it 1”, “Did it 2” and so on. */
  async record(entries: number) {
    const data = Array.from({ length: entries }, () => ({
      customer_id: this.id, user: 'Ana Prado', action: `Did it ${++this.recorded}`, impacted_table: 'cards',
    }));
    await this.send('POST', '/api/v1/logs', data);
  }
}

/** A test whose browser is signed in as `who`. */
export const test = base.extend<{ who: Who; path: string; log: Log }, { key: string }>({
  key: [
    async ({}, use) => {
      const env = { ...process.env, DATA_DIR: join(process.env.END2END_DATA!, 'data') };
      const name = `e2e-${crypto.randomUUID()}`;
      const command = ['api-key', 'create', '--name', name, '--scope', 'write'];
      await use(execFileSync(process.env.SERVER!, command, { env, encoding: 'utf8' }).trim());
    },
    { scope: 'worker' },
  ],
  // Without the browser's cookies: the key alone says who records.
  log: async ({ playwright, baseURL, key }, use) => {
    const request = await playwright.request.newContext({ baseURL });
    await use(new Log(request, key));
    await request.dispose();
  },
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
  const cells = page.locator(`.rows tbody tr > :nth-child(${index + 1})`);
  return (await cells.allInnerTexts()).map((text) => text.trim());
}

/** The search box; with a script it is a combobox, without one a field. */
export const searchBox = (page: Page) => page.locator('.search input');

/** The sentence that says which rows these are. */
export const range = (page: Page) => page.getByRole('navigation', { name: 'Pages' }).getByText(/rows/).first();

export { expect };
