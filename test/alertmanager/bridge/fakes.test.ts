import type { ChannelKind, Verdict } from '../../../alertmanager/bridge/channels/channel.ts';
import { channelKinds } from '../../../alertmanager/bridge/channels/index.ts';
import { startFakeAliyun } from '../../support/robots/fake-aliyun.ts';
import { startFakeDingTalk } from '../../support/robots/fake-dingtalk.ts';
import { startFakeFeishu } from '../../support/robots/fake-feishu.ts';
import { startFakeTeams } from '../../support/robots/fake-teams.ts';
import { startFakeTencent } from '../../support/robots/fake-tencent.ts';
import { startFakeWeCom } from '../../support/robots/fake-wecom.ts';
import type { FakeRobot } from '../../support/robots/robot-server.ts';
import { robotSecrets, robotSettings } from '../../support/robots/robot-settings.ts';
import { sampleAlert, sampleGroup, sampleMessages } from '../../support/robots/sample-messages.ts';
import { sendToRobot } from '../../support/robots/send-to-robot.ts';

const start = Date.UTC(2026, 10, 29, 8, 0);
const hourMs = 3_600_000;
let nowMs = start;
let robot: FakeRobot | undefined;

beforeEach(() => {
  nowMs = start;
});

afterEach(async () => {
  await robot?.stop();
  robot = undefined;
});

const clock = { nowMs: () => nowMs };
const secret = 'SECsecret';
const fakes: Readonly<Record<string, () => Promise<FakeRobot>>> = {
  dingtalk: () => startFakeDingTalk({ ...clock, secret, keyword: 'FleetLens' }),
  feishu: () => startFakeFeishu({ ...clock, secret }),
  wecom: () => startFakeWeCom(clock),
  teams: () => startFakeTeams(clock),
  sms_aliyun: () => startFakeAliyun({ ...clock, perDay: 2 }),
  voice_aliyun: () => startFakeAliyun({ ...clock, perDay: 2 }),
  sms_tencent: () => startFakeTencent(clock),
  voice_tencent: () => startFakeTencent(clock),
};

async function started(name: string): Promise<FakeRobot> {
  robot = await (fakes[name] ?? fakes['dingtalk'])?.();
  if (robot === undefined) throw new Error(`no fake for ${name}`);
  return robot;
}

interface Told {
  readonly skewMs?: number;
  readonly message?: Parameters<typeof sendToRobot>[1]['message'];
  readonly settings?: object;
  readonly secrets?: Readonly<Record<string, string>>;
}

function tell(name: string, { url }: FakeRobot, { skewMs = 0, message, settings, secrets }: Told = {}) {
  const kind = channelKinds[name] as ChannelKind<unknown>;
  return sendToRobot(kind, {
    message: message ?? sampleMessages('zh').firing,
    settings: settings ?? robotSettings[name] ?? {},
    secrets: { ...robotSecrets, ...secrets },
    nowMs: nowMs + skewMs,
    to: url,
  });
}

describe.each(Object.keys(fakes))('%s', (name) => {
  test('takes a group, what is over, and a digest, in both languages', async () => {
    const fake = await started(name);
    for (const language of ['en', 'zh'] as const) {
      for (const message of Object.values(sampleMessages(language))) {
        nowMs += 48 * hourMs;
        const verdicts = await tell(name, fake, { message });
        expect(verdicts.map(({ outcome }) => outcome)).toEqual(verdicts.map(() => 'delivered'));
      }
    }
    expect(fake.taken.length).toBeGreaterThanOrEqual(6);
  });

  test('takes 500 alerts as one message', async () => {
    const alerts = Array.from({ length: 500 }, (_, index) => sampleAlert(index));
    const verdicts = await tell(name, await started(name), { message: sampleGroup('zh', alerts) });
    expect(new Set(verdicts.map(({ outcome }) => outcome))).toEqual(new Set(['delivered']));
  });

  test('says when it is limited, for how long', async () => {
    const fake = await started(name);
    const outcomes: Verdict[] = [];
    for (let turn = 0; turn < 25; turn += 1) {
      nowMs += 1;
      outcomes.push(...(await tell(name, fake, { message: sampleMessages('en').firing })));
    }
    const limited = outcomes.find(({ outcome }) => outcome === 'limited');
    expect(limited).toMatchObject({ outcome: 'limited', retryAfterSeconds: waits[name] });
  });
});

