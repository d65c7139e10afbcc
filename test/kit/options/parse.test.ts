import { defineOptions } from '../../../kit/options/define.ts';
import { complaint, parse, sample } from './sample-table.ts';

describe('precedence', () => {
  const flag = ['--pool.size=1'];
  const env = { FLEETLENS_POOL_SIZE: '2' };
  const yaml = 'pool: {size: 3}';

  test.each([
    ['a flag beats everything', { argv: flag, env, yaml }, 1],
    ['the environment beats the file', { env, yaml }, 2],
    ['the file beats the default', { yaml }, 3],
    ['the default is left', {}, 4],
    ['an empty environment variable counts as absent', { env: { FLEETLENS_POOL_SIZE: '' }, yaml }, 3],
    ['the last of two equal flags counts', { argv: ['--pool.size=1', '--pool.size=5'] }, 5],
  ])('%s', (_, given, size) => {
    expect(parse(given)['pool.size']).toBe(size);
  });

  test('a flag names another file than the environment', () => {
    expect(parse({ yaml: 'name: mine', env: { FLEETLENS_CONFIG_FILE: 'other.yaml' } })['name']).toBe('mine');
  });

  test('the environment names the file', () => {
    expect(complaint({ env: { FLEETLENS_CONFIG_FILE: 'gone.yaml' } })).toBe(
      "--config.file cannot be read: ENOENT: no such file or directory, open 'gone.yaml'",
    );
  });

  test('a bad value is told even where a better source overrides it', () => {
    expect(complaint({ argv: flag, env: { FLEETLENS_POOL_SIZE: 'x' } })).toMatch(/^FLEETLENS_POOL_SIZE must be/);
  });

  test('values cannot be changed afterwards', () => {
    expect(Object.isFrozen(parse({}))).toBe(true);
  });
});

test('defaults have the form of parsed values', () => {
  expect(parse({})).toEqual({
    'config.file': undefined,
    'config.check': false,
    name: 'anon',
    'name.prefix': undefined,
    'web.listen-address': { host: undefined, port: 9400 },
    'web.config.file': undefined,
    'pool.size': 4,
    'pool.share': undefined,
    'pool.wait': 5,
    'pool.enabled': true,
    'pool.lazy': false,
    'log.level': 'info',
    libraries: ['a.so', 'b.so'],
  });
});

const good: readonly (readonly [option: string, text: string, value: unknown])[] = [
  ['name', 'x y=z', 'x y=z'],
  ['name', '-', '-'],
  ['web.config.file', '/etc/web.yml', '/etc/web.yml'],
  ['pool.size', '-1', -1],
  ['pool.size', ' 10 ', 10],
  ['pool.size', '1e1', 10],
  ['pool.size', '3.0', 3],
  ['pool.share', '.5', 0.5],
  ['pool.share', '1', 1],
  ['pool.wait', '200ms', 0.2],
  ['pool.wait', '1m30s', 90],
  ['pool.wait', '1.5s', 1.5],
  ['pool.wait', '1h', 3600],
  ['web.listen-address', ':0', { host: undefined, port: 0 }],
  ['web.listen-address', '127.0.0.1:9400', { host: '127.0.0.1', port: 9400 }],
  ['web.listen-address', 'localhost:65535', { host: 'localhost', port: 65_535 }],
  ['web.listen-address', '[::1]:9400', { host: '::1', port: 9400 }],
  ['pool.enabled', 'false', false],
  ['pool.lazy', 'true', true],
  ['log.level', 'warn', 'warn'],
  ['libraries', 'x.so', ['x.so']],
  ['libraries', ' x.so , y.so', ['x.so', 'y.so']],
];

const number = 'a whole number from -1 to 10';
const share = 'a number from 0 to 1';
const wait = 'a duration from 200ms to 1h, such as 5s';
const address = 'host:port, :port or [v6]:port with a port up to 65535';
const list = 'a list of texts, separated by commas';
const bad: readonly (readonly [option: string, text: string, allowed: string, shown?: string])[] = [
  ['name', '', 'a text that is not empty'],
  ['name', 'a\0b', 'a text that is not empty'],
  ['pool.size', '11', number, '11'],
  ['pool.size', '-2', number, '-2'],
  ['pool.size', '1.5', number, '1.5'],
  ['pool.size', '0x5', number],
  ['pool.size', 'Infinity', number],
  ['pool.size', '1e999', number, 'Infinity'],
  ['pool.size', '', number],
  ['pool.size', '5s', number],
  ['pool.share', '1.01', share, '1.01'],
  ['pool.share', 'NaN', share],
  ['pool.wait', '5', wait],
  ['pool.wait', '100ms', wait],
  ['pool.wait', '61m', wait],
  ['pool.wait', '-5s', wait],
  ['pool.wait', '5 s', wait],
  ['pool.wait', `${'9'.repeat(400)}s`, wait, `"${'9'.repeat(79)}…`],
  ['web.listen-address', '9400', address],
  ['web.listen-address', ':65536', address],
  ['web.listen-address', '::1:9400', address],
  ['web.listen-address', 'a b:1', address],
  ['web.listen-address', 'http://x:1', address],
  ['pool.enabled', 'yes', 'true or false'],
  ['pool.enabled', 'TRUE', 'true or false'],
  ['log.level', 'Info', 'one of debug, info, warn'],
  ['log.level', '', 'one of debug, info, warn'],
  ['libraries', '', list],
  ['libraries', 'a,,b', list],
  ['libraries', 'a,', list],
];

