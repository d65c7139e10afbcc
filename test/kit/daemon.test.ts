import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { httpTiming } from '../../kit/http/timing.ts';
import { eventually } from '../support/eventually.ts';
import { parseExposition } from '../support/exposition.ts';
import { ask, rawConnection } from '../support/http-client.ts';
import { readsFamilies, services, startFakeDaemon, stopFakeDaemons } from './fake-daemon.ts';

const openMetrics = { accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.5' };

afterEach(stopFakeDaemons);

describe('/metrics', () => {
  test('in text, with what the daemon says about itself', async () => {
    const { url } = await startFakeDaemon();
    const { status, headers, body } = await ask(`${url}/metrics`);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      'content-length': String(Buffer.byteLength(body)),
      vary: 'Accept, Accept-Encoding',
    });
    const families = parseExposition('text', body);
    expect(families.get('fake_reads_total')?.samples[0]?.value).toBe('1');
    expect(families.get('fleetlens_config_last_reload_successful')?.samples[0]?.value).toBe('1');
    expect([...families.keys()]).toEqual(
      expect.arrayContaining([
        'fleetlens_build_info',
        'process_resident_memory_bytes',
        'fleetlens_scrape_render_seconds',
      ]),
    );
  });

  test('in OpenMetrics', async () => {
    const { url } = await startFakeDaemon();
    const { headers, body } = await ask(`${url}/metrics`, { headers: openMetrics });
    expect(headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8');
    expect(parseExposition('openmetrics', body).get('fake_reads')?.samples[0]?.name).toBe('fake_reads_total');
  });

  test('zipped where the client takes it', async () => {
    const { url } = await startFakeDaemon();
    const { headers, raw } = await ask(`${url}/metrics`, { headers: { 'accept-encoding': 'gzip' } });
    expect(headers).toMatchObject({ 'content-encoding': 'gzip', 'content-length': String(raw.length) });
    expect(gunzipSync(raw).toString()).toContain('\nfake_reads_total 1\n');
  });

  test('HEAD tells the length and sends nothing', async () => {
    const { url } = await startFakeDaemon();
    const { status, headers, body } = await ask(`${url}/metrics`, { method: 'HEAD' });
    expect([status, body]).toEqual([200, '']);
    expect(Number(headers['content-length'])).toBeGreaterThan(1000);
  });

  test('at another path', async () => {
    const { url } = await startFakeDaemon({ argv: ['--web.telemetry-path=/gpu/metrics'] });
    expect((await ask(`${url}/gpu/metrics`)).status).toBe(200);
    expect((await ask(`${url}/metrics`)).status).toBe(404);
    expect((await ask(url)).body).toContain('href="/gpu/metrics"');
  });

  test('a service that throws costs the scrape, not the daemon', async () => {
    let isBroken = true;
    const daemon = await startFakeDaemon({
      families: () => {
        if (isBroken) throw new Error('no disk');
        return readsFamilies(1);
      },
    });
    expect(await ask(`${daemon.url}/metrics`)).toMatchObject({ status: 503, body: 'scrape failed: no disk\n' });
    isBroken = false;
    expect((await ask(`${daemon.url}/metrics`)).status).toBe(200);
    expect(daemon.logged().map(({ msg, reason }) => [msg, reason])).toContainEqual(['scrape failed', 'no disk']);
  });
});

describe('health', () => {
  test('/-/healthy', async () => {
    const { url } = await startFakeDaemon({ notReady: () => 'no reading yet' });
    expect(await ask(`${url}/-/healthy`)).toMatchObject({ status: 200, body: 'healthy\n' });
  });

  test('/-/ready follows the service', async () => {
    let reason: string | undefined = 'the first reading is under way';
    const { url } = await startFakeDaemon({ notReady: () => reason });
    expect(await ask(`${url}/-/ready`)).toMatchObject({
      status: 503,
      body: 'not ready: the first reading is under way\n',
    });
    reason = undefined;
    expect(await ask(`${url}/-/ready`)).toMatchObject({ status: 200, body: 'ready\n' });
  });
});

