import { feishu } from '../../../../alertmanager/bridge/channels/feishu.ts';
import { createPartlyTold } from '../../../../alertmanager/bridge/sending/partly-told.ts';
import type { Told } from '../../../../alertmanager/bridge/sending/robot.ts';
import { type OpenedChannel, tellChannel } from '../../../../alertmanager/bridge/sending/tell.ts';
import { sampleNotification } from '../../../../cli/bridge/sample-notification.ts';
import { sampleMessages } from '../../../support/robots/sample-messages.ts';

const notification = sampleNotification('critical', 0);
const [message] = Object.values(sampleMessages('en'));
const good = { status: 200, body: '{"code":0}' };
const signature = { status: 200, body: '{"code":19021,"msg":"sign match fail or timestamp is not within one hour"}' };
const busy = { status: 500, body: '' };

/** Three requests for each message, judged as Feishu's are. */
const parts: OpenedChannel = {
  name: 'three',
  limits: { bodyBytes: 1000, messages: 20, seconds: 60 },
  secretFiles: [],
  render: (_, { nowMs }) =>
    [1, 2, 3].map((part) => ({
      url: new URL('http://robot.example.com'),
      method: 'POST',
      headers: {},
      body: `${part} at ${nowMs}`,
    })),
  judge: (answer) => feishu.judge(answer, { url_file: '/s/url' }),
};

/** The same, each to another person. */
const people: OpenedChannel = { ...parts, recipients: ['+861', '+862', '+863'] };

const badNumber = { status: 200, body: '{"code":19007,"msg":"no such number"}' };
const badContent = { status: 200, body: '{"code":19002,"msg":"param error"}' };
const tooMany = { status: 429, body: '' };

function scene(answers: readonly { readonly status: number; readonly body: string }[], channel = parts) {
  const sent: string[] = [];
  const refused: string[] = [];
  const partlyTold = createPartlyTold();
  let skewMs = 0;
  const tell = async (): Promise<Told> => {
    if (message === undefined) throw new Error('no sample');
    const settled = partlyTold.of([notification]);
    const told = await tellChannel(channel, message, {
      turn: async () => undefined,
      settled,
      deps: {
        secret: () => '',
        nonce: () => '',
        nowMs: () => 0,
        onRequest: () => undefined,
        onRecipientRefused: (recipient, reason) => refused.push(`${recipient}: ${reason}`),
        post: async ({ body = '' }) => {
          sent.push(body);
          return { headers: { date: 'Thu, 01 Jan 1970 02:00:00 GMT' }, ...(answers[sent.length - 1] ?? good) };
        },
        clockSkewMs: {
          get: () => skewMs,
          set: (ms) => {
            skewMs = ms;
          },
        },
      },
    });
    partlyTold.keep([notification], settled);
    return told;
  };
  return { sent, refused, tell };
}

test('a request that is signed too early is signed again, and those before it are not sent twice', async () => {
  const { sent, tell } = scene([good, signature]);
  expect(await tell()).toEqual({ outcome: 'delivered' });
  expect(sent).toEqual(['1 at 0', '2 at 0', '2 at 7200000', '3 at 7200000']);
});

test('a signature that is wrong by the clock of the robot too is refused for good', async () => {
  const { sent, tell } = scene([signature, signature]);
  expect(await tell()).toMatchObject({ outcome: 'refused', reason: expect.stringContaining('secret_file') });
  expect(sent).toHaveLength(2);
});

test('when Alertmanager sends a message again of which the robot has a part, only the rest goes out', async () => {
  const { sent, tell } = scene([good, busy]);
  expect(await tell()).toMatchObject({ outcome: 'failed' });
  expect(await tell()).toEqual({ outcome: 'delivered' });
  expect(sent.map((body) => body[0])).toEqual(['1', '2', '2', '3']);
});

test('a content that is refused tells so, unless the robot has a part of the message', async () => {
  expect(await scene([badContent]).tell()).toMatchObject({ outcome: 'refused', forContent: true });
  expect(await scene([good, badContent]).tell()).not.toHaveProperty('forContent');
});

describe('of several people', () => {
  const partsOf = (sent: readonly string[]): readonly (string | undefined)[] => sent.map((body) => body[0]);

  test('those behind one who is refused are told', async () => {
    const { sent, refused, tell } = scene([badNumber], people);
    expect(await tell()).toEqual({ outcome: 'delivered' });
    expect(partsOf(sent)).toEqual(['1', '2', '3']);
    expect(refused).toEqual([expect.stringMatching(/^\+861: .*no such number/)]);
  });

  test('one whose limit is reached keeps nobody else waiting, and only he is tried again', async () => {
    const { sent, refused, tell } = scene([good, tooMany, badNumber], people);
    expect(await tell()).toMatchObject({ outcome: 'limited' });
    expect(await tell()).toEqual({ outcome: 'delivered' });
    expect(partsOf(sent)).toEqual(['1', '2', '3', '2']);
    expect(refused).toHaveLength(1);
  });

  test('where all are refused the message is, with the first reason', async () => {
    const { refused, tell } = scene([badNumber, badNumber, badContent], people);
    expect(await tell()).toEqual({
      outcome: 'refused',
      reason: expect.stringMatching(/no such number.*; 2 more recipients were refused$/),
    });
    expect(refused).toEqual([]);
    expect(await scene([badContent, badContent, badContent], people).tell()).toMatchObject({ forContent: true });
  });

  test('a server that fails for one is asked for the others', async () => {
    const { sent, tell } = scene([busy], people);
    expect(await tell()).toMatchObject({ outcome: 'failed' });
    expect(await tell()).toEqual({ outcome: 'delivered' });
    expect(partsOf(sent)).toEqual(['1', '2', '3', '1']);
  });
});
