import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hashSync } from 'bcryptjs';
import { eventually } from '../../support/eventually.ts';
import { parseExposition } from '../../support/exposition.ts';
import { ask, basic, rawConnection } from '../../support/http-client.ts';
import { identity, install, readTlsFile, tlsFile } from '../../support/tls-files.ts';
import { type FakeDaemon, services, startFakeDaemon, stopFakeDaemons } from '../fake-daemon.ts';

const ca = readTlsFile('ca.pem');
let folder: string;
let webFile: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fleetlens-web-'));
  webFile = join(folder, 'web.yml');
});

afterEach(async () => {
  await stopFakeDaemons();
  rmSync(folder, { recursive: true });
});

const checkFilesEveryMs = 20;

function start(webConfig: string, { watch = false } = {}): Promise<FakeDaemon> {
  writeFileSync(webFile, webConfig);
  return startFakeDaemon({
    argv: [`--web.config.file=${webFile}`],
    readFile: (path) => readFileSync(path, 'utf8'),
    timing: { checkFilesEveryMs: watch ? checkFilesEveryMs : 3_600_000 },
  });
}

function tls(more = '', { cert = tlsFile('server.pem'), key = tlsFile('server.key') } = {}): string {
  return `tls_server_config: {cert_file: "${cert}", key_file: "${key}"${more === '' ? '' : `, ${more}`}}\n`;
}

function users(names: Readonly<Record<string, string>>): string {
  const lines = Object.entries(names).map(([name, password]) => `  ${name}: ${hashSync(password, 4)}\n`);
  return `basic_auth_users:\n${lines.join('')}`;
}

async function metric(daemon: FakeDaemon, name: string, options: Parameters<typeof ask>[1] = {}) {
  const { body } = await ask(`${daemon.url}/metrics`, { ca, ...options });
  return parseExposition('text', body).get(name)?.samples ?? [];
}

async function reloadSucceeded(daemon: FakeDaemon, options: Parameters<typeof ask>[1] = {}) {
  return (await metric(daemon, 'fleetlens_config_last_reload_successful', options))[0]?.value;
}

async function status(daemon: FakeDaemon, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  return (await ask(`${daemon.url}/-/healthy`, { ca, headers })).status;
}

async function servedName(daemon: FakeDaemon): Promise<string | readonly string[] | undefined> {
  return (await ask(`${daemon.url}/-/healthy`, { ca })).certificate?.subject.CN;
}

function complaints(daemon: FakeDaemon): unknown[] {
  return daemon
    .logged()
    .filter(({ level }) => level === 'error')
    .map(({ reason }) => reason);
}

describe('basic authentication', () => {
  test('guards every path, and counts who was turned away', async () => {
    const daemon = await start(users({ alice: 'right' }));
    const good = basic('alice', 'right');
    for (const path of ['/', '/metrics', '/-/healthy', '/-/ready', '/nothing']) {
      const { status: refused, headers, body } = await ask(daemon.url + path);
      expect([refused, headers['www-authenticate'], body]).toEqual([401, 'Basic realm="fleetlens"', 'Unauthorized\n']);
    }
    expect(daemon.renders()).toBe(0);
    expect(await status(daemon, good)).toBe(200);
    expect(await status(daemon, basic('alice', 'wrong'))).toBe(401);
    expect(await status(daemon, basic('mallory', 'right'))).toBe(401);
    const rejected = await metric(daemon, 'fleetlens_http_requests_rejected_total', { headers: good });
    expect(rejected.find(({ labels }) => labels['reason'] === 'unauthorized')?.value).toBe('7');
  });

  test('headers from the file come with every answer, that of strangers too', async () => {
    const daemon = await start(
      `${users({ alice: 'right' })}http_server_config: {headers: {X-Content-Type-Options: nosniff}}`,
    );
    for (const headers of [{}, basic('alice', 'right')]) {
      expect((await ask(daemon.url, { headers })).headers['x-content-type-options']).toBe('nosniff');
    }
  });
});

