import { LARGEST, expect, test } from './fixtures';

test('what the page loads is small, compressed once, and kept for a year', async ({ context }) => {
  const page = await (await context.request.get(LARGEST)).text();
  const files = [...new Set(page.match(/\/pkg\/[^"]+\.(css|js|wasm)/g))];
  expect(files.map((file) => file.split('.').at(-1)).sort()).toEqual(['css', 'js', 'wasm']);
  let total = 0;
  for (const file of files) {
    const headers = { 'accept-encoding': 'br' };
    const answer = await context.request.fetch(file, { headers, method: 'HEAD' });
    expect(answer.status()).toBe(200);
    expect(answer.headers()['content-encoding'], file).toBe('br');
    expect(answer.headers()['cache-control'], file).toContain('immutable');
    total += Number(answer.headers()['content-length']);
  }
  expect(total).toBeLessThanOrEqual(300_000);
});
