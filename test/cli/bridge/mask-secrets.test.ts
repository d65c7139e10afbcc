import { maskedAnswer, maskedSecret, maskedUrl } from '../../../cli/bridge/mask-secrets.ts';

test.each([
  ['k3y', '****'],
  ['SECsecret', '****'],
  [
    'https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef',
    'https://oapi.dingtalk.com/robot/send?access_token=****',
  ],
  [
    'https://open.feishu.cn/open-apis/bot/v2/hook/11111111-2222-3333-4444-555555555555',
    'https://open.feishu.cn/open-apis/bot/v2/hook/****',
  ],
  [
    'https://prod-1.logic.azure.com:8443/workflows/0123456789abcdef/triggers/manual/paths/invoke?sv=1.0&sig=abc',
    'https://prod-1.logic.azure.com:8443/workflows/****/triggers/manual/paths/invoke?sv=****&sig=****',
  ],
  ['https://hooks.example.com/services/T012/B345/secretword', 'https://hooks.example.com/services/****/****/****'],
  ['https://user:password@gateway.example.com/', 'https://gateway.example.com/'],
])('%s is shown as %s', (secret, shown) => expect(maskedSecret(secret)).toBe(shown));

test('a signature is not shown', () =>
  expect(maskedUrl(new URL('https://a.example/send?timestamp=1&sign=abc%2F%3D&x=1'))).toBe(
    'https://a.example/send?timestamp=1&sign=****&x=1',
  ));

test('an answer that repeats a secret, or a part of a secret address, is masked there alone', () => {
  const secrets = ['https://a.example/send?access_token=t0kenOfRobot', 'test', 'longSecret'];
  expect(maskedAnswer('token t0kenOfRobot unknown: longSecret, notlongSecrets, a test', secrets)).toBe(
    'token **** unknown: ****, notlongSecrets, a test',
  );
});