describe('TLS', () => {
  test('speaks 1.3, shows its certificate, and does not answer plain HTTP', async () => {
    const daemon = await start(tls());
    expect(daemon.url).toMatch(/^https:/);
    expect(await ask(`${daemon.url}/metrics`, { ca })).toMatchObject({
      status: 200,
      tlsVersion: 'TLSv1.3',
      certificate: { subject: { CN: 'server' } },
    });
    await expect(ask(`${daemon.url}/metrics`)).rejects.toThrow('unable to verify');
    await expect(ask(daemon.url.replace('https:', 'http:'))).rejects.toThrow();
  });

  test('with authentication', async () => {
    const daemon = await start(tls() + users({ alice: 'right' }));
    expect(await status(daemon)).toBe(401);
    expect(await status(daemon, basic('alice', 'right'))).toBe(200);
  });

  test('max_version', async () => {
    const daemon = await start(tls('max_version: TLS12'));
    expect((await ask(daemon.url, { ca })).tlsVersion).toBe('TLSv1.2');
    await expect(ask(daemon.url, { ca, minVersion: 'TLSv1.3' })).rejects.toThrow(/protocol version/);
  });

  test('min_version', async () => {
    const daemon = await start(tls('min_version: TLS13'));
    await expect(ask(daemon.url, { ca, maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/);
  });

  test('a client that does not speak during the handshake is cut off', async () => {
    writeFileSync(webFile, tls());
    const daemon = await startFakeDaemon({
      argv: [`--web.config.file=${webFile}`],
      readFile: (path) => readFileSync(path, 'utf8'),
      timing: { requestMs: 100 },
    });
    const client = await rawConnection(daemon.url, '');
    await new Promise((resolve) => client.resume().once('close', resolve));
  });
});

describe('certificates of clients', () => {
  const mutual = tls(`client_ca_file: "${tlsFile('ca.pem')}", client_auth_type: RequireAndVerifyClientCert`);

  test('are demanded, and only those of the authority open', async () => {
    const daemon = await start(mutual);
    expect((await ask(daemon.url, { ca, ...identity('client') })).status).toBe(200);
    await expect(ask(daemon.url, { ca })).rejects.toThrow(/certificate required|socket hang up|ECONNRESET/);
    await expect(ask(daemon.url, { ca, ...identity('stranger') })).rejects.toThrow(/alert|socket hang up|ECONNRESET/);
    expect(daemon.renders()).toBe(0);
  });

  test('cannot be switched on by a reload that would not enforce them', async () => {
    const daemon = await start(tls());
    writeFileSync(webFile, mutual);
    daemon.reload();
    expect(complaints(daemon)).toEqual(['client_auth_type cannot be changed while running; restart to apply it']);
    expect(await reloadSucceeded(daemon)).toBe('0');
  });
});

describe('files that do not fit', () => {
  test.each([
    [
      'a key of another certificate',
      () => tls('', { key: tlsFile('rotated.key') }),
      () => `tls_server_config: ${tlsFile('server.pem')} and ${tlsFile('rotated.key')} are no valid pair: `,
    ],
    [
      'a key as certificate',
      () => tls('', { cert: tlsFile('server.key') }),
      () => `tls_server_config: ${tlsFile('server.key')} and ${tlsFile('server.key')} are no valid pair: `,
    ],
    [
      'a certificate that is missing',
      () => tls('', { cert: 'gone.pem' }),
      () => `ENOENT: no such file or directory, open '${join(folder, 'gone.pem')}'`,
    ],
    [
      'an authority without certificate',
      () => tls(`client_ca_file: "${tlsFile('server.key')}", client_auth_type: RequireAndVerifyClientCert`),
      () => `tls_server_config: client_ca_file ${tlsFile('server.key')} holds no certificate: `,
    ],
    [
      'an unknown key',
      () => tls('cert_fil: x'),
      () => `${webFile}: tls_server_config has an unknown key cert_fil; did you mean cert_file?`,
    ],
  ])('%s', async (_, config, message) => {
    await expect(start(config())).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining(message()),
    });
    expect(services.stopped).toBe(services.started);
  });

  test('a web configuration that is missing', async () => {
    const readFile = (path: string) => readFileSync(path, 'utf8');
    await expect(startFakeDaemon({ argv: [`--web.config.file=${webFile}`], readFile })).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/^--web\.config\.file cannot be read: .*ENOENT: no such file or directory/),
    });
  });
});

