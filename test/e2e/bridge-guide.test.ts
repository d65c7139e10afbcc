import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeBlocks } from '../deploy/code-blocks.ts';
import { type RunningAlertmanager, startAlertmanager } from '../support/alertmanager.ts';
import { amtool } from '../support/amtool.ts';
import { endCliProcesses, listeningUrl, runCli, startCli } from '../support/cli.ts';
import { eventually } from '../support/eventually.ts';
import { freePort } from '../support/free-port.ts';
import { startFakeDingTalk } from '../support/robots/fake-dingtalk.ts';
import type { FakeRobot } from '../support/robots/robot-server.ts';

const guide = readFileSync(join(import.meta.dirname, '../../docs/guides/bridge.md'), 'utf8');
const [, section = ''] = /## In five minutes\n([\s\S]*?)\n## /.exec(guide) ?? [];
const lines = codeBlocks(section, 'sh').flatMap((block) => block.trim().split('\n'));
const [bridgeYaml = '', siteYaml = ''] = codeBlocks(section, 'yaml');

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-bridge-guide-'));
let robot: FakeRobot | undefined;
let alertmanager: RunningAlertmanager | undefined;

afterAll(async () => {
  await alertmanager?.stop();
  await endCliProcesses();
  await robot?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the first five minutes of the guide, command by command', async () => {
  robot = await startFakeDingTalk({ secret: 'SECsecret' });
  const port = await freePort();
  const here = (text: string): string =>
    text
      .replaceAll('/etc/fleetlens', folder)
      .replaceAll('127.0.0.1:9416', `127.0.0.1:${port}`)
      .replaceAll('--out=out', `--out=${folder}/out`)
      .replaceAll('--site=site.yaml', `--site=${folder}/site.yaml`);
  const argsOf = (line: string): readonly string[] =>
    [...line.matchAll(/(?:[^\s"]|"[^"]*")+/g)].slice(1).map(([word]) => word.replaceAll('"', ''));
  const commands = (start: string): readonly (readonly string[])[] =>
    lines.filter((line) => line.startsWith(start)).map((line) => argsOf(here(line)));
  const fleetlens = commands('fleetlens ');
  expect(fleetlens.map(([command]) => command)).toEqual(['bridge', 'bridge', 'bridge', 'generate']);

  const pasted = { 'sre-url': `${robot.url}/robot/send?access_token=t0ken`, 'sre-secret': 'SECsecret' };
  const named = lines.flatMap((line) => /cat > ([^)]+)\)/.exec(here(line))?.[1] ?? []);
  expect(named).toEqual(Object.keys(pasted).map((name) => join(folder, name)));
  for (const [name, text] of Object.entries(pasted)) writeFileSync(join(folder, name), `${text}\n`);
  expect(section).toContain('Save this as `/etc/fleetlens/bridge.yaml`');
  writeFileSync(join(folder, 'bridge.yaml'), here(bridgeYaml));
  writeFileSync(join(folder, 'site.yaml'), here(siteYaml));

  const [dryRun = [], send = [], daemon = [], generate = []] = fleetlens;
  expect(await runCli(dryRun)).toMatchObject({ status: 0, stderr: '' });
  expect(robot.seen).toEqual([]);
  expect(await runCli(send)).toMatchObject({ status: 0, stdout: expect.stringMatching(/\nsre took the message\.\n$/) });
  expect(robot.taken).toHaveLength(1);

  const url = await listeningUrl(await startCli(daemon));
  expect((await runCli(generate)).status).toBe(0);
  alertmanager = await startAlertmanager({ config: join(folder, 'out', 'alertmanager', 'alertmanager.yml') });
  const [add = []] = commands('amtool ');
  amtool(...add.map((word) => word.replace('http://127.0.0.1:9093', alertmanager?.url ?? '')));
  const told = await eventually('the group to hear of it', () => robot?.taken[1], { withinSeconds: 60 });
  expect(JSON.parse(told.body).markdown?.text ?? JSON.parse(told.body).actionCard?.text).toContain('A test');
  expect(await (await fetch(`${url}/metrics`)).text()).toMatch(
    /^fleetlens_bridge_notifications_answered_total\{robot="sre",outcome="told"\} 1$/m,
  );
}, 180_000);
