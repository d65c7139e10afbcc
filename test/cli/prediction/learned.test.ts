import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runMain } from '../../support/run-main.ts';
import { madeFiles } from './made-files.ts';

const files = madeFiles({ gpus: 40, days: 64, rate: 0.06 });
afterAll(() => rmSync(files.folder, { recursive: true }));
const run = (command: string, ...argv: readonly string[]) => runMain('prediction', command, ...files.options, ...argv);

test('a learned model that has proven itself is used and explained', async () => {
  const trained = await run('train');
  expect(trained.status).toBe(0);
  expect(trained.stdout).toMatch(/24h {4}learned model/);
  const scored = await run('score', '--horizon=24h', '--limit=5');
  expect(scored.stdout).toMatch(/\nGPU-\d\d .* learned model {2}ecc 1\.\d+, peers 0\.\d+/);
  const [, name = ''] = /\n(GPU-\d\d) /.exec(scored.stdout) ?? [];
  const explained = await run('explain', name, '--horizon=24h');
  expect(explained.stdout.replaceAll(/\s+/g, ' ')).toContain('For 24h the learned model answers:');
  expect(explained.stdout).toMatch(/training_average .*\necc {3,}1\.\d+ {2}0\.\d+ {5}\+\d/);
  expect(explained.stdout).toMatch(/LIKE NOW {2}IN\n.* ticket_memory .* ecc/);
}, 60_000);

test('a damaged set in use does not stand in the way of a new one', async () => {
  const folder = join(files.folder, 'data', 'models');
  const { current } = JSON.parse(readFileSync(join(folder, 'active.json'), 'utf8')) as { current: string };
  writeFileSync(join(folder, `models-${current}.json`), '{');
  expect((await run('score')).status).toBe(1);
  const none = join(files.folder, 'no-tickets.csv');
  writeFileSync(none, 'entity,start,end,kind\n');
  const trained = await run('train', `--tickets=${none}`);
  expect([trained.status, trained.stdout]).toEqual([0, expect.stringContaining('made from 0 incidents')]);
  expect((await run('score', '--limit=1')).stdout).toContain('prior only');
}, 60_000);
