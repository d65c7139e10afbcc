import { createConfirmations } from '../../../../exporters/cmdb/hardware/confirmation.ts';

let time = 1_795_000_000;
const clock = { now: () => time };
const settings = { validSeconds: 300, secret: Buffer.alloc(32, 1) };

beforeEach(() => {
  time = 1_795_000_000;
});

test('a token confirms its subject once', () => {
  const confirmations = createConfirmations(settings, clock);
  const { token, expiresAt } = confirmations.issue('off node-1');
  expect(expiresAt).toBe(time + 300);
  expect(confirmations.redeem(token, 'off node-1')).toBe('valid');
  expect(confirmations.redeem(token, 'off node-1')).toBe('used');
});

test('a token is for its subject alone, and trying it elsewhere does not use it up', () => {
  const confirmations = createConfirmations(settings, clock);
  const { token } = confirmations.issue('off node-1');
  expect(confirmations.redeem(token, 'off node-2')).toBe('foreign');
  expect(confirmations.redeem(token, 'off node-1')).toBe('valid');
});

test('a token expires, also one that was used', () => {
  const confirmations = createConfirmations(settings, clock);
  const [first, second] = [confirmations.issue('a').token, confirmations.issue('a').token];
  expect(confirmations.redeem(first, 'a')).toBe('valid');
  time += 300;
  expect(confirmations.redeem(second, 'a')).toBe('expired');
  expect(confirmations.redeem(first, 'a')).toBe('expired');
});

test('another process with another secret takes none of them', () => {
  const { token } = createConfirmations(settings, clock).issue('a');
  expect(createConfirmations({ validSeconds: 300 }, clock).redeem(token, 'a')).toBe('foreign');
});

test('a later end cannot be written into a token', () => {
  const confirmations = createConfirmations(settings, clock);
  const { token, expiresAt } = confirmations.issue('a');
  const longer = token.replace(String(expiresAt), String(expiresAt + 3600));
  expect(longer).not.toBe(token);
  expect(confirmations.redeem(longer, 'a')).toBe('foreign');
});

test.each(['', '.', 'a.b.c', 'x'.repeat(100_000), '1.00000000000000000000000000000000.'])('%p is no token', (token) => {
  expect(createConfirmations(settings, clock).redeem(token.slice(0, 200), 'a')).toBe('foreign');
});
