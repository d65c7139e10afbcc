import { channelKinds, channelNames } from '../../../alertmanager/bridge/channels/index.ts';
import { robotSettings } from '../../support/robots/robot-settings.ts';

function parse(name: string, value: unknown): unknown {
  return channelKinds[name]?.parse(value, 'robots.oncall');
}

describe.each(channelNames)('%s', (name) => {
  test('reads good settings and names every file with a secret', () => {
    const settings = parse(name, robotSettings[name]);
    const files = channelKinds[name]?.secretFiles(settings) ?? [];
    const written = JSON.stringify(robotSettings[name]).match(/\/s\/\w+/g) ?? [];
    expect([...files].sort()).toEqual([...new Set(written)].sort());
  });

  test.each([[null], ['x'], [[]], [7]])('refuses %j in place of settings', (value) =>
    expect(() => parse(name, value)).toThrow(/^robots\.oncall must be keys and values/),
  );

  test('refuses an unknown key with those that there are', () =>
    expect(() => parse(name, { ...robotSettings[name], tiem_zone: 'UTC' })).toThrow(
      /unknown key tiem_zone; it may have /,
    ));

  test.each(['secret', 'access_token', 'password'])('refuses a secret in %s and does not show it', (key) => {
    expect(() => parse(name, { ...robotSettings[name], [key]: 'hunter2' })).toThrow(
      new RegExp(`^robots\\.oncall\\.${key} would hold a secret, which must not stand in this file`),
    );
    expect(() => parse(name, { ...robotSettings[name], [key]: 'hunter2' })).not.toThrow(/hunter2/);
  });

  test('refuses each key of the wrong type', () => {
    for (const key of Object.keys(robotSettings[name] ?? {})) {
      expect(() => parse(name, { ...robotSettings[name], [key]: [{}] })).toThrow(
        new RegExp(`^robots\\.oncall\\.${key}`),
      );
    }
  });
});

test.each([
  ['dingtalk', {}, 'robots.oncall must have exactly one of url_file and token_file, and has neither'],
  ['dingtalk', { url_file: '/a', token_file: '/b' }, 'and has both'],
  ['dingtalk', { url: 'https://oapi.dingtalk.com/robot/send?access_token=x' }, 'put the path of the file in url_file'],
  ['dingtalk', { token_file: 'relative' }, 'robots.oncall.token_file must be the absolute path of a file'],
  [
    'feishu',
    { url_file: '/a', time_zone: 'Mars/Base' },
    'must be a time zone such as Asia/Shanghai or UTC, got "Mars/Base"',
  ],
  ['wecom', { key: 'k' }, 'robots.oncall.key would hold a secret'],
  ['sms_aliyun', { ...robotSettings['sms_aliyun'], phone_numbers: [] }, 'at least one telephone number'],
  ['sms_aliyun', { ...robotSettings['sms_aliyun'], phone_numbers: [13800000000] }, 'a telephone number in quotes'],
  ['sms_aliyun', { ...robotSettings['sms_aliyun'], parameters: { a: 'tilte' } }, 'did you mean title?'],
  [
    'sms_tencent',
    { ...robotSettings['sms_tencent'], template_id: 1110 },
    'robots.oncall.template_id must be in quotes',
  ],
  ['voice_aliyun', { ...robotSettings['voice_aliyun'], play_times: 9 }, 'a whole number from 1 to 3'],
  ['webhook', { url: 'https://x.example/?token=abc' }, 'robots.oncall.url holds a secret'],
  ['webhook', { url: 'https://a:b@x.example/' }, 'robots.oncall.url holds a secret'],
  ['webhook', { url: 'ftp://x.example/' }, 'must be a URL that begins with http:// or https://'],
  ['http', { url: 'https://x.example/?key=abc' }, 'robots.oncall.url holds a secret'],
  ['http', { url: 'https://{{title}}.example/' }, 'must not have a placeholder in the host'],
  [
    'http',
    { url: 'https://x.example/', headers: { Authorization: 'Bearer abc' } },
    'headers.Authorization would hold a secret',
  ],
  ['http', { url: 'https://x.example/', body: '{"a": {{title}}}' }, 'is no JSON once its placeholders are filled'],
  ['http', { url: 'https://x.example/', body: '{"a": "{{titel}}"}' }, 'unknown placeholder {{titel}}'],
  ['http', { url: 'https://x.example/', success: { json: 'code' } }, 'must have both json and equals, or neither'],
])('%s refuses %j', (name, value, words) => expect(() => parse(name, value)).toThrow(words));

test('a key in place of a path is not shown', () =>
  expect(() => parse('dingtalk', { token_file: 'SECabc' })).not.toThrow(/SECabc/));
