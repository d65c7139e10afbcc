import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { eventually } from './eventually.ts';

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  /** User name and password, if the sender gave them. */
  readonly login: string | undefined;
  /** Headers and body as sent. */
  readonly text: string;
}

export interface FakeSmtp {
  /** host:port */
  readonly address: string;
  readonly mails: readonly Mail[];
  readonly mail: (what: string) => Promise<Mail>;
  readonly stop: () => Promise<void>;
}

/** A fake mail server on loopback: speaks as much SMTP as a sender needs, offers PLAIN, delivers nothing. */
export async function startFakeSmtp(): Promise<FakeSmtp> {
  const mails: Mail[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    converse(socket, (mail) => mails.push(mail));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port for a loopback server');
  return {
    address: `127.0.0.1:${address.port}`,
    mails,
    mail: (what) => eventually(what, () => mails[0]),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

interface Draft {
  from: string;
  to: string[];
  login: string | undefined;
  lines: string[] | undefined;
}

function converse(socket: Socket, keep: (mail: Mail) => void): void {
  const draft: Draft = { from: '', to: [], login: undefined, lines: undefined };
  const say = (line: string): void => {
    socket.write(`${line}\r\n`);
  };
  say('220 fake.example ESMTP');
  createInterface({ input: socket }).on('line', (line) => {
    if (draft.lines === undefined) {
      say(answerTo(line, draft));
      return;
    }
    if (line !== '.') {
      draft.lines.push(line.replace(/^\./, ''));
      return;
    }
    keep({ from: draft.from, to: draft.to, login: draft.login, text: draft.lines.join('\n') });
    draft.lines = undefined;
    say('250 kept');
  });
}

function answerTo(line: string, draft: Draft): string {
  const verb = line.split(' ', 1)[0]?.toUpperCase() ?? '';
  if (verb === 'EHLO') return '250-fake.example\r\n250 AUTH PLAIN';
  if (verb === 'AUTH') {
    draft.login = Buffer.from(line.split(' ')[2] ?? '', 'base64')
      .toString()
      .split('\0')
      .slice(1)
      .join(':');
    return '235 welcome';
  }
  if (verb === 'MAIL') {
    draft.from = bracketed(line);
    return '250 ok';
  }
  if (verb === 'RCPT') {
    draft.to.push(bracketed(line));
    return '250 ok';
  }
  if (verb === 'DATA') {
    draft.lines = [];
    return '354 go ahead';
  }
  return verb === 'QUIT' ? '221 bye' : '250 ok';
}

function bracketed(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? '';
}
