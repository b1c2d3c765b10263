import { LARGEST, expect, open, test } from './fixtures';
import { expectAllIn, onlyEnglish } from './languages';

test.use({ locale: 'pt-BR' });

const english = onlyEnglish('pt-BR');

test('what the script writes is in the language, too: headers, rows, pages, what is spoken', async ({ page }) => {
  await open(page, LARGEST);
  const spoken = page.locator('p[role=status]');
  await page.getByRole('columnheader', { name: 'Usuário' }).getByRole('link').click();
  await expect(spoken).toHaveText(/^Ordenado por Usuário, em ordem crescente\. Linhas 1 a 25 de 25\.\d{3}\.$/);
  await expectAllIn(page, 'pt-BR', english);
  await page.getByRole('link', { name: 'Próxima página' }).click();
  await expect(spoken).toHaveText(/^Linhas 26 a 50 de /);
  await page.getByLabel('Pesquisar neste registro').fill('nobody-has-this-name');
  await expect(page.getByRole('heading', { name: 'Nenhuma entrada encontrada' })).toBeVisible();
  await expect(spoken).toHaveText('Nenhuma entrada encontrada.');
  await expectAllIn(page, 'pt-BR', english);
  // A page of a log is found in the way that the language writes numbers.
  await open(page, `${LARGEST}?per_page=10`);
  await page.locator('.pager .page input:not([type=hidden])').fill('1.000');
  await page.keyboard.press('Enter');
  await expect(page.locator('.pager .range')).toHaveText(/^linhas 9\.991–10\.000 de 25\.\d{3}$/);
});

test('an entry, help, live and new entries are in the language', async ({ page, log }) => {
  await log.begin(30);
  await open(page, log.path);
  await page.locator('.rows .open').first().click();
  await expect(page.getByRole('heading', { name: 'Quem e onde' })).toBeVisible();
  await expectAllIn(page, 'pt-BR', english);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Atalhos do teclado' }).click();
  await expect(page.getByRole('dialog', { name: 'Atalhos do teclado' })).toBeVisible();
  await page.keyboard.press('Escape');
  await log.record(2);
  await expect(page.getByRole('link', { name: '2 entradas novas' })).toBeVisible({ timeout: 15_000 });
  await expect(page.locator('p[role=status]')).toHaveText('2 entradas novas. Pressione N para mostrá-las.');
  await page.getByRole('button', { name: 'Ao vivo' }).click();
  await expectAllIn(page, 'pt-BR', english);
});

test('moving between pages without a new document keeps the language', async ({ page }) => {
  await open(page, '/customers');
  await page.getByRole('row').nth(1).getByRole('link').click();
  await expect(page.getByRole('navigation', { name: 'Perfil do cliente' })).toBeVisible();
  await page.getByRole('link', { name: 'Registros', exact: true }).click();
  await expect(page).toHaveTitle(/^Registros · .+ · Customer Logs$/);
  await expectAllIn(page, 'pt-BR', english);
});
