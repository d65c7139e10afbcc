import type { ConfiguredEngine } from '../../../exporters/inference/engines/configured-engine.ts';
import { parseEnginesFile } from '../../../exporters/inference/engines/engines-file.ts';
import { type RunningEngines, startEngines } from '../../../exporters/inference/start-engines.ts';
import { systemClock } from '../../../kit/clock.ts';
import { renderExposition } from '../../../kit/exposition/render.ts';
import type { Log } from '../../../kit/log.ts';
import { engineKinds, engines as tables } from '../../../metrics/engines/index.ts';
import { engineFixture } from '../../support/engine-fixtures.ts';
import { eventually } from '../../support/eventually.ts';
import { parseExposition } from '../../support/exposition.ts';
import { type Answer, type FakeHttpServer, startFakeHttpServer } from '../../support/fake-http-server.ts';
import { freePort } from '../../support/free-port.ts';
import { expectGolden } from '../../support/golden.ts';

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of cleanUp.splice(0).reverse()) await stop();
});

interface Line {
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

function listeningLog(): { readonly log: Log; readonly lines: Line[] } {
  const lines: Line[] = [];
  const take = (message: string, fields?: Readonly<Record<string, unknown>>): void => {
    lines.push({ message, fields });
  };
  return { lines, log: { debug: take, info: take, warn: take, error: take, setLevel: () => {} } };
}

interface World {
  readonly running: RunningEngines;
  readonly lines: readonly Line[];
  /** The exposition, once every engine was looked at. */
  readonly shown: () => Promise<string>;
}

function watch(
  engines: readonly ConfiguredEngine[],
  { intervalSeconds = 0.1, readFile = (path: string): string => `content of ${path}\n` } = {},
): World {
  const { log, lines } = listeningLog();
  const running = startEngines(engines, { intervalSeconds }, { clock: systemClock, log, readFile });
  cleanUp.push(running.stop);
  return {
    running,
    lines,
    shown: async () => {
      await eventually('a look at every engine', () => (running.notReady() === undefined ? true : undefined));
      const families = (await running.families()).filter(
        ({ name }) => !name.startsWith('fleetlens_collector_duration'),
      );
      const text = renderExposition('text', families);
      parseExposition('text', text);
      parseExposition('openmetrics', renderExposition('openmetrics', families));
      return text;
    },
  };
}

async function serve(answer: Answer): Promise<FakeHttpServer> {
  const server = await startFakeHttpServer(answer);
  cleanUp.push(server.stop);
  return server;
}

function page(text: string): Answer {
  return (response) => response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(text);
}

function configured(url: string, more: Readonly<Record<string, unknown>> = {}): readonly ConfiguredEngine[] {
  return parseEnginesFile('engines.yaml', JSON.stringify({ engines: [{ name: 'one', kind: 'vllm', url, ...more }] }));
}

/** As an engine of the kind answers on its paths. */
function asEngine(kind: string): Answer {
  const folder = kind.replaceAll('_', '-');
  return (response, { path }) => {
    if (path === '/slots') return response.end(engineFixture(folder, 'slots.json'));
    if (path === '/api/ps') return response.end(engineFixture(folder, 'ps.json'));
    if (path === tables[engineKinds.find((known) => known === kind) ?? 'vllm'].path) {
      return page(engineFixture(folder))(
        response,
        { path, method: 'GET', headers: {}, form: new URLSearchParams() },
        0,
      );
    }
    return response.writeHead(404).end();
  };
}

test.each(engineKinds)('what is shown of %s', async (kind) => {
  const { url } = await serve(asEngine(kind));
  const text = await watch(configured(url, { kind, model_name: 'my-model' })).shown();
  expectGolden(`inference/normaliser/${kind.replaceAll('_', '-')}.prom`, text);
});

test('of versions before, too', async () => {
  const { url } = await serve(page(engineFixture('vllm-before-0.11')));
  expectGolden('inference/normaliser/vllm-before-0.11.prom', await watch(configured(url)).shown());
});

test('two servers of one model are told apart by the name of the engine', async () => {
  const { url } = await serve(page('vllm:num_requests_running{model_name="m"} 3\n'));
  const two = configured(url).flatMap((engine) => [engine, { ...engine, name: 'two' }]);
  const text = await watch(two).shown();
  expect(text).toContain('inference_active_connections{engine="one",engine_kind="vllm",model_name="m"} 3\n');
  expect(text).toContain('inference_active_connections{engine="two",engine_kind="vllm",model_name="m"} 3\n');
});

const good = 'vllm:num_requests_running{model_name="m"} 3\n';
const shownGood = 'inference_active_connections{engine="one",engine_kind="vllm",model_name="m"} 3\n';

async function expectDown(world: World, reason: string): Promise<void> {
  const text = await world.shown();
  expect(text).toContain('inference_engine_up{engine="one",engine_kind="vllm"} 0\n');
  expect(text).not.toMatch(/^inference_(?!engine_up)\w+\{/m);
  expect(text).toContain('fleetlens_collector_success{collector="engines"} 1\n');
  expect(
    world.lines.filter(({ message }) => message === 'engine is down').map(({ fields }) => fields?.['reason']),
  ).toEqual([expect.stringContaining(reason)]);
}

/** Writes the same part again and again, as fast as it is taken. */
function pour(part: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    response.writeHead(200, headers);
    const on = (): void => {
      while (!response.destroyed && response.write(part)) {}
    };
    response.on('drain', on);
    on();
  };
}

const megabyte = 'x'.repeat(1024 * 1024);

test.each<[string, Answer, string]>([
  ['not found', (response) => response.writeHead(404).end(), 'answered 404 on /metrics'],
  ['a redirect', (response) => response.writeHead(302, { Location: '/login' }).end(), 'answered 302 on /metrics'],
  ['a login page', page('<html>\n</html>\n'), 'something that is no metrics for Prometheus'],
  [
    'a connection that breaks',
    (response) => {
      response.writeHead(200, { 'Content-Length': '1000' });
      response.write(good, () => response.destroy());
    },
    'broke off its answer',
  ],
  ['a body of 100 MB', pour(good, { 'Content-Length': '104857600' }), 'more than 16777216 bytes'],
  ['a line without end', pour(megabyte), 'has a line of more than 65536 characters'],
  ['lines without end', pour('some_metric 1\n'.repeat(10_000)), 'more than 16777216 bytes'],
  ['samples without end', pour(good.repeat(1000)), 'has more than 50000 samples'],
  ['an engine that hangs', () => {}, 'gave no answer within 0.3 s'],
  [
    'an engine that hangs in its answer',
    (response) => response.writeHead(200).write(good),
    'gave no answer within 0.3 s',
  ],
])('an engine is down after %s', async (_what, answer, reason) => {
  const { url } = await serve(answer);
  // Only those that hang are to be waited for in vain.
  const intervalSeconds = reason.startsWith('gave no answer') ? 0.3 : 30;
  await expectDown(watch(configured(url), { intervalSeconds }), reason);
});

test('an engine that is not there is down', async () => {
  await expectDown(
    watch(configured(`http://127.0.0.1:${await freePort()}`)),
    'cannot be reached: connect ECONNREFUSED',
  );
});

test('an engine that dies loses its series, and has them again when it is back', async () => {
  let isAlive = true;
  const { url } = await serve((response, request, turn) =>
    isAlive ? page(good)(response, request, turn) : response.writeHead(503).end(),
  );
  const world = watch(configured(url));
  expect(await world.shown()).toContain(shownGood);
  isAlive = false;
  await eventually('up 0', async () => ((await world.shown()).includes('"vllm"} 0\n') ? true : undefined));
  expect(await world.shown()).not.toContain('inference_active_connections');
  isAlive = true;
  await eventually('up 1', async () => ((await world.shown()).includes(shownGood) ? true : undefined));
  expect(world.lines.map(({ message }) => message)).toEqual(['engine is down', 'engine is back']);
});

test('a scrape waits for no engine, and one engine for no other', async () => {
  const [dead, alive] = [await serve(() => {}), await serve(page(good))];
  const engines = [...configured(dead.url), ...configured(alive.url, { name: 'two' })];
  const { running } = watch(engines, { intervalSeconds: 5 });
  await eventually(
    'the living one',
    async () => {
      const text = renderExposition('text', await running.families());
      return text.includes('engine="two"') ? true : undefined;
    },
    { withinSeconds: 2 },
  );
  expect(running.notReady()).toBe('1 of 2 engines have not been looked at yet');
  expect(renderExposition('text', await running.families())).not.toContain('engine="one"');
});

test('stopping does not wait for an engine that hangs', async () => {
  const { url } = await serve(() => {});
  const { running, lines } = watch(configured(url), { intervalSeconds: 30 });
  const started = Date.now();
  await running.stop();
  expect(Date.now() - started).toBeLessThan(2000);
  expect(lines).toEqual([]);
});

test('label values that would break the page are escaped', async () => {
  const hostile = 'vllm:num_requests_running{model_name="a\\"} 1\\ninference_x 5\\\\",__proto__="x"} 3\n';
  const { url } = await serve(page(hostile));
  const text = await watch(configured(url)).shown();
  expect(text).toContain('model_name="a\\"} 1\\ninference_x 5\\\\"} 3\n');
  expect(text.split('\n').filter((line) => line.startsWith('inference_x'))).toEqual([]);
});

test('a new list leaves the engines alone that stay as they are', async () => {
  const [first, second] = [await serve(page(good)), await serve(page(good))];
  const world = watch(configured(first.url), { intervalSeconds: 30 });
  await world.shown();
  world.running.reload([...configured(first.url), ...configured(second.url, { name: 'two' })]);
  const text = await world.shown();
  expect(text).toContain('engine="two"');
  expect(first.requests).toHaveLength(1);
  world.running.reload(configured(second.url, { name: 'two' }));
  expect(await world.shown()).not.toContain('engine="one"');
  expect(second.requests).toHaveLength(1);
});

test('the token of the file goes with each request, and never into the log', async () => {
  const { url, requests } = await serve(page(good));
  let token = 'first\n';
  const world = watch(configured(url, { bearer_token_file: '/token' }), { readFile: () => token });
  await world.shown();
  expect(requests[0]?.headers['authorization']).toBe('Bearer first');
  token = 'second';
  await eventually('the new one', () =>
    requests.at(-1)?.headers['authorization'] === 'Bearer second' ? true : undefined,
  );
  token = 'bad\u0000secret';
  await eventually('down', () => (world.lines.length > 0 ? true : undefined));
  expect(JSON.stringify(world.lines)).toContain('/token holds no token');
  expect(JSON.stringify(world.lines)).not.toContain('secret');
});

test('paths go behind that of the address', async () => {
  const { url, requests } = await serve(page(good));
  await watch(configured(`${url}/team-a/`, { metrics_path: '/m' })).shown();
  expect(requests[0]?.path).toBe('/team-a/m');
});

test('llama.cpp that hides its slots is shown without the usage of its cache', async () => {
  const { url } = await serve((response, request, turn) =>
    request.path === '/slots'
      ? response.writeHead(501).end()
      : page(engineFixture('llamacpp'))(response, request, turn),
  );
  const text = await watch(configured(url, { kind: 'llamacpp', model_name: 'm' })).shown();
  expect(text).toContain('inference_engine_up{engine="one",engine_kind="llamacpp"} 1\n');
  expect(text).not.toContain('inference_kv_cache_usage_ratio');
});
