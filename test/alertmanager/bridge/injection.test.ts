import { channelKinds } from '../../../alertmanager/bridge/channels/index.ts';
import { cleanText } from '../../../alertmanager/bridge/letter/clean-text.ts';
import { webLink } from '../../../alertmanager/bridge/letter/web-link.ts';
import { robotSecrets, robotSettings } from '../../support/robots/robot-settings.ts';
import { sampleAlert, sampleGroup } from '../../support/robots/sample-messages.ts';
import { contextOf } from '../../support/robots/send-to-robot.ts';

const attack =
  'x\n# big\n[pay](http://evil.example) ![i](http://evil.example/i.png) **bold** `code` <at id=all></at> <@all> @所有人 @all <font color="red">f</font> <img src=x>\\';

function told(name: string): string {
  const alert = sampleAlert(0, {
    name: attack,
    summary: attack,
    description: attack,
    context: attack,
    labels: { alertname: attack, node: attack },
    runbookUrl: 'javascript:alert(1)',
    dashboardUrl: 'https://ok.example/a](http://evil.example)',
  });
  const message = sampleGroup('en', [alert], {
    common: { alertname: attack, node: attack, cluster: attack },
    counts: [{ name: attack, severity: 'critical', firing: 1, resolved: 0 }],
    mentions: [{ userId: '*' }, { mobile: '1](x)' }, { name: '<b>' }],
  });
  const kind = channelKinds[name];
  const [request] = kind?.render(message, kind.parse(robotSettings[name], name), contextOf(robotSecrets)) ?? [];
  return request?.body ?? '';
}

describe.each(['dingtalk', 'feishu', 'wecom'])('%s', (name) => {
  const body = JSON.parse(told(name));
  const text: string =
    body.actionCard?.text ?? body.markdown?.text ?? body.markdown?.content ?? body.card.elements[0].text.content;
  const ours = text.replaceAll(/<font color="(warning|info)">|<\/font>/g, '');

  test('has no link but its own', () => {
    const links = [...text.matchAll(/\]\(([^)]*)\)/g)].map(([, url = '']) => new URL(url).host);
    expect(links.filter((host) => host !== 'ok.example' && !host.endsWith('.example.com'))).toEqual([]);
  });

  test('has no tag, no mention, no code and no image', () => {
    expect(ours).not.toMatch(/[<>`]/);
    expect(ours).not.toMatch(/!\[/);
    expect(ours).not.toMatch(/@(all|所有人)/);
  });

  test('has no heading but its own', () => {
    expect(text.split('\n').filter((line) => /^\s*#/.test(line) && !line.startsWith('### [FIRING:1]'))).toEqual([]);
  });

  test('has each mark of bold text in pairs', () => {
    for (const line of text.split('\n')) expect((line.match(/\*\*/g) ?? []).length % 2).toBe(0);
  });

  test('shows what is no link as text', () => expect(text).toContain('javascript:alert'));
});

test('Teams gets runs of text, in which nothing is markup', () => {
  const card = JSON.parse(told('teams')).attachments[0].content;
  expect(JSON.stringify(card.body)).not.toContain('"TextBlock"');
  expect(JSON.stringify(card)).not.toContain('"url":"javascript');
});

test('templates of gateways stay JSON, and forms keep their parameters', () => {
  expect(JSON.parse(told('http')).title).toContain('pay');
  const kind = channelKinds['http'];
  const settings = kind?.parse(
    { url: 'https://g.example/x?t={{title}}', encoding: 'form', body: 'a=1&t={{title}}&b=2' },
    'r',
  );
  const message = sampleGroup('en', [sampleAlert(0)], { common: { alertname: 'a&b=3#%\n"x' } });
  const [request] = kind?.render(message, settings, contextOf({})) ?? [];
  const form = new URLSearchParams(request?.body);
  expect([...form.keys()]).toEqual(['a', 't', 'b']);
  expect(form.get('t')).toContain('a&b=3#% "x');
  expect(request?.url.searchParams.get('t')).toContain('a&b=3#%');
});

test('what a reader cannot see is taken out', () => {
  expect(cleanText('a\u202Eb\u200Bc\uFEFFd\u0000e\u2028f\u3164g\u2066h')).toBe('abcde fgh');
  expect(cleanText('👩‍🚀 a\u200Db')).toBe('👩‍🚀 ab');
});

test.each([
  ['https://a.example/x(1)[2]?q="a b"', 'https://a.example/x%281%29%5B2%5D?q=%22a%20b%22'],
  ['http://[::1]:9093/#/alerts', 'http://[::1]:9093/#/alerts'],
  ['javascript:alert(1)', undefined],
  ['data:text/html,x', undefined],
  ['https://user:pw@a.example/', undefined],
  ['not a url', undefined],
  [`https://a.example/${'x'.repeat(2000)}`, undefined],
])('the link %s', (url, safe) => expect(webLink(url)).toBe(safe));
