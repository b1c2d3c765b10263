import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const address = '127.0.0.1:3107';
// A fresh private PostgreSQL for each run; its user must be able to get there. The workers read this file
// too, and are not to make another.
process.env.END2END_DATA ??= mkdtempSync(join(tmpdir(), 'customer-logs-end2end-'));
chmodSync(process.env.END2END_DATA, 0o755);

export default defineConfig({
  testDir: './tests',
  outputDir: './results',
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  // Cores are shared: on a slow day all takes three times as long as on others.
  timeout: 90_000,
  // Once more, so that a stall of the machine refuses nothing. What fails and then holds is told as “flaky”, with its
  // trace: it is to be looked into, as most of these were faults of the screen.
  retries: 1,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: `http://${address}`,
    viewport: { width: 1440, height: 900 },
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
        '--disable-background-networking', '--disable-component-update', '--disable-sync',
      ],
    },
  },
  // What is in *.wasm.spec.ts needs a script; all the rest must work without any, too.
  projects: [
    { name: 'wasm' },
    { name: 'no-script', use: { javaScriptEnabled: false }, testIgnore: '*.wasm.spec.ts' },
  ],
  webServer: {
    command: `${process.env.SERVER} serve --demo-if-empty`,
    url: `http://${address}/readyz`,
    env: { DATA_DIR: join(process.env.END2END_DATA, 'data'), LEPTOS_SITE_ADDR: address, RUST_LOG: 'error' },
    gracefulShutdown: { signal: 'SIGTERM', timeout: 15_000 },
    timeout: 120_000,
  },
});
