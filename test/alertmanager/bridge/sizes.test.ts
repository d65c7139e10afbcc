import { channelKinds, channelNames } from '../../../alertmanager/bridge/channels/index.ts';
import { shortened } from '../../../alertmanager/bridge/letter/clean-text.ts';
import type { AlertView, Message } from '../../../alertmanager/bridge/message.ts';
import { robotSecrets, robotSettings } from '../../support/robots/robot-settings.ts';
import { sampleAlert, sampleGroup } from '../../support/robots/sample-messages.ts';
import { contextOf } from '../../support/robots/send-to-robot.ts';

const emoji = '👩‍👩‍👧‍👦🔥🇨🇳';
const hostile: Readonly<Record<string, string>> = {
  latin: 'word '.repeat(200_000),
  chinese: '温度过高'.repeat(250_000),
  emoji: emoji.repeat(40_000),
  'right to left': '\u202Eשלום\u202C'.repeat(100_000),
  marks: `e${'\u0301'.repeat(1_000_000)}`,
  markup: '[x](http://e.example)**`<at id=all></at>`\\"\n'.repeat(25_000),
  'one word': 'x'.repeat(1_000_000),
  halves: '\uD83D'.repeat(1_000_000),
};

function bodiesOf(name: string, message: Message): readonly string[] {
  const kind = channelKinds[name];
  const requests = kind?.render(message, kind.parse(robotSettings[name], name), contextOf(robotSecrets));
  return (requests ?? []).map(({ body, url }) => body ?? url.href);
}

function limitOf(name: string): number {
  const kind = channelKinds[name];
  return (kind?.limitsOf?.(kind.parse(robotSettings[name], name)) ?? kind?.limits)?.bodyBytes ?? 0;
}

/** A megabyte in the first one; the others together burst every limit with the beginnings of it, in a twentieth of the time. */
function hostileAlerts(whole: string): readonly AlertView[] {
  const part = whole.slice(0, 50_000);
  return Array.from({ length: 40 }, (_, index) => {
    const text = index === 0 ? whole : part;
    return sampleAlert(index, {
      summary: text,
      description: text,
      context: text,
      labels: { alertname: text, node: text, run: text, team: text, domain: text, action: text },
      runbookUrl: `https://e.example/${'a'.repeat(900)}`,
      dashboardUrl: text,
    });
  });
}

describe.each(channelNames)('%s', (name) => {
  test.each(Object.keys(hostile))('stays within the limit with a megabyte of %s in every text', (what) => {
    const text = hostile[what] ?? '';
    const alerts = hostileAlerts(text);
    const message = sampleGroup('zh', alerts, {
      severity: text,
      common: { alertname: text, node: text, team: text, cluster: text, domain: text, action: text },
      counts: Array.from({ length: 40 }, () => ({ name: text, severity: text, firing: 1, resolved: 0 })),
      acknowledgeUrl: `https://e.example/${'b'.repeat(960)}`,
      alertmanagerUrl: `https://e.example/${'c'.repeat(960)}`,
      mentions: Array.from({ length: 50 }, (_, index) => ({
        userId: `${'u'.repeat(60)}${index}`,
        mobile: `+86138000000${10 + index}`,
      })),
    });
    const bodies = bodiesOf(name, message);
    expect(bodies.length).toBeGreaterThan(0);
    const sizes = bodies.map((body) => Buffer.byteLength(body));
    expect(sizes.filter((bytes) => bytes > limitOf(name))).toEqual([]);
    // No half of a character came out of the cutting.
    const broken = bodies.filter((body) => /\p{Cs}|\uFFFD/u.test(body) || /\\ud[89a-f]/i.test(body));
    expect(broken.map(({ length }) => length)).toEqual([]);
  });
});

const telling = ['dingtalk', 'feishu', 'wecom', 'teams', 'http'];

describe.each(telling)('%s with 500 alerts', (name) => {
  const alerts = Array.from({ length: 500 }, (_, index) =>
    index < 400 ? sampleAlert(index) : sampleAlert(index, { status: 'resolved', endsAtMs: Date.UTC(2026, 10, 30) }),
  );

  test.each(['en', 'zh'] as const)('names many and counts the others exactly (%s)', (language) => {
    const [body = ''] = bodiesOf(name, sampleGroup(language, alerts));
    const named = new Set(body.match(/\bn\d+ · GPU \d/g)).size;
    const [, more, firing, resolved = '0'] =
      /and (\d+) more not shown here \((\d+) firing(?:, (\d+) resolved)?/.exec(body) ??
      /另有 (\d+) 条未显示（告警 (\d+) 条(?:，恢复 (\d+) 条)?/.exec(body) ??
      [];
    expect(named).toBeGreaterThanOrEqual(20);
    expect(named + Number(more)).toBe(500);
    expect(Number(firing) + Number(resolved)).toBe(Number(more));
    expect(body).toMatch(language === 'en' ? /\[FIRING:400\]/ : /\[告警 400\]/);
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(limitOf(name));
    // Another line would not have fitted.
    expect(Buffer.byteLength(body)).toBeGreaterThan(limitOf(name) - 400);
  });
});

test('a webhook passes on what fits and counts what it left out', () => {
  const alerts = Array.from({ length: 3000 }, (_, index) => sampleAlert(index));
  const [body = ''] = bodiesOf('webhook', sampleGroup('en', alerts, { firing: 10_000 }));
  const told = JSON.parse(body);
  expect(told.alerts.length).toBeGreaterThan(1000);
  expect(told.alerts.length + told.alerts_left_out).toBe(10_000);
});

test('a digest counts the names that it leaves out', () => {
  const counts = Array.from({ length: 100 }, (_, index) => ({
    name: `Alert${index}`,
    severity: 'warning',
    firing: index,
    resolved: 1,
  }));
  const message = sampleGroup('en', [sampleAlert(0)], {
    kind: 'digest',
    groups: 100,
    counts,
    firing: 4950,
    resolved: 100,
  });
  const [body = ''] = bodiesOf('dingtalk', message);
  const shown = [...body.matchAll(/\*\*Alert\d+\*\* · Warning · (?:(\d+) firing, )?1 resolved/g)];
  const [, names, firing, resolved] = /and (\d+) more alert names \((\d+) firing, (\d+) resolved\)/.exec(body) ?? [];
  expect(shown.length + Number(names)).toBe(100);
  expect(shown.length + Number(resolved)).toBe(100);
  expect(shown.reduce((sum, [, count = '0']) => sum + Number(count), Number(firing))).toBe(4950);
});

test('texts are cut between characters as people see them', () => {
  expect(shortened(emoji.repeat(3), 40)).toBe('👩‍👩‍👧‍👦🔥🇨🇳…');
  expect(shortened('温度过高', 10)).toBe('温度…');
  expect(shortened('温度过高', 12)).toBe('温度过高');
  expect([8, 7, 6, 5, 3, 0].map((bytes) => shortened('too hot!', bytes))).toEqual([
    'too hot!',
    'too…',
    'too…',
    'to…',
    '…',
    '…',
  ]);
});