test('the landing page links everything and escapes what it shows', async () => {
  const { url } = await startFakeDaemon({ links: [{ path: '/nodes/"><b>/metrics', text: 'a <node>' }] });
  const { headers, body } = await ask(url);
  expect(headers['content-type']).toBe('text/html; charset=utf-8');
  expect(body).toContain('Counts its &lt;reads&gt; &amp; &quot;nothing&quot; else.');
  expect(body).toContain('<a href="/nodes/&quot;&gt;&lt;b&gt;/metrics">');
  for (const path of ['/metrics', '/-/healthy', '/-/ready']) expect(body).toContain(`<a href="${path}">`);
  expect(body).not.toMatch(/<script|https?:/);
});

describe('what a service adds', () => {
  test('routes of its own, with metrics that speak of the daemon too, as those of a node do', async () => {
    const { url } = await startFakeDaemon({
      routes: (app, serve) => {
        app.get(
          '/nodes/:node/metrics',
          serve(() => readsFamilies(42)),
        );
      },
    });
    const { body } = await ask(`${url}/nodes/a/metrics`);
    const names = [...parseExposition('text', body).keys()];
    expect(names[0]).toBe('fake_reads_total');
    expect(names).toContain('fleetlens_build_info');
    expect(await ask(`${url}/nodes/%/metrics`)).toMatchObject({ status: 400, body: 'the request cannot be read\n' });
  });

  test('a route that throws shows no stack', async () => {
    const daemon = await startFakeDaemon({
      routes: (app) => {
        app.get('/broken', () => {
          throw new Error('secret detail');
        });
        app.get('/later', async () => {
          await sleep(1);
          throw new Error('secret detail');
        });
      },
    });
    for (const path of ['/broken', '/later']) {
      expect(await ask(daemon.url + path)).toMatchObject({
        status: 500,
        body: 'the request failed; the log of the daemon says why\n',
      });
      expect(daemon.logged()).toContainEqual(
        expect.objectContaining({ msg: 'request failed', path, reason: 'secret detail' }),
      );
    }
  });
});

describe('start', () => {
  test.each([
    ['relative', 'metrics'],
    ['with a query', '/metrics?x'],
    ['with a pattern', '/:path'],
    ['of its own use', '/-/ready'],
  ])('a path that is %s is refused before anything starts', async (_, path) => {
    const before = services.started;
    await expect(startFakeDaemon({ argv: [`--web.telemetry-path=${path}`] })).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(/^--web\.telemetry-path must/),
    });
    expect(services.started).toBe(before);
  });

  test('a port that is taken names the option, and the service is stopped again', async () => {
    const { url } = await startFakeDaemon();
    const { port } = new URL(url);
    const before = services.stopped;
    await expect(startFakeDaemon({ argv: [`--web.listen-address=127.0.0.1:${port}`] })).rejects.toMatchObject({
      name: 'ConfigError',
      message: `--web.listen-address 127.0.0.1:${port} is in use by another process; stop that one or choose another port`,
    });
    expect(services.stopped).toBe(before + 1);
  });

  test.each([
    ['192.0.2.1:0', /^--web\.listen-address 192\.0\.2\.1:0 is no address of this machine$/],
    ['[2001:db8::1]:0', /^--web\.listen-address \[2001:db8::1\]:0 is no address of this machine$/],
    ['no-such-host.invalid:0', /^--web\.listen-address no-such-host\.invalid:0 /],
  ])('%s is not to be had', async (address, message) => {
    await expect(startFakeDaemon({ argv: [`--web.listen-address=${address}`] })).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringMatching(message),
    });
  });

  test('on all interfaces it gives a URL that works here', async () => {
    const { url } = await startFakeDaemon({ argv: ['--web.listen-address=:0'] });
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await ask(`${url}/-/healthy`)).status).toBe(200);
  });
});

