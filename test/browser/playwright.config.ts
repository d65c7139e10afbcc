import { defineConfig } from '@playwright/test';
import { tool } from '../support/tools.ts';
import type { HostOptions } from './host.ts';

/** One build of the app on two hosts: the libraries of the oldest Grafana that it works with, and of the newest. */
export default defineConfig<HostOptions>({
  testDir: '.',
  testMatch: '*.spec.ts',
  globalSetup: './global-setup.ts',
  outputDir: '../../coverage/browser',
  workers: 2,
  fullyParallel: true,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 20_000 },
  reporter: [['list']],
  use: {
    viewport: { width: 1280, height: 900 },
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: tool('chromium'), args: ['--no-sandbox', '--disable-gpu'] },
  },
  projects: [
    { name: 'g12', use: { grafana: 'g12' }, testMatch: 'pages.spec.ts' },
    // Left out of `npm test`, as is what has the tag @full.
    { name: 'g12-more', use: { grafana: 'g12' }, testIgnore: 'pages.spec.ts' },
    { name: 'g13', use: { grafana: 'g13' } },
  ],
});
