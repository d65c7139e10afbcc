import { rmSync } from 'node:fs';
import { pictures } from './pictures.ts';
import { startStack } from './stack.ts';

/** One stack with simulated data for all tests, and the page on both versions of Grafana's libraries. */
export default async function globalSetup(): Promise<() => Promise<void>> {
  rmSync(pictures, { recursive: true, force: true });
  const { urls, stop } = await startStack();
  for (const [grafana, url] of Object.entries(urls)) process.env[`PREVIEW_${grafana.toUpperCase()}`] = url;
  return stop;
}
