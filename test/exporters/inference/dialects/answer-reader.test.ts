import {
  type AnswerListener,
  createStreamReader,
  createWholeReader,
  type ToStrip,
} from '../../../../exporters/inference/dialects/answer-reader.ts';
import type { Told } from '../../../../exporters/inference/dialects/dialect.ts';
import { openAiChat } from '../../../../exporters/inference/dialects/openai-completions.ts';

function listening() {
  const told: Told[] = [];
  const problems: string[] = [];
  const listener: AnswerListener = {
    onTold: (each) => told.push(each),
    onMalformed: (kind) => problems.push(kind),
    onTooLarge: () => problems.push('too_large'),
  };
  return { told, problems, listener };
}

function readStream(text: string, strip: ToStrip | undefined, step = text.length) {
  const heard = listening();
  const reader = createStreamReader(openAiChat, strip, heard.listener);
  const bytes = Buffer.from(text);
  const out: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += step) out.push(Buffer.from(reader.push(bytes.subarray(at, at + step))));
  out.push(reader.end());
  return { ...heard, text: Buffer.concat(out).toString('utf8') };
}

const usage = '{"prompt_tokens":3,"completion_tokens":2}';
const piece = (content: string, more = '') => `data: {"choices":[{"delta":{"content":"${content}"}}]${more}}\n\n`;
const usageEvent = `data: {"choices":[],"usage":${usage}}\n\n`;
const done = 'data: [DONE]\n\n';
const strip: ToStrip = { usageEvent: true, usageMember: false };

test.each([1, 2, 7, 1000])('the usage is taken out and heard, in cuts of %i bytes', (step) => {
  const { text, told } = readStream(piece('ä') + usageEvent + done, strip, step);
  expect(text).toBe(piece('ä') + done);
  expect(told).toEqual([
    expect.objectContaining({ hasContent: true, isUsageOnly: false }),
    expect.objectContaining({
      hasContent: false,
      isUsageOnly: true,
      usage: expect.objectContaining({ input: 3, generated: 2 }),
    }),
    { isLast: true },
  ]);
});

test('the usage of each piece is taken out where it was asked for', () => {
  const continuous = { usageEvent: true, usageMember: true };
  const { text, told } = readStream(piece('a', `,"usage":${usage}`) + usageEvent + done, continuous);
  expect(text).toBe(piece('a') + done);
  expect(told.filter(({ usage: each }) => each !== undefined)).toHaveLength(2);
});

test('what nobody asked for stays', () => {
  const whole = piece('a', ',"usage":null') + usageEvent + done;
  expect(readStream(whole, undefined).text).toBe(whole);
  // The first piece of Azure has no choices either, and no usage.
  const azure = `data: {"choices":[],"prompt_filter_results":[]}\n\n`;
  expect(readStream(azure + piece('a', ',"usage":null'), strip).text).toBe(azure + piece('a', ',"usage":null'));
});

test('an event that is not whole at the end goes on as it is', () => {
  const { text, told } = readStream(piece('a') + usageEvent.slice(0, 30), strip);
  expect(text).toBe(piece('a') + usageEvent.slice(0, 30));
  expect(told).toHaveLength(1);
});

test('a whole event without its empty line at the end counts', () => {
  expect(readStream(piece('a') + usageEvent.trimEnd(), strip)).toMatchObject({ text: piece('a') });
  expect(readStream(`${piece('a').trimEnd()}`, undefined).told).toHaveLength(1);
});

test('what is malformed goes on and is counted', () => {
  const bad = 'data: {"choices": [\n\ndata: 5\n\n: comment\n\nevent: ping\n\n';
  for (const how of [strip, undefined]) {
    const { text, problems } = readStream(bad + piece('a'), how, 5);
    expect(text).toBe(bad + piece('a'));
    expect(problems).toEqual(['stream_event', 'stream_event']);
  }
});

test('a long event is not held back until it is whole', () => {
  const { listener, told } = listening();
  const reader = createStreamReader(openAiChat, strip, listener);
  const long = Buffer.from(piece('x'.repeat(100_000)));
  expect(reader.push(long.subarray(0, 1000))).toHaveLength(0);
  expect(reader.push(long.subarray(1000, 70_000))).toHaveLength(70_000);
  expect(reader.push(long.subarray(70_000)).length).toBe(long.length - 70_000);
  expect(told).toEqual([{ hasContent: true }]);
  expect(reader.push(Buffer.from(usageEvent))).toHaveLength(0);
  expect(told).toHaveLength(2);
});

test('an event that never ends does not fill the memory', () => {
  const { listener, told, problems } = listening();
  const reader = createStreamReader(openAiChat, undefined, listener);
  const piece16 = Buffer.alloc(1024 * 1024, 'x');
  for (let index = 0; index < 40; index++) expect(reader.push(piece16)).toBe(piece16);
  expect({ told, problems }).toEqual({ told: [{ hasContent: true }], problems: ['stream_event'] });
  reader.push(Buffer.from(`\n\n${piece('a')}`));
  expect(told.at(-1)).toMatchObject({ hasContent: true, isError: false });
});

test('an answer in one piece is read at its end', () => {
  const { listener, told } = listening();
  const reader = createWholeReader(openAiChat, listener);
  const body = Buffer.from(`{"choices":[{"message":{}}],"usage":${usage}}`);
  expect(reader.push(body.subarray(0, 10))).toEqual(body.subarray(0, 10));
  reader.push(body.subarray(10));
  expect(told).toEqual([]);
  reader.end();
  expect(told).toEqual([{ usage: expect.objectContaining({ generated: 2 }), isError: false }]);
});

test.each([
  ['{"broken', ['response_json']],
  ['[]', ['response_json']],
  ['', []],
])('an answer %j', (body, expected) => {
  const { listener, problems } = listening();
  const reader = createWholeReader(openAiChat, listener);
  reader.push(Buffer.from(body));
  reader.end();
  expect(problems).toEqual(expected);
});

test('an answer beyond all measure passes unread', () => {
  const { listener, problems, told } = listening();
  const reader = createWholeReader(openAiChat, listener);
  const piece4 = Buffer.alloc(4 * 1024 * 1024, ' ');
  for (let index = 0; index < 5; index++) expect(reader.push(piece4)).toBe(piece4);
  reader.end();
  expect({ problems, told }).toEqual({ problems: ['too_large'], told: [] });
});

test.each([
  [{ choices: [{ delta: { reasoning_content: 'hm' } }] }, true],
  [{ choices: [{ delta: { reasoning: 'hm' } }] }, true],
  [{ choices: [{ delta: { tool_calls: [{ index: 0 }] } }] }, true],
  [{ choices: [{ delta: { function_call: {} } }] }, true],
  [{ choices: [{ text: 'x' }] }, true],
  [{ choices: [{ delta: { role: 'assistant', content: '' } }] }, false],
  [{ choices: [{ delta: {}, finish_reason: 'stop' }] }, false],
  [{ choices: [null, 5, {}] }, false],
  [{ choices: 'x' }, false],
])('%j holds a piece of the answer: %s', (event, expected) => {
  expect(openAiChat.readEvent(event).hasContent).toBe(expected);
});

test.each([-1, 1.5, '3', null, Number.MAX_VALUE])('%p is no count of tokens', (count) => {
  const told = openAiChat.readEvent({ choices: [], usage: { prompt_tokens: count, completion_tokens: 4 } });
  expect(told.usage).toMatchObject({ input: undefined, generated: 4 });
});
