import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { channelKinds, channelNames } from '../../../alertmanager/bridge/channels/index.ts';
import { systemClock } from '../../../kit/clock.ts';
import { notify, type RunningBridge, startBridgeDaemon, webhookMessage } from '../../support/bridge-daemon.ts';
import { sampleValue, scrape } from '../../support/cli.ts';
import { channelKindsTo, everyFake } from '../../support/robots/every-fake.ts';
import type { FakeRobot, RobotReply, RobotRequest } from '../../support/robots/robot-server.ts';
import { robotSecrets, robotSettings } from '../../support/robots/robot-settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-kinds-'));
let robot: FakeRobot;
let bridge: RunningBridge | undefined;

beforeAll(() => {
  for (const [path, secret] of Object.entries(robotSecrets)) writeFileSync(join(folder, basename(path)), `${secret}\n`);
});
afterAll(() => rmSync(folder, { recursive: true }));

afterEach(async () => {
  await bridge?.stop();
  bridge = undefined;
  await robot.stop();
});

/** The whole daemon with one robot of this kind, before a fake that checks signature, size and form as the maker does. */
async function start(name: string): Promise<string> {
  const fake = await everyFake[name]?.();
  if (fake === undefined) throw new Error(`no fake for ${name}`);
  robot = fake;
  const settings = JSON.parse(JSON.stringify(robotSettings[name]).replaceAll('"/s/', `"${folder}/`));
  // What one number refuses another may take: here there is one.
  settings.phone_numbers?.splice(1);
  const own = { [name]: settings, timeout: '1s', deliver_within: '1s', limit: { messages: 100, per: '1s' } };
  bridge = await startBridgeDaemon({ robots: { sre: own } }, systemClock, { kinds: channelKindsTo(fake.url) });
  return bridge.url;
}

const tell = async (url: string, alert: Parameters<typeof webhookMessage>[1][number] = {}) =>
  notify(url, 'sre', webhookMessage('g1', [{ severity: 'critical', ...alert }]));

