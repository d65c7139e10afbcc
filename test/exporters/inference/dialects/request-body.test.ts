import fc from 'fast-check';
import { ollamaChat } from '../../../../exporters/inference/dialects/ollama.ts';
import { openAiChat } from '../../../../exporters/inference/dialects/openai-completions.ts';
import { readRequest, withUsageAsked } from '../../../../exporters/inference/dialects/request-body.ts';

const json = 'application/json';

test.each([
  ['{"model":"m","stream":true}', { model: 'm', isStream: true, wantsUsage: false, isMalformed: false }],
  ['{"model":"m"}', { model: 'm', isStream: false, wantsUsage: false, isMalformed: false }],
  ['{"model":"m","stream":"yes"}', { model: 'm', isStream: false, wantsUsage: false, isMalformed: false }],
  [
    '{"model":"m","stream":true,"stream_options":{"include_usage":true}}',
    { model: 'm', isStream: true, wantsUsage: true, isMalformed: false },
  ],
  ['{"model":"m","stream_options":null}', { model: 'm', isStream: false, wantsUsage: false, isMalformed: false }],
  ['{"model":5}', { model: undefined, isStream: false, wantsUsage: false, isMalformed: false }],
  ['{"model":""}', { model: undefined, isStream: false, wantsUsage: false, isMalformed: false }],
  [`{"model":"${'x'.repeat(257)}"}`, { model: undefined, isStream: false, wantsUsage: false, isMalformed: false }],
  ['[]', { model: undefined, isStream: false, wantsUsage: false, isMalformed: true }],
  ['', { model: undefined, isStream: false, wantsUsage: false, isMalformed: true }],
  ['{"model":"m"', { model: undefined, isStream: false, wantsUsage: false, isMalformed: true }],
])('%s', (body, expected) => {
  expect(readRequest(openAiChat, Buffer.from(body), json)).toEqual(expected);
});

test('Ollama streams unless it is told not to', () => {
  expect(readRequest(ollamaChat, Buffer.from('{"model":"m"}'), undefined).isStream).toBe(true);
  expect(readRequest(ollamaChat, Buffer.from('{"model":"m","stream":false}'), undefined).isStream).toBe(false);
});

test('a form is no JSON, and nothing to complain about', () => {
  const asked = readRequest(openAiChat, Buffer.from('--x'), 'multipart/form-data; boundary=x');
  expect(asked).toEqual({ model: undefined, isStream: false, wantsUsage: false, isMalformed: false });
});

test.each([
  ['{"model":"m"}', '{"stream_options":{"include_usage":true},"model":"m"}'],
  ['{}', '{"stream_options":{"include_usage":true}}'],
  ['{ \n}', '{"stream_options":{"include_usage":true} \n}'],
  ['{"stream_options":null,"a":1.0}', '{"stream_options":{"include_usage":true},"a":1.0}'],
  ['{"stream_options": {"x": 1} ,"a":1}', '{"stream_options": {"x":1,"include_usage":true} ,"a":1}'],
  ['{"stream_options":{"include_usage":false}}', '{"stream_options":{"include_usage":true}}'],
])('%s asks for usage as %s', (body, expected) => {
  expect(withUsageAsked(Buffer.from(body), 'final')?.toString()).toBe(expected);
});

test('with every piece, for servers that can', () => {
  const body = withUsageAsked(Buffer.from('{}'), 'continuous')?.toString();
  expect(body).toBe('{"stream_options":{"include_usage":true,"continuous_usage_stats":true}}');
});

test('options in a form that nobody knows are left alone', () => {
  expect(withUsageAsked(Buffer.from('{"stream_options":"all"}'), 'final')).toBeUndefined();
});

test('whatever the body holds, only the options change', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (request) => {
      const { stream_options: _options, ...rest } = request;
      const asked = withUsageAsked(Buffer.from(JSON.stringify(rest)), 'final')?.toString('utf8') ?? '';
      expect(JSON.parse(asked)).toEqual({
        ...JSON.parse(JSON.stringify(rest)),
        stream_options: { include_usage: true },
      });
    }),
  );
});