describe('values', () => {
  test.each(good)('%s takes "%s"', (option, text, value) => {
    expect(parse({ argv: [`--${option}=${text}`] })[option]).toEqual(value);
    const variable = `FLEETLENS_${option.toUpperCase().replaceAll(/[.-]/g, '_')}`;
    expect(parse({ env: { [variable]: text } })[option]).toEqual(value);
  });

  test.each(bad)('%s refuses "%s" and says what is allowed', (option, text, allowed, shown = JSON.stringify(text)) => {
    const expected = `--${option} must be ${allowed}, got ${shown}`.replaceAll('\0', '\\x00');
    expect(complaint({ argv: [`--${option}=${text}`] })).toBe(expected);
  });

  test('a bad environment variable is named as such', () => {
    expect(complaint({ env: { FLEETLENS_LOG_LEVEL: 'loud' } })).toBe(
      'FLEETLENS_LOG_LEVEL must be one of debug, info, warn, got "loud"',
    );
  });
});

describe('flags', () => {
  test.each([
    [['--pool.size', '7'], 'pool.size', 7],
    [['--pool.size', '-1'], 'pool.size', -1],
    [['--pool.lazy'], 'pool.lazy', true],
    [['--no-pool.enabled'], 'pool.enabled', false],
    [['--pool.enabled=false'], 'pool.enabled', false],
    [['--name=--x'], 'name', '--x'],
    [['--name=a=b'], 'name', 'a=b'],
  ])('%j', (argv, option, value) => {
    expect(parse({ argv })[option]).toBe(value);
  });

  test.each([
    [['--pool.sise=1'], 'unknown option --pool.sise; did you mean --pool.size?'],
    [['--no-pool.enabeld'], 'unknown option --no-pool.enabeld; did you mean --no-pool.enabled?'],
    [['--something-else'], 'unknown option --something-else, see --help'],
    [['--no-name'], 'unknown option --no-name; did you mean --name?'],
    [['--__proto__=1'], 'unknown option --__proto__, see --help'],
    [['--constructor'], 'unknown option --constructor, see --help'],
    [[`--${'x'.repeat(1000)}`], `unknown option --${'x'.repeat(80)}…, see --help`],
    [['--no-pool.enabled=x'], '--no-pool.enabled takes no value, got "x"'],
    [['--pool.size'], '--pool.size needs a value, such as --pool.size=4'],
    [['--pool.size', '--pool.lazy'], '--pool.size needs a value, such as --pool.size=4'],
    [['--name.prefix'], '--name.prefix needs a value, such as --name.prefix=<string>'],
    [['--log.level'], '--log.level needs a value, such as --log.level=debug|info|warn'],
    [['serve'], 'unexpected argument "serve"; options start with --, see --help'],
    [['--pool.lazy', 'true'], 'unexpected argument "true"; options start with --, see --help'],
    [['--pool.size=1', '-x'], 'unexpected argument "-x"; options start with --, see --help'],
    [['--', 'x'], 'unexpected argument "--"; options start with --, see --help'],
    [['--na\nme=1'], 'unknown option --na\\x0ame; did you mean --name?'],
    [['--name\u001b[31m'], 'unknown option --name\\x1b[31m, see --help'],
  ])('%j is refused', (argv, message) => {
    expect(complaint({ argv })).toBe(message);
  });
});

test('an option without default is undefined, never an empty text', () => {
  const table = defineOptions({
    command: 'x',
    about: 'x',
    options: { a: { type: 'number', min: 0, max: 1, help: 'x' } },
  });
  expect(parse({ table })).toEqual({ a: undefined });
});

test('the table is frozen', () => {
  expect(Object.isFrozen(sample)).toBe(true);
});
