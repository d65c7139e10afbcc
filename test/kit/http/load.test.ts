import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../../support/eventually.ts';
import { parseExposition } from '../../support/exposition.ts';
import { ask, rawConnection, readUntilClosed } from '../../support/http-client.ts';
import { type FakeDaemon, hugeFamilies, readsFamilies, startFakeDaemon, stopFakeDaemons } from '../fake-daemon.ts';

afterEach(stopFakeDaemons);

/** A service that answers when it is told to. */
function gate() {
  let open: () => void = () => undefined;
  const signals: AbortSignal[] = [];
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return {
    open: () => open(),
    signals,
    families: async (signal: AbortSignal) => {
      signals.push(signal);
      await opened;
      return readsFamilies(1);
    },
  };
}

/** Waits until every place is taken, which a request that is refused shows. */
async function untilFull({ url }: FakeDaemon): Promise<void> {
  await eventually('all requests to be under way', async () =>
    (await ask(`${url}/-/healthy`)).status === 503 ? true : undefined,
  );
}

async function untilRendering(daemon: FakeDaemon): Promise<void> {
  await eventually('a scrape to be under way', () => (daemon.renders() > 0 ? true : undefined));
}

describe('scrapes at the same time', () => {
  test('40 of them render once, zipped or not', async () => {
    const { families, open } = gate();
    const daemon = await startFakeDaemon({ families });
    const scrapes = Array.from({ length: 40 }, (_, index) =>
      ask(`${daemon.url}/metrics`, { headers: index % 2 === 0 ? {} : { 'accept-encoding': 'gzip' } }),
    );
    await untilFull(daemon);
    open();
    const answers = await Promise.all(scrapes);
    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(200));
    expect(daemon.renders()).toBe(1);
    expect(new Set(answers.map(({ raw }) => raw.toString('hex'))).size).toBe(2);
    await ask(`${daemon.url}/metrics`);
    expect(daemon.renders()).toBe(2);
  });

  test('in two formats render twice', async () => {
    const { families, open } = gate();
    const daemon = await startFakeDaemon({ families, argv: ['--web.max-requests=2'] });
    const scrapes = [{}, { accept: 'application/openmetrics-text' }].map((headers) =>
      ask(`${daemon.url}/metrics`, { headers }),
    );
    await untilFull(daemon);
    open();
    const [text, openmetrics] = await Promise.all(scrapes);
    expect(daemon.renders()).toBe(2);
    expect(parseExposition('text', text?.body ?? '').size).toBe(
      parseExposition('openmetrics', openmetrics?.body ?? '').size,
    );
  });

  test('keep their own deadlines', async () => {
    const { families, open, signals } = gate();
    const daemon = await startFakeDaemon({ families });
    const impatient = ask(`${daemon.url}/metrics`, { headers: { 'x-prometheus-scrape-timeout-seconds': '1.5' } });
    await untilRendering(daemon);
    const patient = ask(`${daemon.url}/metrics`);
    expect(await impatient).toMatchObject({ status: 503, body: 'scrape failed: not rendered within 1 s\n' });
    expect(signals[0]?.aborted).toBe(false);
    open();
    expect((await patient).status).toBe(200);
    expect(daemon.renders()).toBe(1);
  });
});

