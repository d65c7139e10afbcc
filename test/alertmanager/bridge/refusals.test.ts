import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelRequest } from '../../../alertmanager/bridge/channels/channel.ts';
import { channelKinds } from '../../../alertmanager/bridge/channels/index.ts';
import { readBridgeFile } from '../../../alertmanager/bridge/config/bridge-file.ts';
import type { DeadLetter } from '../../../alertmanager/bridge/dead-letter.ts';
import { createMeters } from '../../../alertmanager/bridge/meters.ts';
import { createRobots } from '../../../alertmanager/bridge/robots.ts';
import { postRequest } from '../../../alertmanager/bridge/sources/post.ts';
import { sampleNotification } from '../../../cli/bridge/sample-notification.ts';
import { systemClock } from '../../../kit/clock.ts';
import { notify, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { startFakeAliyun } from '../../support/robots/fake-aliyun.ts';
import { startFakeDingTalk } from '../../support/robots/fake-dingtalk.ts';
import { robotSecrets, robotSettings } from '../../support/robots/robot-settings.ts';
import { quietLog } from '../../support/stores.ts';

const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

test.each([
  ['sms_aliyun', ['13800000000', '13900000000', '13700000000']],
  ['voice_aliyun', ['13800000000', '13900000000', '13700000000']],
])('%s: a number that is refused is written down, and the others are told', async (kind, numbers) => {
  const fake = await startFakeAliyun({ unknown: ['13800000000'] });
  endings.push(fake.stop);
  const letters: DeadLetter[] = [];
  const settings = { ...robotSettings[kind], phone_numbers: numbers };
  const file = JSON.stringify({ robots: { oncall: { [kind]: settings } } });
  const readFile = (path: string): string => robotSecrets[path] ?? file;
  const robots = createRobots(readBridgeFile('/bridge.yaml', { readFile, channelKinds }), {
    clock: systemClock,
    log: quietLog,
    meters: createMeters(),
    readFile,
    post: (request, timeoutSeconds) => postRequest(sentTo(fake.url, request), timeoutSeconds),
    writeDeadLetter: () => async (letter) => void letters.push(letter),
    enrich: async (notification) => notification,
  });
  endings.push(robots.stop);
  const notification = sampleNotification('critical', 0);
  expect(await robots.deliver('oncall', notification, new AbortController().signal)).toEqual({ kind: 'told' });
  expect(fake.taken.map(({ url }) => /Number\w*=(\d+)/.exec(url.search)?.[1])).toEqual(numbers.slice(1));
  expect(letters).toMatchObject([
    { robot: 'oncall', channel: kind, reason: expect.stringMatching(/^13800000000: .*isv.MOBILE_NUMBER_ILLEGAL/) },
  ]);
});

/** The fake is told which host the request was for, since that is signed. */
function sentTo(url: string, request: ChannelRequest): ChannelRequest {
  return {
    ...request,
    url: new URL(`${request.url.pathname}${request.url.search}`, url),
    headers: { ...request.headers, 'x-forwarded-host': request.url.host },
  };
}

test('DingTalk: of a digest with a forbidden word in one group, all others are told', async () => {
  // A minute of its clock is a second of ours.
  const fake = await startFakeDingTalk({ forbidden: 'unspeakable', nowMs: () => Date.now() * 60 });
  const folder = mkdtempSync(join(tmpdir(), 'fleetlens-refusals-'));
  endings.push(fake.stop, () => rmSync(folder, { recursive: true }));
  const dingtalk = { url_file: join(folder, 'url') };
  writeFileSync(dingtalk.url_file, `${fake.url}/robot/send?access_token=t0ken`);
  const bridge = await startBridgeDaemon({
    robots: { sre: { dingtalk, limit: { messages: 20, per: '1s' } } },
    dead_letter: { file: join(folder, 'dead.jsonl') },
  });
  endings.push(bridge.stop);
  const groups = Array.from({ length: 40 }, (_, index) =>
    webhookMessage(`g${index}`, [{ node: index === 23 ? 'unspeakable' : `n${index}` }]),
  );
  const answers = await Promise.all(groups.map((group) => notify(bridge.url, 'sre', group)));
  expect(answers.flatMap(({ status }, index) => (status === 200 ? [] : [`${index}: ${status}`]))).toEqual(['23: 422']);
  expect(fake.taken.reduce((sum, { body }) => sum + Number(/FIRING:(\d+)/.exec(body)?.[1]), 0)).toBe(39);
  expect(fake.seen.length - fake.taken.length).toBeLessThan(8);
  const dead = readFileSync(join(folder, 'dead.jsonl'), 'utf8').trimEnd().split('\n');
  expect(dead.map((line) => JSON.parse(line))).toMatchObject([
    { groups: 1, alerts: [{ labels: { node: 'unspeakable' } }] },
  ]);
});
