import { gpuOptions } from '../../../exporters/gpu/options.ts';
import { daemonOptions } from '../../../kit/daemon-options.ts';
import { defineOptions, environmentName } from '../../../kit/options/define.ts';
import { helpText } from '../../../kit/options/help.ts';
import { sample } from './sample-table.ts';

const daemon = defineOptions({ command: 'fleetlens x', about: 'A daemon.', options: daemonOptions(9400) });

/** The lines of one option. */
function section(text: string, option: string): string {
  const [, rest = ''] = text.split(new RegExp(`^  --(?=(?:no-)?${option.replaceAll('.', '\\.')}(?:=|$))`, 'm'));
  return rest.split(/^ {2}--/m)[0] ?? '';
}

describe.each([
  ['sample', sample],
  ['daemon', daemon],
  ['gpu', gpuOptions],
])('%s', (_, table) => {
  const text = helpText(table);

  test.each(Object.entries(table.options))('%s has its help, environment variable and default', (name, spec) => {
    const lines = section(text, name);
    expect(lines.replaceAll(/\s+/g, ' ')).toContain(spec.help);
    expect(lines).toContain(environmentName(name));
    if (spec.type === 'list') {
      if (spec.default.length > 0)
        expect(lines.replaceAll(/\s+/g, ' ')).toContain(`default ${spec.default.join(', ')}`);
    } else if (spec.type !== 'boolean' && spec.default !== undefined) {
      expect(lines).toContain(`${name}=${spec.default}`);
    }
  });

  test('lines fit a terminal', () => {
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

test('a switch that is on by default is shown as what can be done to it', () => {
  const text = helpText(sample);
  expect(text).toContain('\n  --no-pool.enabled\n');
  expect(text).toContain('\n  --pool.lazy\n');
});

test('what is allowed is said', () => {
  const text = helpText(sample);
  expect(section(text, 'pool.size')).toContain('[-1 to 10; env');
  expect(section(text, 'pool.wait')).toContain('[200ms to 1h; env');
  expect(section(text, 'log.level')).toContain('[debug | info | warn; env');
  expect(section(text, 'libraries')).toContain('separated by commas');
  expect(section(text, 'config.check')).toContain('not in the file');
  expect(section(text, 'pool.lazy')).not.toContain('not in the file');
});

test('it starts with how to call the command and tells of itself', () => {
  expect(helpText(sample)).toMatch(/^Usage: sample \[--option=value …\]\n\nShows every type of option\.\n/);
  expect(helpText(sample)).toContain('\n  --help\n');
});

test('words behind the command, examples, and that there is no file, are said where it is so', () => {
  const options = { json: { type: 'boolean', default: false, help: 'Print JSON.', notInFile: true } } as const;
  const text = helpText(
    defineOptions({ command: 'fleetlens x', words: '[NAME]', about: 'X.', examples: ['fleetlens x y'], options }),
  );
  expect(text).toMatch(
    /^Usage: fleetlens x \[NAME\] \[--option=value …\]\n\nX\.\n\nExamples:\n {2}fleetlens x y\n\nEvery/,
  );
  expect(text).not.toMatch(/file/);
  expect(helpText(daemon)).not.toContain('Examples');
  expect(helpText(daemon)).toContain('YAML file of --config.file');
});

test('no option shadows --help or --version', () => {
  expect(Object.keys(daemon.options).filter((name) => ['help', 'version'].includes(name))).toEqual([]);
});
