import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeadLetter } from '../../../alertmanager/bridge/dead-letter.ts';
import { createDeadLetters } from '../../../alertmanager/bridge/sources/dead-letters.ts';
import { notify, type RunningBridge, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { sampleValue, scrape } from '../../support/cli.ts';
import { type FakeRobot, startFakeRobot } from '../../support/fake-robot.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-letters-'));
afterAll(() => rmSync(folder, { recursive: true }));

function letter(index: number): DeadLetter {
  const time = new Date(index).toISOString();
  return { time, robot: 'sre', channel: 'fake', reason: 'no', groups: 1, alerts: [], more: index };
}

const numbersIn = (file: string): readonly number[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).more);

test('many at once are a line each, in order', async () => {
  const file = join(folder, 'many');
  const { write } = createDeadLetters(file, 1e6);
  await Promise.all(Array.from({ length: 100 }, (_, index) => write(letter(index))));
  expect(numbersIn(file)).toEqual(Array.from({ length: 100 }, (_, index) => index));
});

test('a full file becomes the one before, so two of them are all that it takes', async () => {
  const file = join(folder, 'full');
  const { write } = createDeadLetters(file, 1000);
  for (let index = 0; index < 100; index++) await write(letter(index));
  const told = [...numbersIn(`${file}.1`), ...numbersIn(file)];
  expect(told).toEqual(told.map((_, index) => 100 - told.length + index));
  for (const each of [file, `${file}.1`]) expect(statSync(each).size).toBeLessThanOrEqual(1000);
});

test('after a line that a full disk or a crash cut short the next one stands by itself', async () => {
  const file = join(folder, 'torn');
  writeFileSync(file, `${JSON.stringify(letter(1))}\n{"time":"2026-01-01T0`);
  const { write } = createDeadLetters(file, 1e6);
  await write(letter(2));
  await write(letter(3));
  const [first = '', torn, ...rest] = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect([first, ...rest].map((line) => JSON.parse(line).more)).toEqual([1, 2, 3]);
  expect(torn).toBe('{"time":"2026-01-01T0');
});

test('one that cannot be written does not keep the next from being written', async () => {
  const file = join(folder, 'later', 'letters');
  const { write } = createDeadLetters(file, 1e6);
  await expect(write(letter(1))).rejects.toThrow('ENOENT');
  mkdirSync(join(folder, 'later'));
  await write(letter(2));
  expect(numbersIn(file)).toEqual([2]);
});

describe('of the bridge', () => {
  let robot: FakeRobot;
  let bridge: RunningBridge | undefined;

  beforeEach(async () => {
    robot = await startFakeRobot();
    robot.answerWith(() => ({ status: 200, body: '{"errcode":2,"errmsg":"no"}' }));
  });

  afterEach(async () => {
    await bridge?.stop();
    await robot.stop();
  });

  const config = (file: string): object => ({ robots: { sre: { fake: { url: robot.url } } }, dead_letter: { file } });

  test('on a full disk only they are lost: they are counted, and the next that can be written is', async () => {
    bridge = await startBridgeDaemon(config('/dev/full'));
    const { url } = bridge;
    const errors = async () => sampleValue(await scrape(url), 'fleetlens_bridge_dead_letter_errors_total');
    for (const turn of [1, 2]) {
      expect((await notify(url, 'sre', webhookMessage(`g${turn}`, [{}]))).status).toBe(422);
      expect(await errors()).toBe(turn);
    }
    const file = join(folder, 'room');
    bridge.reload(config(file));
    expect((await notify(url, 'sre', webhookMessage('g3', [{}]))).status).toBe(422);
    expect([await errors(), numbersIn(file)]).toEqual([2, [0]]);
    expect(sampleValue(await scrape(url), 'fleetlens_bridge_dead_letters_total{robot="sre"}')).toBe(3);
  });

  test('a storm that is refused is bounded on the disk, with what it leaves out counted', async () => {
    const file = join(folder, 'storm');
    bridge = await startBridgeDaemon(config(file));
    const alerts = Array.from({ length: 3000 }, (_, index) => ({
      node: `n${index}`,
      labels: { note: 'x'.repeat(500) },
    }));
    expect((await notify(bridge.url, 'sre', webhookMessage('g1', alerts))).status).toBe(422);
    const line = JSON.parse(readFileSync(file, 'utf8'));
    expect([line.alerts.length, line.more]).toEqual([200, 2800]);
    expect(statSync(file).size).toBeLessThan(200_000);
  });
});
