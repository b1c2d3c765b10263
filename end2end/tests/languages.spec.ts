import { LARGEST, expect, open, test } from './fixtures';
import { expectAllIn, onlyEnglish, texts } from './languages';

for (const { locale, language, heading, date, entries, balance } of [
  { locale: 'pt-PT', language: 'pt-BR', heading: 'Clientes', date: /^\d+ de [a-z]{3}\. de \d{4}$/, entries: /^25\.\d{3}$/, balance: /^[\d.]+,\d\d EUR$/ },
  { locale: 'es-MX', language: 'es', heading: 'Clientes', date: /^\d+ [a-z]{3,4} \d{4}$/, entries: /^25\.\d{3}$/, balance: /^[\d.]+,\d\d EUR$/ },
  { locale: 'en-GB', language: 'en', heading: 'Customers', date: /^\d+ [A-Z][a-z]{2} \d{4}$/, entries: /^25,\d{3}$/, balance: /^[\d,]+\.\d\d EUR$/ },
  { locale: 'de-DE', language: 'en', heading: 'Customers', date: /^\d+ [A-Z][a-z]{2} \d{4}$/, entries: /^25,\d{3}$/, balance: /^[\d,]+\.\d\d EUR$/ },
] as const) {
  test.describe(() => {
    test.use({ locale });
    test(`a browser that wants ${locale} gets ${language}, numbers, money and dates as well`, async ({ page }) => {
      await open(page, '/customers?sort=entries&dir=desc');
      await expect(page.locator('html')).toHaveAttribute('lang', language);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
      const row = page.getByRole('row').nth(1);
      await expect(row.locator('.c-since')).toHaveText(date);
      await expect(row.locator('.c-entries')).toHaveText(entries);
      await open(page, '/customers/20402/financial');
      for (const shown of await page.locator('.balances dd').allInnerTexts()) expect(shown).toMatch(balance);
    });
  });
}

