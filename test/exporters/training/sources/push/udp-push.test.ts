import { createSocket } from 'node:dgram';
import { createSourceLedger } from '../../../../../exporters/training/source-ledger.ts';
import { startUdpPush, type UdpPush } from '../../../../../exporters/training/sources/push/udp-push.ts';
import { systemClock } from '../../../../../kit/clock.ts';
import { createLog } from '../../../../../kit/log.ts';
import { eventually } from '../../../../support/eventually.ts';
import { createFakeJournal } from '../../../../support/fake-journal.ts';
import { fakeTagMap } from '../../../../support/fake-tag-map.ts';

const running: UdpPush[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((push) => push.stop()));
});

const everywhere = 'all interfaces';

async function start(host = '127.0.0.1', port = 0) {
  const fake = createFakeJournal();
  const ledger = createSourceLedger();
  const lines: string[] = [];
  const log = createLog({ level: 'info', format: 'logfmt', daemon: 'training', write: (line) => lines.push(line) });
  const address = { host: host === everywhere ? undefined : host, port };
  const { journal } = fake;
  const push = await startUdpPush({ address, journal, ledger, tags: fakeTagMap, clock: systemClock, log });
  running.push(push);
  return { port: push.port, fake, ledger, lines };
}

async function send(port: number, datagrams: readonly (string | Uint8Array)[]): Promise<void> {
  const socket = createSocket('udp4');
  for (const datagram of datagrams) {
    await new Promise((resolve) => socket.send(datagram, port, '127.0.0.1', resolve));
  }
  socket.close();
}

test.each(['127.0.0.1', 'localhost', everywhere])('datagrams to %s reach the journal', async (host) => {
  const { port, fake, ledger } = await start(host);
  await send(port, ['training.loss:1.5|g|#run:exp1,step:3\ntraining.step_seconds:250|ms|#run:exp1,step:3']);
  await eventually('the datagram', () => (fake.streams.length > 0 ? true : undefined));
  expect(
    fake
      .only('push', 'exp1')
      .toldAs('value')
      .map(({ quantity, value }) => [quantity, value]),
  ).toEqual([
    ['loss', 1.5],
    ['step_seconds', 0.25],
  ]);
  expect(ledger.counts().records.get('push')).toBe(2);
});

test('hostile datagrams are counted, and the next one is read', async () => {
  const { port, fake, ledger } = await start();
  const hostile = [
    new Uint8Array(0),
    new Uint8Array(60_000).fill(0xff),
    '|||:::###\n'.repeat(5000),
    'loss:1|g|#run:\u0000',
  ];
  await send(port, [...hostile, 'loss:1|g']);
  await eventually('the last datagram', () => (fake.streams.length > 0 ? true : undefined));
  expect(fake.only('push').identity.run).toBe('default');
  expect(ledger.counts().problems.get('push')?.get('bad_record')).toBe(5002);
});

test('an address that is taken is a fault of the configuration that names the option', async () => {
  const { port } = await start();
  await expect(start('127.0.0.1', port)).rejects.toMatchObject({
    name: 'ConfigError',
    message: `--push.udp-address 127.0.0.1:${port} is in use by another process; stop that one, choose another port, or give --no-push.udp`,
  });
  const all = await start(everywhere);
  await expect(start(everywhere, all.port)).rejects.toThrow(`--push.udp-address :${all.port} is in use`);
});

test('so is one that is not of this machine', async () => {
  await expect(start('192.0.2.1')).rejects.toThrow('--push.udp-address 192.0.2.1:0 is no address of this machine');
});

test('who listens for others is warned that there is no token', async () => {
  expect((await start()).lines).toEqual([]);
  expect((await start(everywhere)).lines.join()).toContain('option=--push.udp-address');
});

test('after stop the port is free', async () => {
  const { port } = await start();
  await running.pop()?.stop();
  expect((await start('127.0.0.1', port)).port).toBe(port);
});
