import { complaint, parse } from './sample-table.ts';

describe('forms of the file', () => {
  test.each([
    ['nested', 'pool:\n  size: 7\n  wait: 1m\n'],
    ['dotted', 'pool.size: 7\npool.wait: 1m\n'],
    ['mixed', 'pool: {size: 7}\npool.wait: 1m\n'],
    ['as JSON', '{"pool": {"size": 7, "wait": "1m"}}'],
    ['with a mark for the order of bytes', '\ufeffpool: {size: 7, wait: 1m}'],
    ['with line ends of Windows', 'pool:\r\n  size: 7\r\n  wait: 1m\r\n'],
  ])('%s', (_, yaml) => {
    expect(parse({ yaml })).toMatchObject({ 'pool.size': 7, 'pool.wait': 60 });
  });

  test('a name is an option and the first part of another', () => {
    expect(parse({ yaml: 'name: {prefix: a}' })).toMatchObject({ name: 'anon', 'name.prefix': 'a' });
    expect(parse({ yaml: 'name: b\nname.prefix: a' })).toMatchObject({ name: 'b', 'name.prefix': 'a' });
  });

  test.each([
    ['empty', ''],
    ['only a comment', '# nothing yet\n'],
    ['null', '~'],
    ['an empty mapping', '{}'],
    ['an empty group', 'pool: {}'],
  ])('a file that is %s changes nothing', (_, yaml) => {
    expect(parse({ yaml })).toEqual({ ...parse({}), 'config.file': 'f.yaml' });
  });

  test('values have the types of YAML', () => {
    const yaml = 'libraries: [x.so]\npool: {lazy: true, share: 0.5}\nname: 5\nweb: {listen-address: ":1"}';
    expect(parse({ yaml })).toMatchObject({
      libraries: ['x.so'],
      'pool.lazy': true,
      'pool.share': 0.5,
      name: '5',
      'web.listen-address': { host: undefined, port: 1 },
    });
  });
});

const bad: readonly (readonly [what: string, yaml: string, message: string])[] = [
  ['bad syntax', 'pool:\n  size: [1\n', 'f.yaml:3:1 is no valid YAML: '],
  ['a tab as indentation', 'pool:\n\tsize: 1', 'f.yaml:2:1 is no valid YAML: tab characters must not be used'],
  ['half a text', 'web:\n  listen-address: ":94', 'f.yaml:2:23 is no valid YAML: unexpected end'],
  ['half a key', 'pool:\n  si', 'f.yaml: unknown key pool'],
  ['the same key twice', 'name: a\nname: b', 'f.yaml:2:1 is no valid YAML: duplicated mapping key'],
  ['nested and dotted', 'pool: {size: 1}\npool.size: 2', 'f.yaml: pool.size is given twice'],
  ['two documents', 'name: a\n---\nname: b', 'f.yaml holds 2 YAML documents; it must hold one'],
  ['an unknown key', 'pool: {sice: 1}', 'f.yaml: unknown key pool.sice; did you mean pool.size?'],
  ['an unknown group', 'gpu: {}', 'f.yaml: unknown key gpu, see --help'],
  ['a key of objects', '__proto__: {polluted: 1}', 'f.yaml: unknown key __proto__.polluted, see --help'],
  ['an empty key', '"": {name: a}', 'f.yaml: unknown key .name; did you mean name?'],
  ['no value', 'log:\n  level:\n', 'f.yaml: log.level has no value; give one or remove the key'],
  ['a group without keys', 'log:\n', 'f.yaml: log has no value; give one or remove the key'],
  ['a mapping as value', 'log: {level: {}}', 'f.yaml: log.level must be one of debug, info, warn, got keys and values'],
  ['a list at the top', '- name: a', 'f.yaml must hold keys and values, got [keys and values]'],
  ['a text at the top', 'name', 'f.yaml must hold keys and values, got "name"'],
  ['a list as number', 'pool: {size: [1]}', 'f.yaml: pool.size must be a whole number from -1 to 10, got [1]'],
  ['a text as number', 'pool: {size: "1"}', 'f.yaml: pool.size must be a whole number from -1 to 10, got "1"'],
  ['no number', 'pool: {share: .nan}', 'f.yaml: pool.share must be a number from 0 to 1, got NaN'],
  ['a text as switch', 'pool: {lazy: "true"}', 'f.yaml: pool.lazy must be true or false, got "true"'],
  ['YAML 1.1 truth', 'pool: {lazy: yes}', 'f.yaml: pool.lazy must be true or false, got "yes"'],
  [
    'a number as duration',
    'pool: {wait: 5}',
    'f.yaml: pool.wait must be a duration from 200ms to 1h, such as 5s, got 5',
  ],
  ['numbers in a list', 'libraries: [1]', 'f.yaml: libraries must be a list of texts, separated by commas, got [1]'],
  ['a switch as text', 'name: true', 'f.yaml: name must be a text that is not empty, got true'],
  ['its own name', 'config: {file: g.yaml}', 'f.yaml: config.file can be given by flag or environment only'],
  ['a command', 'config.check: true', 'f.yaml: config.check can be given by flag or environment only'],
  ['a tag', 'name: !!js/function "x"', 'f.yaml:1:7 is no valid YAML: unknown scalar tag'],
  ['a key that breaks the line', '"bad\\nkey": 1', 'f.yaml: unknown key bad\\x0akey, see --help'],
];

