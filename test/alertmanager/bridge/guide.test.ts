import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { channelKinds, channelNames } from '../../../alertmanager/bridge/channels/index.ts';
import { readBridgeFile } from '../../../alertmanager/bridge/config/bridge-file.ts';
import { bridgeOptions } from '../../../alertmanager/bridge/options.ts';
import { messageFields } from '../../../alertmanager/bridge/texts/message-fields.ts';
import { renderAlertmanager } from '../../../alertmanager/render.ts';
import { parseSite } from '../../../alertmanager/site.ts';
import { sendTestOptions } from '../../../cli/bridge/options.ts';
import { generateOptions } from '../../../cli/generate/options.ts';
import type { OptionSpecs, OptionTable } from '../../../kit/options/define.ts';
import { parseOptions } from '../../../kit/options/parse.ts';
import { codeBlocks } from '../../deploy/code-blocks.ts';
import { templatesDir } from '../../support/alertmanager-templates.ts';
import { amtool, asJsonFile } from '../../support/amtool.ts';

const pageOf = (name: string): string => readFileSync(join(import.meta.dirname, '../../../docs/guides', name), 'utf8');
const guide = pageOf('bridge-channels.md');
const short = pageOf('bridge.md');
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
  const [, yaml = ''] = /```yaml\n(robots:[^`]*)```/.exec(short) ?? [];
  const readFile = (path: string): string => (path === 'bridge.yaml' ? yaml : 'https://robot.example/robot/send\n');
  const { robots } = readBridgeFile('bridge.yaml', { readFile, channelKinds });
  expect([...robots].map(([name, { channel }]) => [name, channel.name, channel.secretFiles.length])).toEqual([
    ['sre', 'dingtalk', 2],
  ]);
});

describe('the commands of the short guide', () => {
  const lines = codeBlocks(short, 'sh').flatMap((block) => block.trim().split('\n'));
  const tables: Readonly<Record<string, OptionTable<OptionSpecs>>> = {
    'bridge send-test': sendTestOptions,
    bridge: bridgeOptions,
    generate: generateOptions,
  };

  test('exist, with their options', () => {
    const commands = lines.flatMap((line) => /(?:^fleetlens|cli\/main\.js) (.*)$/.exec(line)?.[1] ?? []);
    expect(commands).toHaveLength(5);
    for (const command of commands) {
      const name = Object.keys(tables).find((each) => command.startsWith(`${each} `)) ?? '';
      const table = tables[name];
      if (table === undefined) throw new Error(`there is no fleetlens ${command}`);
      const argv = command.slice(name.length + 1).split(' ');
      expect(() => parseOptions(table, { argv, env: {}, readFile: () => '' })).not.toThrow();
    }
  });

  test('apply files that are there, and make the secrets that the pod reads', () => {
    const root = join(import.meta.dirname, '../../..');
    const named = [...short.matchAll(/deploy\/[\w/.-]+\.(?:yaml|service)/g)].map(([path]) => path);
    expect(new Set(named).size).toBe(3);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    const made = (text: string): readonly (string | undefined)[] =>
      [...text.matchAll(/--from-file=([\w-]+)/g)].map(([, name]) => name);
    expect(made(short)).toEqual(made(readFileSync(join(root, 'deploy/kubernetes/bridge.yaml'), 'utf8')));
  });
});

test('the sites of the short guide load', () => {
  const sites = codeBlocks(short, 'yaml').filter((yaml) => yaml.startsWith('receivers:'));
  expect(sites).toHaveLength(2);
  for (const site of sites) {
    const config = renderAlertmanager(parseSite(load(site)), { templatesDir });
    expect(asJsonFile(config, (file) => amtool('check-config', file))).toContain('SUCCESS');
  }
});