test('the language is switched in the account menu, and stays', async ({ page }) => {
  await open(page, `${LARGEST}?page=2`);
  const menu = page.locator('summary.who');
  await menu.click();
  await page.getByRole('button', { name: 'Español' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  await expect(page).toHaveURL(/page=2/);
  await open(page, '/customers');
  await expect(page.getByRole('columnheader').first()).toHaveText('Cliente', { useInnerText: true });
  await expect(menu).toHaveAttribute('title', 'Menú de la cuenta');
  await menu.click();
  await expect(page.getByRole('button', { name: 'Español' })).toHaveAttribute('aria-pressed', 'true');
  await page.getByRole('button', { name: 'English' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Customers');
});

test.describe(() => {
  test.use({ who: 'nobody' });
  test('the sign-in page is switched, too, and keeps where one wants to go', async ({ page }) => {
    await page.goto('/sign-in?next=%2Fcustomers%2F20402');
    await page.getByRole('button', { name: 'Português (Brasil)' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Entrar');
    await page.getByLabel('E-mail').fill('operator@example.com');
    await page.getByLabel('Senha', { exact: true }).fill('operator-demo');
    await page.getByRole('button', { name: 'Entrar', exact: true }).click();
    await expect(page).toHaveURL(/\/customers\/20402$/);
    await expect(page.locator('html')).toHaveAttribute('lang', 'pt-BR');
  });
});

const profile = LARGEST.replace('/logs', '');
const states = [
  '/customers', '/customers?q=nobody-has-this-name', '/customers?page=999&per_page=7&colour=red',
  profile, '/customers/20402/settings', '/customers/20402/settings?saved', '/new-customer',
  '/customers/20402/operations', '/customers/20402/operations/1007', '/customers/20402/financial',
  ...['deposit', 'withdrawal', 'transfer'].map((kind) => `/customers/20402/operations/new?kind=${kind}`),
  LARGEST, `${LARGEST}?page=999999&sort=user&dir=desc`, `${LARGEST}?q=nobody-has-this-name`, `${LARGEST}?q=nobody&in=table`,
  `${LARGEST}?user.has=settle&not.source=API&request_path.begins=GET&from=-90d&facet=action`, `${LARGEST}?facet=request_path&part=GET`,
  `${LARGEST}?user=&facet=user&part=zzzzzz`, `${LARGEST}?from=2026-03-01&to=2026-03-12&tz=America/Sao_Paulo`, `${LARGEST}?from=-24h`,
  `${LARGEST}?q=colour:red&page=0&sort=x&dir=x&in=x&as_of=x&entry=x`, `${LARGEST}?q=user:&from=x`, `${LARGEST}?tz=Europe/Atlantis`,
  `${LARGEST}?entry=1`, `${LARGEST}?entry=99999999`, `${LARGEST}?as_of=24990`, '/nothing-here', '/customers/nobody/logs',
];

for (const language of ['pt-BR', 'es'] as const) {
  test.describe(() => {
    test.use({ locale: language });
    const english = onlyEnglish(language);

    test(`every state of the screen is in ${language}`, async ({ page }) => {
      test.slow();
      expect(english.size).toBeGreaterThan(250);
      for (const state of states) {
        await open(page, state);
        await expectAllIn(page, language, english);
      }
      // An entry with what changed, and the operation that it belongs to.
      await open(page, `${LARGEST}?action=Changed+daily+limit`);
      await page.locator('.rows .open').first().click();
      await expect(page.locator('.diff').first()).toBeVisible();
      await expectAllIn(page, language, english);
      await open(page, `${LARGEST}?as_of=25000&action=Changed+daily+transfer+limit`);
      await page.locator('.rows .op').first().click();
      await expect(page.locator('ol.timeline')).toBeVisible();
      await expectAllIn(page, language, english);
    });

    test(`what is wrong with a form is said in ${language}, and amounts are taken as it writes them`, async ({ page }) => {
      await open(page, '/customers/20402/settings');
      const limit = page.locator('#daily_limit');
      await limit.fill('99999999999999999999');
      await page.locator('#tags').fill('x'.repeat(60));
      await page.locator('form[action$="/settings"] button').click();
      await expect(page.getByRole('alert')).toBeVisible();
      await expectAllIn(page, language, english);
      await open(page, '/customers/20402/operations/new?kind=withdrawal');
      await page.locator('#amount').fill('9.999.999,99');
      await page.locator('form[action$="/operations"] button').click();
      await expect(page.getByRole('alert')).toBeVisible();
      await expectAllIn(page, language, english);
      const said = await page.locator('#amount-error').innerText();
      expect(said, 'it was understood').toBe(language === 'es' ? 'No hay suficiente saldo disponible.' : 'Não há saldo disponível suficiente.');
    });

    test.describe(() => {
      test.use({ who: 'nobody' });
      test(`signing in is in ${language}`, async ({ page }) => {
        for (const problem of ['credentials', 'wait', 'wait&seconds=30', 'unavailable', 'nothing']) {
          await page.goto(`/sign-in?problem=${problem}`);
          await expectAllIn(page, language, english);
        }
      });
    });

    test.describe(() => {
      test.use({ who: 'customer' });
      test(`a customer's own log is in ${language}, and its times are written out`, async ({ page }) => {
        await open(page, '/');
        await expectAllIn(page, language, english);
        const time = page.locator('.rows time').first();
        await expect(time).toHaveText(
          language === 'es' ? /^\d+ [a-z]{3,4} \d{4}, \d\d:\d\d:\d\d$/ : /^\d+ de [a-z]{3}\. de \d{4}, \d\d:\d\d:\d\d$/,
        );
      });
    });
  });
}

test.describe(() => {
  test.use({ locale: 'pt-BR' });

  test('the columns have the names that people use, and what was recorded stays as it was', async ({ page }) => {
    await open(page, LARGEST);
    const heads = await page.getByRole('columnheader').allInnerTexts();
    expect(heads.map((head) => head.replace(/\s*UTC/, '').trim())).toEqual([
      'Criado em', 'Usuário', 'Ação', 'Operação relacionada', 'Tabela afetada', 'Origem', 'Instância', 'Caminho da requisição',
    ]);
    await expect(page.locator('.rows time').first()).toHaveText(/^\d{4}-\d\d-\d\d\s\d\d:\d\d:\d\d\.\d{3}$/);
    const actions = (lang: string) => page.request.get(LARGEST, { headers: { 'accept-language': lang } });
    const recorded = (html: string) => [...html.matchAll(/name="entry"[^>]*><bdi>([^<]*)/g)].map(([, action]) => action);
    const [portuguese, english] = await Promise.all(['pt-BR', 'en'].map(async (lang) => recorded(await (await actions(lang)).text())));
    expect(portuguese.length).toBe(25);
    expect(portuguese).toEqual(english);
  });

  test("the API's reference says that it is in English", async ({ page }) => {
    await open(page, '/api/docs');
    await expect(page.locator('article.docs')).toHaveAttribute('lang', 'en');
    await expectAllIn(page, 'pt-BR', onlyEnglish('pt-BR'));
  });
});

test('a page that is asked for in English has English texts: what is looked for is there', async ({ page }) => {
  const english = onlyEnglish('pt-BR');
  await open(page, LARGEST);
  const found = (await texts(page)).filter((text) => english.has(text));
  for (const text of ['Export', 'Sort by', 'Next page', 'rows', 'Customers', 'Keyboard shortcuts']) expect(found).toContain(text);
});