test.each(bad)('%s is refused in one line that says where', (_, yaml, message) => {
  const text = complaint({ yaml });
  expect(text.slice(0, message.length)).toBe(message);
  expect(text).not.toMatch(/\p{Cc}/u);
});

describe('files that are made to do harm', () => {
  const levels = [...'bcdefghij'];

  test('aliases that would fill the memory as a list', () => {
    const bomb = levels.map((name, i) => `&${name} [${Array(9).fill(i === 0 ? 'x' : `*${levels[i - 1]}`)}]`);
    expect(complaint({ yaml: `libraries: [${bomb.join(', ')}]` })).toBe(
      'f.yaml: libraries must be a list of texts, separated by commas, got [a list,a list,a list,a list,a list,…]',
    );
  });

  test('aliases that would never end as keys', () => {
    const keys = (value: string): string => [...'abcdefghi'].map((key) => `${key}: ${value}`).join(', ');
    const bomb = levels.map((name, i) => `${name}: &${name} {${keys(i === 0 ? '{}' : `*${levels[i - 1]}`)}}`);
    expect(complaint({ yaml: bomb.join('\n') })).toBe('f.yaml holds more than 1000 keys');
  });

  test.each([
    ['keys', 'pool: &a {size: *a}', 'f.yaml holds more than 1000 keys'],
    ['lists', 'libraries: &a [*a]', 'f.yaml: libraries must be a list of texts, separated by commas, got [a list]'],
  ])('%s that hold themselves', (_, yaml, message) => {
    expect(complaint({ yaml })).toBe(message);
  });

  test('a list in a list in a list', () => {
    expect(complaint({ yaml: `name: ${'['.repeat(5000)}` })).toMatch(
      /^f\.yaml:1:\d+ is no valid YAML: nesting exceeded/,
    );
  });

  test('a file of a megabyte is read, and a longer one is not', () => {
    const megabyte = 1024 * 1024;
    expect(parse({ yaml: `name: a\n#${' '.repeat(megabyte - 9)}` })['name']).toBe('a');
    expect(complaint({ yaml: `name: a\n#${' '.repeat(megabyte)}` })).toBe(
      'f.yaml is 1048585 characters long; a configuration file holds at most 1048576',
    );
  });

  test('a key and a value of a megabyte are cut in the message', () => {
    const long = 'x'.repeat(1_000_000);
    expect(complaint({ yaml: `"${long}": 1` })).toBe(`f.yaml: unknown key ${'x'.repeat(80)}…, see --help`);
    expect(complaint({ yaml: `log.level: ${long}` }).length).toBeLessThan(200);
  });
});