const waits: Readonly<Record<string, number>> = {
  dingtalk: 600,
  feishu: 60,
  wecom: 60,
  teams: 7,
  sms_aliyun: 60,
  voice_aliyun: 60,
  sms_tencent: 60,
  voice_tencent: 60,
};

test.each(['dingtalk', 'feishu', 'sms_aliyun', 'sms_tencent', 'voice_tencent'])(
  '%s with a wrong clock tells the time of the server, with which the next try is taken',
  async (name) => {
    const fake = await started(name);
    const [verdict] = await tell(name, fake, { skewMs: -2 * hourMs });
    expect(verdict).toMatchObject({ outcome: 'skewed', serverTimeMs: start });
    expect(fake.taken).toEqual([]);
    const again = verdict?.outcome === 'skewed' ? (verdict.serverTimeMs ?? 0) : 0;
    const kind = channelKinds[name] as ChannelKind<unknown>;
    const [second] = await sendToRobot(kind, {
      message: sampleMessages('en').firing,
      settings: robotSettings[name] ?? {},
      secrets: robotSecrets,
      nowMs: again,
      to: fake.url,
    });
    expect(second).toEqual({ outcome: 'delivered' });
  },
);

test.each(['sms_aliyun', 'voice_aliyun', 'sms_tencent', 'voice_tencent', 'dingtalk'])(
  '%s with a wrong secret is refused',
  async (name) => {
    const [verdict] = await tell(name, await started(name), { secrets: { '/s/sec': 'wrong' } });
    expect(verdict?.outcome).toBe('refused');
    expect(JSON.stringify(verdict)).not.toContain('wrong');
  },
);

test('DingTalk without the keyword is refused and says what to set', async () => {
  const fake = await started('dingtalk');
  const settings = { url_file: '/s/dingtalk', secret_file: '/s/sec' };
  const [verdict] = await tell('dingtalk', fake, { settings });
  expect(verdict).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('set keyword') });
});

test('DingTalk calls people whose numbers stand in the text, and then sends no buttons', async () => {
  const fake = await started('dingtalk');
  const message = { ...sampleMessages('zh').firing, mentions: [{ mobile: '13800000000' }, { userId: 'wang' }] };
  await tell('dingtalk', fake, { message });
  const body = JSON.parse(fake.taken[0]?.body ?? '{}');
  expect(body).toMatchObject({
    msgtype: 'markdown',
    at: { atMobiles: ['13800000000'], atUserIds: ['wang'], isAtAll: false },
  });
  expect(body.markdown.text).toContain('@13800000000 @wang');
});

test('WeCom calls ids in the text, and numbers by a second message', async () => {
  const fake = await started('wecom');
  const message = { ...sampleMessages('zh').firing, mentions: [{ mobile: '13800000000' }, { userId: 'wang' }] };
  await tell('wecom', fake, { message });
  const [first, second] = fake.taken.map(({ body }) => JSON.parse(body));
  expect(first.markdown.content).toContain('<@wang>');
  expect(second.text).toMatchObject({ mentioned_mobile_list: ['13800000000'], mentioned_list: [] });
});

test('Feishu and Teams call people by their ids', async () => {
  const message = {
    ...sampleMessages('en').firing,
    mentions: [{ userId: 'ou_1', name: 'Wang' }, { everybody: true as const }],
  };
  const feishu = await started('feishu');
  await tell('feishu', feishu, { message });
  expect(feishu.taken[0]?.body).toContain('<at id=all></at> <at id=ou_1></at>');
  await feishu.stop();
  const teams = await started('teams');
  await tell('teams', teams, { message });
  const { content } = JSON.parse(teams.taken[0]?.body ?? '{}').attachments[0];
  expect(content.msteams.entities).toEqual([
    { type: 'mention', text: '<at>Wang</at>', mentioned: { id: 'ou_1', name: 'Wang' } },
  ]);
  expect(JSON.stringify(content.body)).toContain('<at>Wang</at>');
});
