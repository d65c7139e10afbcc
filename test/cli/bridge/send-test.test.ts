import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sendTest } from '../../../cli/bridge/send-test.ts';
import { startFakeDingTalk } from '../../support/robots/fake-dingtalk.ts';
import type { FakeRobot } from '../../support/robots/robot-server.ts';

const secret = 'SECsecret';
let robot: FakeRobot;
let folder: string;

beforeEach(async () => {
  robot = await startFakeDingTalk({ secret, token: 't0kenOfTheRobot' });
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-send-test-'));
  const files = { url_file: join(folder, 'url'), secret_file: join(folder, 'secret') };
  writeFileSync(files.url_file, `${robot.url}/robot/send?access_token=t0kenOfTheRobot\n`);
  writeFileSync(files.secret_file, `${secret}\n`);
  writeFileSync(join(folder, 'bridge.yaml'), JSON.stringify({ robots: { sre: { dingtalk: files } } }));
});

afterEach(async () => {
  jest.restoreAllMocks();
  await robot.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function run(...args: readonly string[]): Promise<{ readonly status: number; readonly output: string }> {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const status = await sendTest([`--bridge.file=${join(folder, 'bridge.yaml')}`, ...args]);
  return { status, output: write.mock.calls.map(([text]) => String(text)).join('') };
}

test('a dry run shows the message and no secret, and sends nothing', async () => {
  const { status, output } = await run('--dry-run');
  expect(status).toBe(0);
  expect(output).toContain('  "msgtype": "markdown"');
  expect(output).toContain('access_token=****');
  expect(output).not.toMatch(/t0kenOfTheRobot|SECsecret/);
  expect(robot.seen).toEqual([]);
});

test('texts of the message stand line by line, with the words of a short secret in them', async () => {
  writeFileSync(join(folder, 'url'), `${robot.url}/robot/send?access_token=test\n`);
  const { output } = await run('--dry-run');
  expect(output).toContain('access_token=****');
  expect(output).toMatch(
    /\n +This is a test of FleetLens\. Nothing is wrong\. {2}\\n\n +Critical · cluster test · for SRE/,
  );
});

test('the sample is in the language that is asked for', async () => {
  expect((await run('--dry-run', '--language=zh')).output).toContain('这是 FleetLens 的测试消息');
});

test('an address file that holds no address is an error of the configuration', async () => {
  writeFileSync(join(folder, 'url'), 'robot\n');
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  expect((await run('--dry-run')).status).toBe(2);
  expect(write.mock.calls.join()).toContain('must hold one URL');
});

test('it says that the robot took it', async () => {
  const { status, output } = await run();
  expect([status, robot.taken.length]).toEqual([0, 1]);
  expect(output).toMatch(/\nsre took the message\.\n$/);
});

test('a wrong secret is told of with its remedy, within 80 columns', async () => {
  writeFileSync(join(folder, 'secret'), 'SECother\n');
  const { status, output } = await run();
  expect([status, robot.taken.length]).toEqual([1, 0]);
  const verdict = output.slice(output.indexOf('sre refuses')).split('\n');
  expect(verdict.join(' ')).toContain('sign not match; check secret_file');
  expect(Math.max(...verdict.map((line) => line.length))).toBeLessThanOrEqual(80);
});
