import { createHash } from 'node:crypto';
import { createRoleTokens, parseRoleTokens } from '../../../kit/api/role-tokens.ts';
import { quietLog } from '../../support/stores.ts';

const hash = (token: string) => createHash('sha256').update(token).digest('hex');

test('a token in clear is refused without being shown', () => {
  const read = () => parseRoleTokens('tokens', `${hash('a')} editor ci\nmy-secret-token admin ops\n`);
  expect(read).toThrow(/^tokens:2 must be the SHA-256/);
  expect(read).not.toThrow(/my-secret/);
});

test.each([
  ['', /holds no token/],
  [`${hash('a')} owner ops`, /tokens:1 must have one of the roles reader, editor, admin/],
  [`${hash('a')} admin local`, /must not have the name local/],
  [`${hash('a')} admin ops\n${hash('a').toUpperCase()} reader ops`, /tokens:2 is the token of "ops" again/],
])('%j is refused', (text, reason) => {
  expect(() => parseRoleTokens('tokens', text)).toThrow(reason);
});

test('it is followed, and a bad one leaves the tokens before in force', () => {
  let [text, signature] = [`# people\n${hash('one')} reader  anna # since May\n`, 'a'];
  const tokens = createRoleTokens('tokens', { readFile: () => text, signatureOf: () => signature, log: quietLog });
  expect(tokens.holderOf('one')).toEqual({ name: 'anna', role: 'reader', scope: undefined });
  [text, signature] = [`${hash('two')}\tadmin ben`, 'b'];
  expect([tokens.holderOf('one'), tokens.holderOf('two')]).toEqual([
    undefined,
    { name: 'ben', role: 'admin', scope: undefined },
  ]);
  [text, signature] = ['torn', 'c'];
  expect(tokens.holderOf('two')).toEqual({ name: 'ben', role: 'admin', scope: undefined });
  expect(tokens.holderOf(hash('two'))).toBeUndefined();
  expect(tokens.holderOf('')).toBeUndefined();
});

describe('scopes', () => {
  const read = (text: string, scopeOf: string | undefined = 'tenants') => parseRoleTokens('tokens', text, scopeOf);

  test('a token may be confined', () => {
    const text = `${hash('a')} reader anna scope=research,search-1 # since May\n${hash('b')} reader ben # all\n`;
    expect(read(text).map(({ name, scope }) => [name, scope])).toEqual([
      ['anna', ['research', 'search-1']],
      ['ben', undefined],
    ]);
  });

  test.each([
    ['reader anna scope=', /tokens:1 must have names of tenants .* got ""/],
    ['reader anna scope=a,,b', /tokens:1 must have names of tenants/],
    ['reader anna scope=a#b', /tokens:1 must have a blank before the #/],
    ['reader anna scope=a b', /tokens:1 must be the SHA-256/],
    ['reader anna scope=<b>', /tokens:1 must have names of tenants .* got "<b>"/],
    ['admin anna scope=a', /tokens:1 is for admin.* take one of them away/],
    [`reader anna scope=${Array.from({ length: 101 }, (_, index) => `t${index}`).join(',')}`, /more than 100 tenants/],
  ])('%.60s is refused', (rest, reason) => {
    expect(() => read(`${hash('a')} ${rest}`)).toThrow(reason);
  });

  test('where nobody can be confined, a scope is refused instead of letting everything be seen', () => {
    expect(() => parseRoleTokens('tokens', `${hash('a')} reader anna scope=a`)).toThrow(
      /^tokens:1 has a scope, and tokens of this daemon are for everything/,
    );
  });

  test('whether there are any is known as the file is now', () => {
    let [text, signature] = [`${hash('a')} reader anna`, 'a'];
    const deps = { readFile: () => text, signatureOf: () => signature, log: quietLog, scopeOf: 'tenants' };
    const tokens = createRoleTokens('tokens', deps);
    expect(tokens.hasScopes()).toBe(false);
    [text, signature] = [`${text} scope=a`, 'b'];
    expect(tokens.hasScopes()).toBe(true);
    expect(tokens.holderOf('a')).toEqual({ name: 'anna', role: 'reader', scope: ['a'] });
  });
});
