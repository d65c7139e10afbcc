import type { ChannelAnswer } from '../../../alertmanager/bridge/channels/channel.ts';
import { channelKinds, channelNames } from '../../../alertmanager/bridge/channels/index.ts';
import { robotSettings } from '../../support/robots/robot-settings.ts';

const date = 'Sun, 29 Nov 2026 08:00:00 GMT';

function judged(name: string, answer: Partial<ChannelAnswer>) {
  const kind = channelKinds[name];
  const settings = kind?.parse(robotSettings[name], 'r');
  return kind?.judge({ status: 200, headers: { date }, body: '', ...answer }, settings);
}

const json = (value: object): string => JSON.stringify(value);

const codes: [name: string, body: object, outcome: string, words?: string][] = [
  ['dingtalk', { errcode: 0, errmsg: 'ok' }, 'delivered'],
  ['dingtalk', { errcode: -1, errmsg: '系统繁忙' }, 'failed'],
  ['dingtalk', { errcode: 130101, errmsg: 'send too fast, exceed 20 times per minute' }, 'limited'],
  ['dingtalk', { errcode: 410100, errmsg: '发送速度太快而限流' }, 'limited'],
  ['dingtalk', { errcode: 310000, errmsg: 'keywords not in content' }, 'refused', 'set keyword'],
  ['dingtalk', { errcode: 310000, errmsg: 'sign not match' }, 'refused', 'secret_file'],
  ['dingtalk', { errcode: 310000, errmsg: 'ip 1.2.3.4 not in whitelist' }, 'refused', 'address'],
  ['dingtalk', { errcode: 310000, errmsg: 'invalid timestamp' }, 'skewed'],
  ['dingtalk', { errcode: 310000, errmsg: '消息校验未通过，时间戳无效' }, 'skewed'],
  ['dingtalk', { errcode: 300001, errmsg: 'token is not exist' }, 'refused', 'copy the webhook'],
  ['dingtalk', { errcode: 400102, errmsg: '机器人已停用' }, 'refused', 'switched'],
  ['dingtalk', { errcode: 43004, errmsg: '无效的HTTP HEADER Content-Type' }, 'refused'],
  ['dingtalk', { errcode: 999999 }, 'refused', 'look the code up'],
  ['dingtalk', { foo: 1 }, 'failed'],
  ['feishu', { code: 0, msg: 'success' }, 'delivered'],
  ['feishu', { StatusCode: 0, StatusMessage: 'success' }, 'delivered'],
  ['feishu', { code: 19021, msg: 'sign match fail or timestamp is not within one hour from current time' }, 'skewed'],
  ['feishu', { code: 19022, msg: 'Ip Not Allowed' }, 'refused', 'address'],
  ['feishu', { code: 19024, msg: 'Key Words Not Found' }, 'refused', 'keyword'],
  [
    'feishu',
    { code: 19001, msg: 'param invalid: incoming webhook access token invalid' },
    'refused',
    'copy the webhook',
  ],
  ['feishu', { code: 11232, msg: 'create message trigger frequency limit' }, 'limited'],
  ['feishu', { code: 9499, msg: 'Bad Request', data: {} }, 'refused'],
  ['feishu', { msg: 'x' }, 'failed'],
  ['wecom', { errcode: 0, errmsg: 'ok' }, 'delivered'],
  ['wecom', { errcode: 45009, errmsg: 'api freq out of limit' }, 'limited'],
  ['wecom', { errcode: 45033, errmsg: '接口并发调用超过限制' }, 'limited'],
  ['wecom', { errcode: 93000, errmsg: 'invalid webhook url' }, 'refused', 'copy the webhook'],
  ['wecom', { errcode: 40058, errmsg: 'markdown.content exceed max length 4096' }, 'refused'],
  ['wecom', { errcode: -1, errmsg: 'system busy' }, 'failed'],
  ['sms_aliyun', { Code: 'OK', Message: 'OK' }, 'delivered'],
  ['sms_aliyun', { Code: 'isv.BUSINESS_LIMIT_CONTROL', Message: '触发分钟级流控Permits:1' }, 'limited'],
  ['sms_aliyun', { Code: 'isv.DAY_LIMIT_CONTROL', Message: '触发日发送限额' }, 'limited', 'console'],
  ['sms_aliyun', { Code: 'isv.AMOUNT_NOT_ENOUGH', Message: '余额不足' }, 'refused'],
  ['sms_aliyun', { Code: 'isv.SMS_TEMPLATE_ILLEGAL', Message: 'x' }, 'refused'],
  ['sms_aliyun', { Code: 'isp.SYSTEM_ERROR', Message: 'x' }, 'failed'],
  ['voice_aliyun', { Code: 'OK', CallId: '1' }, 'delivered'],
  ['voice_aliyun', { Code: 'isv.MOBILE_NUMBER_ILLEGAL', Message: 'x' }, 'refused'],
  ['sms_tencent', { Response: { SendStatusSet: [{ Code: 'Ok' }] } }, 'delivered'],
  ['sms_tencent', { Response: { SendStatusSet: [{ Code: 'LimitExceeded.PhoneNumberDailyLimit' }] } }, 'limited'],
  ['sms_tencent', { Response: { SendStatusSet: [{ Code: 'InvalidParameterValue.IncorrectPhoneNumber' }] } }, 'refused'],
  ['sms_tencent', { Response: { Error: { Code: 'AuthFailure.SignatureExpire' } } }, 'skewed'],
  ['sms_tencent', { Response: { Error: { Code: 'AuthFailure.SignatureFailure' } } }, 'refused'],
  ['sms_tencent', { Response: { Error: { Code: 'RequestLimitExceeded' } } }, 'limited'],
  ['sms_tencent', { Response: { Error: { Code: 'InternalError.Timeout' } } }, 'failed'],
  ['sms_tencent', { Response: {} }, 'failed'],
  ['voice_tencent', { Response: { SendStatus: { CallId: 'c' } } }, 'delivered'],
  ['voice_tencent', { Response: { Error: { Code: 'InternalError.RequestTimeException' } } }, 'skewed'],
  ['voice_tencent', { Response: { Error: { Code: 'InternalError.SigVerificationFail' } } }, 'refused'],
  ['voice_tencent', { Response: { Error: { Code: 'LimitExceeded.DeliveryFrequencyLimit' } } }, 'limited'],
  ['voice_tencent', { Response: {} }, 'failed'],
  ['http', { code: 0 }, 'delivered'],
  ['http', { code: 7, message: 'no' }, 'refused', 'answered with code 7'],
  ['http', { message: 'no' }, 'failed'],
];