/** Everything that a person may see of a request, whatever it is wrapped in. */
function textOf({ url, body, headers }: RobotRequest): string {
  const isJson = String(headers['content-type']).includes('json') && body !== '';
  const texts = isJson ? stringsIn(JSON.parse(body)) : [decodeURIComponent(body)];
  const parameters = [...url.searchParams.values()].flatMap((value) =>
    value.startsWith('{') ? stringsIn(JSON.parse(value)) : [value],
  );
  return [...texts, ...parameters].join('\n');
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

const filler = 'x'.repeat(1_000_000);
const hidden = /(?![\t\n])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|\p{Cs}/u;
const markup =
  '[pay](http://evil.example) ![i](http://evil.example/i.png) <at id=all></at> <@all> @所有人 @all <font color="red">f</font> `code`';
const marksUp = /\]\(http:\/\/evil|!\[i\]|<at id=all>|<@all>|<font color="red">|@all\b/;
/** Those whose maker reads Markdown or tags in what it is sent; the others show text as it is. */
const readMarkup = ['dingtalk', 'feishu', 'wecom'];

/** The parameters of its settings have other fields. */
const withoutName = ['sms_tencent'];

/** A card of Feishu has a title in which nothing is markup. */
function withoutPlainTitle(name: string, text: string): string {
  return name === 'feishu' ? text.replace(/^\[FIRING:1\] GpuLost .*$/m, '') : text;
}

describe.each(channelNames)('%s', (name) => {
  test.each([
    ['a megabyte', `Too hot ${filler}`],
    [
      'right-to-left writing that would turn the line around',
      `בטמפרטורה \u202egnp.exe\u202c \u2066\u200f بطاقة ${filler}`,
    ],
    ['emoji of many parts', `🔥👩‍👩‍👧‍👦🇨🇳 `.repeat(60_000)],
    ['characters that are none', `\u0000\u0007\u001b[31m\ud83d ${filler}`],
    ['markup', `${markup} ${filler}`],
  ])('tells of an alert whose texts hold %s', async (what, text) => {
    const url = await start(name);
    const annotations = { summary: text, description: text, context: text, runbook_url: 'javascript:alert(1)' };
    const alert = {
      node: text.slice(0, 300),
      annotations,
      labels: { cluster: text.slice(0, 300), team: text.slice(0, 300) },
    };
    expect(await tell(url, alert)).toMatchObject({ status: 200, text: 'told\n' });
    expect(robot.taken.length).toBeGreaterThan(0);
    expect(robot.seen).toHaveLength(robot.taken.length);
    const seen = robot.taken.map(textOf).join('\n');
    if (!withoutName.includes(name)) expect(seen).toContain('GpuLost');
    expect(seen).not.toMatch(hidden);
    expect(seen).not.toMatch(/^javascript:/m);
    if (what === 'markup' && readMarkup.includes(name)) expect(withoutPlainTitle(name, seen)).not.toMatch(marksUp);
  });

  test.each(Object.entries(answersOf(name)))('that %s', async (_, { reply, status, outcome, retryAfter = /^\d+$/ }) => {
    const url = await start(name);
    robot.once(reply);
    const answer = await tell(url);
    expect(answer.status).toBe(status);
    if (status === 503) expect(answer.retryAfter).toMatch(retryAfter);
    expect(robot.taken).toEqual([]);
    const requests = `fleetlens_bridge_requests_total{robot="sre",outcome="${outcome}"}`;
    expect(sampleValue(await scrape(url), requests)).toBe(1);
    // Nothing was told, so Alertmanager's next attempt is.
    if (outcome === 'limited') return;
    expect(await tell(url)).toMatchObject({ status: 200, text: 'told\n' });
    expect(robot.taken.length).toBeGreaterThan(0);
  });
});

interface Answer {
  readonly reply: RobotReply | 'never';
  readonly status: 422 | 503;
  readonly outcome: string;
  readonly retryAfter?: RegExp;
}

/** Errors in the body of 200, as the makers document them. A program of one's own has none. */
function errorOf(name: string): Answer {
  const bodies: Readonly<Record<string, object | string>> = {
    dingtalk: { errcode: 310000, errmsg: 'keywords not in content' },
    feishu: { code: 19001, msg: 'param invalid' },
    wecom: { errcode: 93000, errmsg: 'invalid webhook url' },
    sms_aliyun: { Code: 'isv.AMOUNT_NOT_ENOUGH', Message: '余额不足' },
    voice_aliyun: { Code: 'isv.TEMPLATE_MISSING_PARAMETERS', Message: 'x' },
    sms_tencent: { Response: { Error: { Code: 'AuthFailure.SecretIdNotFound', Message: 'x' }, RequestId: 'R' } },
    voice_tencent: { Response: { Error: { Code: 'AuthFailure.SecretIdNotFound', Message: 'x' }, RequestId: 'R' } },
    http: { code: 7, message: 'no credit' },
  };
  const body = bodies[name];
  if (name === 'teams') {
    const failed = 'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 400';
    return { reply: { body: failed }, status: 503, outcome: 'failed' };
  }
  return { reply: body === undefined ? { status: 400, body: 'no' } : { body }, status: 422, outcome: 'refused' };
}

function answersOf(name: string): Readonly<Record<string, Answer>> {
  const wait = { status: 429, headers: { 'retry-after': '300' }, body: '' };
  return {
    'answers 200 with an error in the body': errorOf(name),
    'answers 429 with Retry-After': { reply: wait, status: 503, outcome: 'limited', retryAfter: /^(299|300)$/ },
    'answers a page': {
      reply: { body: '<!DOCTYPE html>\n<html><title>Sign in</title></html>' },
      status: 503,
      outcome: 'failed',
    },
    'answers 502 with a page': {
      reply: { status: 502, body: '<html>Bad gateway</html>' },
      status: 503,
      outcome: 'failed',
    },
    'answers a megabyte': { reply: { body: filler }, status: 503, outcome: 'unreachable' },
    'never answers': { reply: 'never', status: 503, outcome: 'unreachable' },
  };
}

test('there is a fake for every kind', () => {
  expect(Object.keys(everyFake).sort()).toEqual(Object.keys(channelKinds).sort());
});
