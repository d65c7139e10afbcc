import type { ChannelRequest } from '../../../alertmanager/bridge/channels/channel.ts';
import { channelKinds, channelNames } from '../../../alertmanager/bridge/channels/index.ts';
import { expectGolden } from '../../support/golden.ts';
import { robotSecrets, robotSettings } from '../../support/robots/robot-settings.ts';
import { sampleMessages } from '../../support/robots/sample-messages.ts';
import { contextOf } from '../../support/robots/send-to-robot.ts';

const nowMs = Date.UTC(2026, 10, 29, 8, 0);

describe.each(channelNames)('%s', (name) => {
  test.each(['en', 'zh'] as const)('says the same as before in %s', (language) => {
    const kind = channelKinds[name];
    const told = Object.entries(sampleMessages(language)).map(([what, message]) => [
      what,
      kind?.render(message, kind.parse(robotSettings[name], name), contextOf(robotSecrets, nowMs)).map(readable),
    ]);
    expectGolden(`bridge/${name}.${language}.json`, `${JSON.stringify(Object.fromEntries(told), null, 2)}\n`);
  });
});

function readable({ url, method, headers, body }: ChannelRequest): object {
  return { request: `${method} ${url.href}`, headers, body: body === undefined ? null : JSON.parse(body) };
}