test.each(codes.map(([name, body, outcome, words = '']) => ({ name, body, outcome, words })))(
  '$name answers 200 with $body: $outcome',
  ({ name, body, outcome, words }) => {
    const verdict = judged(name, { body: json(body) });
    expect(verdict?.outcome).toBe(outcome);
    expect(JSON.stringify(verdict)).toContain(words);
  },
);

describe.each(channelNames)('%s', (name) => {
  test.each([
    [500, 'failed'],
    [502, 'failed'],
    [408, 'failed'],
    [404, 'refused'],
    [401, 'refused'],
    [301, 'refused'],
  ])('answers %i with a page: %s', (status, outcome) => {
    const body = '<html><head><style>x{}</style></head><body><h1>Bad\u202E Gateway</h1></body></html>';
    const verdict = judged(name, { status, body });
    expect(verdict).toMatchObject({ outcome, reason: expect.stringContaining(`${status}`) });
    expect(JSON.stringify(verdict)).not.toMatch(/[<\u202E]/);
  });

  test('answers 429 with the time to wait', () => {
    const headers = { date, 'Retry-After': '17' };
    expect(judged(name, { status: 429, headers })).toMatchObject({ outcome: 'limited', retryAfterSeconds: 17 });
    const later = { date, 'retry-after': 'Sun, 29 Nov 2026 08:02:00 GMT' };
    expect(judged(name, { status: 429, headers: later })).toMatchObject({ outcome: 'limited', retryAfterSeconds: 120 });
    const endless = { date, 'retry-after': '99999999' };
    expect(judged(name, { status: 429, headers: endless })).toMatchObject({ retryAfterSeconds: 3600 });
  });
});

test.each([
  'dingtalk',
  'feishu',
  'wecom',
  'teams',
  'sms_aliyun',
  'sms_tencent',
  'voice_aliyun',
  'voice_tencent',
  'http',
])('%s answers 200 with a page of a proxy', (name) =>
  expect(judged(name, { body: '<html>Sign in</html>' })?.outcome).toBe('failed'),
);

test('Aliyun tells of its own failures with 400', () => {
  const skewed = judged('sms_aliyun', { status: 400, body: json({ Code: 'InvalidTimeStamp.Expired', Message: 'x' }) });
  expect(skewed).toMatchObject({ outcome: 'skewed', serverTimeMs: Date.UTC(2026, 10, 29, 8) });
  const reused = judged('sms_aliyun', { status: 400, body: json({ Code: 'SignatureNonceUsed', Message: 'x' }) });
  expect(reused?.outcome).toBe('failed');
});

test('a clock that the server does not tell is unknown', () =>
  expect(judged('feishu', { headers: {}, body: json({ code: 19021, msg: 'x' }) })).toMatchObject({
    serverTimeMs: undefined,
  }));

test('Teams takes 202 without a body', () =>
  expect(judged('teams', { status: 202 })).toEqual({ outcome: 'delivered' }));
