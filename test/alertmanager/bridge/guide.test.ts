import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { channelKinds, channelNames } from '../../../alertmanager/bridge/channels/index.ts';
import { readBridgeFile } from '../../../alertmanager/bridge/config/bridge-file.ts';
import { messageFields } from '../../../alertmanager/bridge/texts/message-fields.ts';

const guide = readFileSync(join(import.meta.dirname, '../../../docs/guides/bridge-channels.md'), 'utf8');
const examples = [...guide.matchAll(/```yaml\n([^`]*)```/g)].map(([, yaml = '']) => {
  const [[name = '', settings] = []] = Object.entries(Object(load(yaml)));
  return { name, settings };
});

test('the guide shows each kind of robot once', () =>
  expect(examples.map(({ name }) => name).sort()).toEqual([...channelNames].sort()));

test.each(examples)('its example of $name is read', ({ name, settings }) => {
  const kind = channelKinds[name];
  expect(kind?.secretFiles(kind.parse(settings, name)).length).toBeGreaterThan(0);
});

test('it names every field of a message', () =>
  expect(messageFields.filter((field) => !guide.includes(`\`${field}\``))).toEqual([]));

test('the example of the short guide is a file of the bridge', () => {
  const short = readFileSync(join(import.meta.dirname, '../../../docs/guides/bridge.md'), 'utf8');
  const [, yaml = ''] = /```yaml\n(robots:[^`]*)```/.exec(short) ?? [];
  const readFile = (path: string): string => (path === 'bridge.yaml' ? yaml : 'https://robot.example/robot/send\n');
  const { robots } = readBridgeFile('bridge.yaml', { readFile, channelKinds });
  expect([...robots].map(([name, { channel }]) => [name, channel.name, channel.secretFiles.length])).toEqual([
    ['sre', 'dingtalk', 2],
  ]);
});
