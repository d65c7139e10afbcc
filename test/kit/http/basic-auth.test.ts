import { hashSync } from 'bcryptjs';
import fc from 'fast-check';
import { createBasicAuth } from '../../../kit/http/basic-auth.ts';
import { basic } from '../../support/http-client.ts';

function header(user: string, password: string): string {
  return basic(user, password)['authorization'] ?? '';
}

const alice = hashSync('right', 4);
const auth = () =>
  createBasicAuth(
    new Map([
      ['alice', alice],
      ['bob', hashSync('pässwörd:with:colons', 4)],
    ]),
  );

test.each([
  ['the right password', header('alice', 'right'), true],
  ['colons and letters beyond ASCII', header('bob', 'pässwörd:with:colons'), true],
  ['another case of the scheme', header('alice', 'right').replace('Basic', 'bAsIc'), true],
  ['a wrong password', header('alice', 'wrong'), false],
  ['no password', header('alice', ''), false],
  ["somebody else's password", header('bob', 'right'), false],
  ['the hash as password', header('alice', alice), false],
  ['a user who does not exist, with a password that does', header('mallory', 'right'), false],
  ['a user from the prototype', header('constructor', 'right'), false],
  ['an empty user', header('', 'right'), false],
  ['another case of the user', header('Alice', 'right'), false],
  ['no header', undefined, false],
  ['an empty header', '', false],
  ['no colon', `Basic ${Buffer.from('alice').toString('base64')}`, false],
  ['no base64', 'Basic %%%', false],
  ['a token', 'Bearer right', false],
])('%s: %#', async (_, given, expected) => {
  expect(await auth().check(given)).toBe(expected);
});

test('what is remembered is the answer to exactly that user, hash and password', async () => {
  const remembering = auth();
  for (let turn = 0; turn < 3; turn++) {
    expect(await remembering.check(header('alice', 'right'))).toBe(true);
    expect(await remembering.check(header('alice', 'wrong'))).toBe(false);
    expect(await remembering.check(header('mallory', 'right'))).toBe(false);
    expect(await remembering.check(header('alicer', 'ight'))).toBe(false);
  }
});

test('many wrong passwords do not wear it out', async () => {
  const remembering = auth();
  for (let turn = 0; turn < 120; turn++) {
    expect(await remembering.check(header('alice', String(turn)))).toBe(false);
  }
  expect(await remembering.check(header('alice', 'right'))).toBe(true);
});

test('without users nobody gets in', async () => {
  expect(await createBasicAuth(new Map()).check(header('alice', 'right'))).toBe(false);
});

test('whatever the header, only the right one opens', async () => {
  const remembering = auth();
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 20 }), async (text) => {
      expect(await remembering.check(text)).toBe(false);
      expect(await remembering.check(`Basic ${Buffer.from(text).toString('base64')}`)).toBe(false);
    }),
    { numRuns: 60 },
  );
});