describe('a rendering that nobody waits for', () => {
  test('is aborted at the deadline, and the next scrape starts a new one', async () => {
    const { families, signals } = gate();
    const daemon = await startFakeDaemon({ families });
    const headers = { 'x-prometheus-scrape-timeout-seconds': '0.1' };
    for (const turn of [1, 2]) {
      expect((await ask(`${daemon.url}/metrics`, { headers })).status).toBe(503);
      expect(daemon.renders()).toBe(turn);
    }
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  test('is aborted when the client goes away', async () => {
    const { families, signals } = gate();
    const daemon = await startFakeDaemon({ families });
    const client = await rawConnection(daemon.url, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await untilRendering(daemon);
    client.destroy();
    await eventually('the abort', () => (signals[0]?.aborted ? true : undefined));
    expect(daemon.logged()).toContainEqual(
      expect.objectContaining({ msg: 'scrape failed', reason: 'the client went away before the answer' }),
    );
  });
});

describe('X-Prometheus-Scrape-Timeout-Seconds', () => {
  const slow = async () => {
    await sleep(100);
    return readsFamilies(1);
  };

  test.each(['', 'abc', '-1', '0', 'NaN', 'Infinity', '1e12', '99999999999999999999', '5, 5'])(
    '"%s" makes no sense and costs nothing',
    async (value) => {
      const daemon = await startFakeDaemon({ families: slow });
      const headers = { 'x-prometheus-scrape-timeout-seconds': value };
      expect((await ask(`${daemon.url}/metrics`, { headers })).status).toBe(200);
    },
  );

  test('half a second is left for the way back', async () => {
    const daemon = await startFakeDaemon({ families: () => new Promise(() => undefined) });
    const headers = { 'x-prometheus-scrape-timeout-seconds': '1.1' };
    const { status, body } = await ask(`${daemon.url}/metrics`, { headers });
    expect([status, body]).toEqual([503, expect.stringMatching(/^scrape failed: not rendered within 0\.6\d* s\n$/)]);
  });

  test('a scrape may take longer than a silent socket', async () => {
    const families = async () => {
      await sleep(500);
      return readsFamilies(1);
    };
    const daemon = await startFakeDaemon({ families, timing: { idleSocketMs: 100 } });
    expect((await ask(`${daemon.url}/metrics`)).status).toBe(200);
  });
});

describe('too many requests', () => {
  test('get 503 with Retry-After, are counted, and do not disturb the others', async () => {
    const { families, open } = gate();
    const daemon = await startFakeDaemon({ families, argv: ['--web.max-requests=2'] });
    const scrapes = [ask(`${daemon.url}/metrics`), ask(`${daemon.url}/metrics`)];
    await untilFull(daemon);
    const { status, headers, body } = await ask(`${daemon.url}/metrics`);
    expect([status, headers['retry-after']]).toEqual([503, '1']);
    expect(body).toBe('more than 2 requests at once; scrape less often or raise --web.max-requests\n');
    open();
    expect((await Promise.all(scrapes)).map((answer) => answer.status)).toEqual([200, 200]);
    const metrics = parseExposition('text', (await ask(`${daemon.url}/metrics`)).body);
    const rejected = metrics.get('fleetlens_http_requests_rejected_total')?.samples ?? [];
    const count = rejected.find(({ labels }) => labels['reason'] === 'concurrency')?.value;
    // One refused scrape, and at least one look at whether it was full.
    expect(Number(count)).toBeGreaterThanOrEqual(2);
  });

  test('a client that went away leaves its place', async () => {
    const daemon = await startFakeDaemon({
      families: () => new Promise(() => undefined),
      argv: ['--web.max-requests=1'],
    });
    const client = await rawConnection(daemon.url, 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
    await untilRendering(daemon);
    expect((await ask(`${daemon.url}/-/healthy`)).status).toBe(503);
    client.destroy();
    await eventually('the place', async () =>
      (await ask(`${daemon.url}/-/healthy`)).status === 200 ? true : undefined,
    );
  });
});

describe('a client that never reads', () => {
  const scrape = 'GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n';

  test('does not hold up others', async () => {
    const daemon = await startFakeDaemon({ families: hugeFamilies });
    const client = await rawConnection(daemon.url, scrape);
    await untilRendering(daemon);
    expect((await ask(`${daemon.url}/metrics`)).status).toBe(200);
    client.destroy();
  });

  test('is cut off when nothing moves any more', async () => {
    const daemon = await startFakeDaemon({
      families: hugeFamilies,
      argv: ['--web.max-requests=1'],
      timing: { idleSocketMs: 300 },
    });
    const client = await rawConnection(daemon.url, scrape);
    await untilRendering(daemon);
    expect((await ask(`${daemon.url}/-/healthy`)).status).toBe(503);
    await eventually('its place', async () =>
      (await ask(`${daemon.url}/-/healthy`)).status === 200 ? true : undefined,
    );
    const text = await readUntilClosed(client);
    expect(Number(/Content-Length: (\d+)/.exec(text)?.[1])).toBeGreaterThan(text.length);
  });
});

describe('requests that are no good', () => {
  test('a header that is too large', async () => {
    const { url } = await startFakeDaemon();
    expect((await ask(`${url}/metrics`, { headers: { 'x-large': 'x'.repeat(20_000) } })).status).toBe(431);
  });

  test('a header that comes letter by letter', async () => {
    const { url } = await startFakeDaemon({ timing: { requestMs: 100, requestCheckMs: 20 } });
    const client = await rawConnection(url, 'GET /metrics HTTP/1.1\r\nHost: x\r\n');
    const drip = setInterval(() => client.write('x'), 30);
    const text = await readUntilClosed(client);
    clearInterval(drip);
    expect(text).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('no HTTP at all', async () => {
    const { url } = await startFakeDaemon();
    expect(await readUntilClosed(await rawConnection(url, '\u0016\u0003\u0001 hello\r\n\r\n'))).toMatch(
      /^HTTP\/1\.1 400 /,
    );
    expect((await ask(`${url}/-/healthy`)).status).toBe(200);
  });

  test.each(['/nothing', '/<script>alert(1)</script>', '/%', '/metrics/../../etc/passwd', '/__proto__'])(
    '%s is not there, and not repeated',
    async (path) => {
      const { url } = await startFakeDaemon();
      const client = await rawConnection(url, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
      const text = await readUntilClosed(client);
      expect(text).toMatch(/^HTTP\/1\.1 404 /);
      expect(text).toMatch(/\r\nContent-Type: text\/plain; charset=utf-8\r\n/);
      expect(text.split('\r\n\r\n')[1]).toBe('nothing here; / shows what there is\n');
    },
  );

  test('other methods do nothing', async () => {
    const daemon = await startFakeDaemon();
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect((await ask(`${daemon.url}/metrics`, { method })).status).toBe(404);
    }
    expect(daemon.renders()).toBe(0);
  });
});

test('nothing tells what the server is made of', async () => {
  const { url } = await startFakeDaemon();
  for (const path of ['/', '/metrics', '/nothing', '/-/ready']) {
    const { headers } = await ask(url + path);
    expect(Object.keys(headers).filter((name) => ['x-powered-by', 'server', 'etag'].includes(name))).toEqual([]);
  }
});

test('one connection serves one request after the other', async () => {
  const { url } = await startFakeDaemon();
  const client = await rawConnection(url, '');
  client.resume();
  for (let turn = 0; turn < 3; turn++) {
    client.write('GET /-/healthy HTTP/1.1\r\nHost: x\r\n\r\n');
    const [chunk]: readonly unknown[] = await once(client, 'data');
    expect(String(chunk)).toMatch(/^HTTP\/1\.1 200 /);
  }
  client.destroy();
});