describe('reload', () => {
  test('puts new users in force, and forgets what it remembered of the old', async () => {
    const daemon = await start(users({ alice: 'old', bob: 'bob' }));
    const [old, bob, fresh] = [basic('alice', 'old'), basic('bob', 'bob'), basic('alice', 'new')];
    expect([await status(daemon, old), await status(daemon, bob)]).toEqual([200, 200]);
    writeFileSync(webFile, users({ alice: 'new' }));
    daemon.reload();
    expect([await status(daemon, old), await status(daemon, bob), await status(daemon, fresh)]).toEqual([
      401, 401, 200,
    ]);
  });

  test('a bad file keeps the old users, and the metric says so', async () => {
    const daemon = await start(users({ alice: 'right' }));
    const headers = basic('alice', 'right');
    writeFileSync(webFile, 'basic_auth_users: {alice: plain}');
    daemon.reload();
    expect(await status(daemon)).toBe(401);
    expect(await reloadSucceeded(daemon, { headers })).toBe('0');
    writeFileSync(webFile, users({ alice: 'right' }));
    daemon.reload();
    expect(await reloadSucceeded(daemon, { headers })).toBe('1');
  });

  test.each(['', 'basic_auth_users: {}', 'http_server_config: {}'])(
    'a file with "%s" does not open the door',
    async (text) => {
      const daemon = await start(users({ alice: 'right' }));
      writeFileSync(webFile, text);
      daemon.reload();
      expect(await status(daemon)).toBe(401);
      expect(complaints(daemon)).toEqual([
        `${webFile}: basic_auth_users is gone; restart to switch authentication off`,
      ]);
    },
  );

  test('TLS cannot be switched off', async () => {
    const daemon = await start(tls());
    writeFileSync(webFile, '{}');
    daemon.reload();
    expect(complaints(daemon)).toEqual(['TLS cannot be switched on or off while running; restart to apply it']);
    expect(await status(daemon)).toBe(200);
  });

  test('serves a new certificate to new connections', async () => {
    const paths = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
    install('server.pem', paths.cert);
    install('server.key', paths.key);
    const daemon = await start(tls('', paths));
    expect(await servedName(daemon)).toBe('server');
    install('rotated.pem', paths.cert);
    install('rotated.key', paths.key);
    expect(await servedName(daemon)).toBe('server');
    daemon.reload();
    expect(await servedName(daemon)).toBe('rotated');
  });
});

describe('files that change by themselves', () => {
  test('a renewed certificate is served without a signal, and a half renewed one is not', async () => {
    const paths = { cert: join(folder, 'tls.crt'), key: join(folder, 'tls.key') };
    install('server.pem', paths.cert);
    install('server.key', paths.key);
    const daemon = await start(tls('', paths), { watch: true });
    install('rotated.pem', paths.cert);
    await eventually('the failure', async () => ((await reloadSucceeded(daemon)) === '0' ? true : undefined));
    expect(await servedName(daemon)).toBe('server');
    install('rotated.key', paths.key);
    await eventually('the new certificate', async () => ((await servedName(daemon)) === 'rotated' ? true : undefined));
    expect(await reloadSucceeded(daemon)).toBe('1');
    expect(complaints(daemon)).toEqual([expect.stringContaining(`${paths.cert} and ${paths.key} are no valid pair`)]);
  });

  test('a certificate that appears where the file already looks for it', async () => {
    const daemon = await start(tls(), { watch: true });
    const paths = { cert: join(folder, 'later.crt'), key: join(folder, 'later.key') };
    writeFileSync(webFile, tls('', paths));
    await eventually('the failure', async () => ((await reloadSucceeded(daemon)) === '0' ? true : undefined));
    install('rotated.pem', paths.cert);
    install('rotated.key', paths.key);
    await eventually('the new certificate', async () => ((await servedName(daemon)) === 'rotated' ? true : undefined));
  });

  test('new users count, and a bad file is logged once', async () => {
    const daemon = await start(users({ alice: 'old' }), { watch: true });
    writeFileSync(webFile, 'basic_auth_users: {alice');
    const old = basic('alice', 'old');
    await eventually('the failure', async () =>
      (await reloadSucceeded(daemon, { headers: old })) === '0' ? true : undefined,
    );
    await new Promise((resolve) => setTimeout(resolve, 10 * checkFilesEveryMs));
    expect(complaints(daemon)).toHaveLength(1);
    writeFileSync(webFile, users({ alice: 'new' }));
    await eventually('the new user', async () =>
      (await status(daemon, basic('alice', 'new'))) === 200 ? true : undefined,
    );
    expect(await status(daemon, old)).toBe(401);
    expect(complaints(daemon)).toHaveLength(1);
  });

  test('a good certificate does not hide bad options', async () => {
    let yaml = '';
    writeFileSync(webFile, users({ alice: 'old' }));
    const daemon = await startFakeDaemon({
      argv: [`--web.config.file=${webFile}`, '--config.file=f.yaml'],
      readFile: (path) => (path === 'f.yaml' ? yaml : readFileSync(path, 'utf8')),
      timing: { checkFilesEveryMs },
    });
    yaml = 'nonsense: 1';
    daemon.reload();
    writeFileSync(webFile, users({ alice: 'new' }));
    const headers = basic('alice', 'new');
    await eventually('the new user', async () => ((await status(daemon, headers)) === 200 ? true : undefined));
    expect(await reloadSucceeded(daemon, { headers })).toBe('0');
  });

  test('nothing is read again while nothing changes', async () => {
    const daemon = await start(tls() + users({ alice: 'right' }), { watch: true });
    await new Promise((resolve) => setTimeout(resolve, 10 * checkFilesEveryMs));
    expect(daemon.logged().map(({ msg }) => msg)).toEqual(['listening']);
  });
});