describe('reload', () => {
  let yaml = '';
  const withFile = () => startFakeDaemon({ argv: ['--config.file=f.yaml'], readFile: () => yaml });
  const reloaded = async (url: string): Promise<string | undefined> =>
    parseExposition('text', (await ask(`${url}/metrics`)).body).get('fleetlens_config_last_reload_successful')
      ?.samples[0]?.value;

  test('a bad file keeps everything, says so in a metric, and a good one mends it', async () => {
    yaml = 'fake.limit: 1';
    const daemon = await withFile();
    yaml = 'fake.limit: 1000';
    daemon.reload();
    expect(daemon.limits).toEqual([]);
    expect(await reloaded(daemon.url)).toBe('0');
    expect(daemon.logged().at(-1)).toMatchObject({
      level: 'error',
      msg: 'configuration not reloaded, the old one stays in force',
      reason: 'f.yaml: fake.limit must be a whole number from 0 to 100, got 1000',
    });
    yaml = 'fake.limit: 7';
    daemon.reload();
    expect(daemon.limits).toEqual([7]);
    expect(await reloaded(daemon.url)).toBe('1');
  });

  test('a new log level counts at once', async () => {
    yaml = 'log.level: error';
    const daemon = await withFile();
    expect(daemon.logged().map(({ msg }) => msg)).toEqual(['listening']);
    yaml = '';
    daemon.reload();
    expect(daemon.logged().at(-1)).toMatchObject({ msg: 'configuration reloaded' });
    yaml = 'log.level: error';
    daemon.reload();
    expect(daemon.logged().filter(({ msg }) => msg === 'configuration reloaded')).toHaveLength(1);
  });

  test('what needs a restart is named, every time, until it is restarted', async () => {
    yaml = 'fake: {limit: 1, size: 1}';
    const daemon = await withFile();
    yaml = 'fake: {limit: 2, size: 2}\nweb: {max-requests: 7}';
    for (let turn = 1; turn <= 2; turn++) {
      daemon.reload();
      const warnings = daemon.logged().filter(({ msg }) => msg === 'some changed options need a restart');
      expect(warnings).toHaveLength(turn);
      expect(warnings.at(-1)).toMatchObject({
        level: 'warn',
        options: ['web.max-requests', 'fake.size'],
      });
    }
    expect((await ask(`${daemon.url}/-/healthy`)).status).toBe(200);
  });

  test('a service that refuses leaves the rest as it was', async () => {
    yaml = 'web.config.file: w.yml';
    let users = '';
    const { ConfigError } = await import('../../kit/errors.ts');
    const daemon = await startFakeDaemon({
      argv: ['--config.file=f.yaml'],
      readFile: (path) => (path === 'w.yml' ? users : yaml),
      reload: () => {
        throw new ConfigError('the price book is gone');
      },
    });
    users = 'http_server_config: {headers: {X-Frame-Options: deny}}';
    daemon.reload();
    const { headers } = await ask(`${daemon.url}/-/healthy`);
    expect(headers['x-frame-options']).toBeUndefined();
    expect(await reloaded(daemon.url)).toBe('0');
  });
});

describe('stop', () => {
  test('waits for the answer that is under way', async () => {
    let finish: () => void = () => undefined;
    const daemon = await startFakeDaemon({
      families: async () => {
        await new Promise<void>((resolve) => {
          finish = resolve;
        });
        return readsFamilies(1);
      },
      timing: { closeGraceMs: 20_000 },
    });
    const scrape = ask(`${daemon.url}/metrics`);
    await eventually('the scrape', () => (daemon.renders() === 1 ? true : undefined));
    const stopped = daemon.stop();
    finish();
    expect((await scrape).status).toBe(200);
    await stopped;
    expect(daemon.isServiceStopped()).toBe(true);
    expect(daemon.logged().at(-1)).toMatchObject({ msg: 'stopped' });
  });

  test('does not wait for connections that are only kept open', async () => {
    const daemon = await startFakeDaemon({ timing: { closeGraceMs: 3_600_000 } });
    const socket = await rawConnection(daemon.url, 'GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => socket.once('data', resolve).resume());
    await daemon.stop();
    socket.destroy();
  });

  test('does not wait for a client that hangs', async () => {
    const daemon = await startFakeDaemon({ families: () => new Promise(() => undefined) });
    const socket = await rawConnection(daemon.url, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually('the scrape', () => (daemon.renders() === 1 ? true : undefined));
    await daemon.stop();
    socket.destroy();
  });

  test('is over within two seconds as a daemon runs', () => {
    expect(httpTiming.closeGraceMs).toBeLessThan(2000);
  });
});
