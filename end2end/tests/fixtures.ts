import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { test as base, expect, type APIRequestContext, type BrowserContext, type Page } from '@playwright/test';

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

  /** Records so many further entries, whose details have 60 kB each: no socket on the way holds many of them. */
  async recordLarge(entries: number) {
    const detail = { noise: 'x'.repeat(60_000) };
    for (let left = entries; left > 0; left -= 50) {
      const data = Array.from({ length: Math.min(left, 50) }, () => ({
        customer_id: this.id, user: 'Ana Prado', action: `Did it ${++this.recorded}`, impacted_table: 'cards', detail,
      }));
      await this.send('POST', '/api/v1/logs', data);
    }
  }
}

/** An export as JSON Lines that is read as far as it is told to: so it takes as long as a test needs. */
export class SlowExport {
  readonly id = crypto.randomUUID();
  private answer!: IncomingMessage;

  /** Begins it, as whoever the browser is signed in as; nothing is read yet. */
  async begin(context: BrowserContext, log: Log, baseURL: string) {
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
    const url = `${baseURL}/api/v1${log.path}/export?format=ndjson&export_id=${this.id}`;
    this.answer = await new Promise<IncomingMessage>((resolve, reject) => {
      get(url, { headers: { cookie }, agent: false }, resolve).on('error', reject);
    });
    expect(this.answer.statusCode).toBe(200);
  }

  /** Reads so many bytes. */
  async read(bytes: number) {
    for (let read = 0; read < bytes; ) {
      const some = this.answer.read() as Buffer | null;
      if (some) read += some.length;
      else await once(this.answer, 'readable');
    }
  }

  /** Reads on by drops until it is over one way or the other; says whether it came to its end. */
  async drip() {
    let whole: boolean | undefined;
    this.answer.on('end', () => (whole ??= true)).on('error', () => (whole ??= false)).on('aborted', () => (whole ??= false));
    await expect.poll(() => (this.answer.read(), whole), { intervals: [100], timeout: 20_000 }).toBeDefined();
    return whole;
  }

  /** Reads what is left; says whether it came to its end. */
  async rest() {
    const ended = new Promise<boolean>((resolve) => {
      this.answer.on('end', () => resolve(true)).on('error', () => resolve(false)).on('aborted', () => resolve(false));
    });
    this.answer.resume();
    return ended;
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
