import fc from 'fast-check';
import {
  parseRunPattern,
  type RunPattern,
  runNameOf,
} from '../../../../../exporters/training/sources/files/run-pattern.ts';
import { ConfigError } from '../../../../../kit/errors.ts';

const matchesLast = ({ parts }: RunPattern, name: string): boolean => {
  const last = parts.at(-1);
  return last?.is === 'names' ? last.matches(name) : last?.is === 'name' && last.name === name;
};
const matches = (glob: string, name: string) => matchesLast(parseRunPattern(`/runs/x*/${glob}`, '/'), name);

test.each([
  ['*', 'run-1', true],
  ['*', '.hidden', false],
  ['run-*', 'run-', true],
  ['run-?', 'run-1', true],
  ['run-?', 'run-12', false],
  ['run-[0-9]', 'run-7', true],
  ['run-[!0-9]', 'run-7', false],
  ['run-[!0-9]', 'run-x', true],
  ['run-[^0-9]', 'run-x', true],
  ['lr=0.1,bs=*', 'lr=0.1,bs=8', true],
  ['run (*)', 'run (1)', true],
  ['{a,b}*', 'a1', false],
  ['{a,b}*', '{a,b}1', true],
  ['!a*', '!ab', true],
  ['!a*', 'b', false],
  ['@(a|b)*', 'a', false],
  ['@(a|b)*', '@(a|b)c', true],
  ['*+', 'x+', true],
  ['#*', '#1', true],
  ['*.$', 'x.$', true],
  ['a\\*b*', 'a*bc', true],
  ['a\\*b*', 'axbc', false],
  ['größe *', 'größe 日本', true],
  ['a**b', 'a-/-b', false],
  ['a**b', 'a--b', true],
  ['*.*', 'a.', true],
  ['plain', 'plain', true],
  ['pl\\[ain', 'pl[ain', true],
  ['*', 'two\nlines', true],
])('%s and %s: %s', (glob, name, expected) => expect(matches(glob, name)).toBe(expected));

test('stars and question marks are what a shell says of them, whatever else is in the pattern', () => {
  const character = fc.constantFrom(...'ab.-_ ()+{}@!^$,#|=~&%é\'"');
  const names = fc.string({ unit: character, minLength: 1, maxLength: 8 });
  const globs = fc.string({ unit: fc.oneof(character, fc.constantFrom('*', '?')), minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(globs, names, (glob, name) => {
      fc.pre(!['.', '..', '**'].includes(glob) && name !== '.' && name !== '..');
      expect(matches(glob, name)).toBe(asInShell(glob, name));
    }),
    { numRuns: 3000 },
  );
});

/** By trying everything. */
function asInShell(glob: string, name: string): boolean {
  const isHidden = name.startsWith('.') && !glob.startsWith('.');
  return !isHidden && fits(glob, name);
}

function fits(glob: string, name: string): boolean {
  const [first] = glob;
  if (first === undefined) return name === '';
  if (first === '*') return fits(glob.slice(1), name) || (name !== '' && fits(glob, name.slice(1)));
  return name !== '' && (first === '?' || first === name[0]) && fits(glob.slice(1), name.slice(1));
}

test.each([
  ['/data/runs/*/', '/data/runs'],
  ['/data/*/runs', '/data'],
  ['/data/runs', '/data/runs'],
  ['/data/run-*', '/data'],
  ['/*', '/'],
  ['runs/*', '/srv/runs'],
  ['./runs//*', '/srv/runs'],
  ['../*', '/'],
  ['/data/a\\*b/*', '/data/a*b'],
])('%s begins at %s', (pattern, base) => expect(parseRunPattern(pattern, '/srv').base).toBe(base));

test.each([
  ['/data/runs/*/', '/data/runs/a', 'a'],
  ['/data/*/runs/*', '/data/team/runs/a', 'team/runs/a'],
  ['/data/**/tb', '/data/tb', 'tb'],
  ['/data/runs/a', '/data/runs/a', 'a'],
  ['/data/**', '/data', 'data'],
  ['/*', '/a', 'a'],
  ['/', '/', '/'],
])('with %s the run at %s is named %s', (pattern, path, name) =>
  expect(runNameOf(parseRunPattern(pattern, '/'), path)).toBe(name),
);

test.each(['', ' ', 'a\0b', 'x'.repeat(5000)])('a pattern that can match nothing is refused: %j', (pattern) =>
  expect(() => parseRunPattern(pattern, '/')).toThrow(ConfigError),
);
