import { createServer, type Server } from 'node:net';
import { freePort } from './free-port.ts';

/** Stands for servers that cannot be had here: speaks PostgreSQL's protocol, lets everybody in, and answers every query with one row. */
export async function startFakePostgres(
  row: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; readonly stop: () => void }> {
  const port = await freePort();
  const server: Server = createServer((socket) => {
    let isStarted = false;
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      if (!isStarted) socket.write(Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]));
      // The driver sends all that belongs to a query at once, with Sync or as one message.
      else if (data.includes('S\0\0\0\x04') || data[0] === 'Q'.charCodeAt(0))
        socket.write(answer(row, data[0] !== 'Q'.charCodeAt(0)));
      isStarted = true;
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { url: `postgresql://anybody@127.0.0.1:${port}/any`, stop: () => server.close() };
}

function answer(row: Readonly<Record<string, string>>, isExtended: boolean): Buffer {
  const names = Object.keys(row);
  const fields = names.map((name) =>
    Buffer.concat([Buffer.from(`${name}\0`), Buffer.alloc(6), int32(25), int16(-1), int32(-1), int16(0)]),
  );
  const values = Object.values(row).map((value) =>
    Buffer.concat([int32(Buffer.byteLength(value)), Buffer.from(value)]),
  );
  return Buffer.concat([
    ...(isExtended ? [message('1', Buffer.alloc(0)), message('2', Buffer.alloc(0))] : []),
    message('T', Buffer.concat([int16(names.length), ...fields])),
    message('D', Buffer.concat([int16(names.length), ...values])),
    message('C', Buffer.from('SELECT 1\0')),
    message('Z', Buffer.from('I')),
  ]);
}

function message(letter: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(letter), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
