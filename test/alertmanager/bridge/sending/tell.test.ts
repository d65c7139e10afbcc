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
const channel: OpenedChannel = {
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

function scene(answers: readonly { readonly status: number; readonly body: string }[]) {
  const sent: string[] = [];
  const partlyTold = createPartlyTold();
  let skewMs = 0;
  const tell = (): Promise<Told> => {
    if (message === undefined) throw new Error('no sample');
    return tellChannel(channel, message, {
      turn: async () => undefined,
      taken: partlyTold.of([notification]),
      deps: {
        secret: () => '',
        nonce: () => '',
        nowMs: () => 0,
        onRequest: () => undefined,
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
  };
  return { sent, tell };
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
