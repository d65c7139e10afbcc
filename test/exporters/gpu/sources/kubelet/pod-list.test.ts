import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PodDirectory } from '../../../../../exporters/gpu/attribution/inputs.ts';
import { createPodList, type PodListOptions } from '../../../../../exporters/gpu/sources/kubelet/pod-list.ts';
import { type Answer, type FakeHttpServer, startFakeHttpServer } from '../../../../support/fake-http-server.ts';
import { identity, tlsFile } from '../../../../support/tls-files.ts';

const uid = '0b1f5a3e-2c77-4f0a-8f43-0123456789ab';

let folder = '';
let tokenFile = '';
let server: FakeHttpServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pod-list-'));
  tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'first-token\n');
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
  rmSync(folder, { recursive: true });
});

async function serve(answer: Answer): Promise<FakeHttpServer> {
  server = await startFakeHttpServer(answer);
  return server;
}

function open(url: string, options: Partial<PodListOptions> = {}): PodDirectory {
  return createPodList({ url, labels: ['team'], timeoutSeconds: 10, ...options });
}

async function readBody(body: string, options: Partial<PodListOptions> = {}): ReturnType<PodDirectory['read']> {
  const { url } = await serve((response) => response.end(body));
  return open(`${url}/pods`, options).read();
}

function podList(items: unknown, metadata: object = {}): string {
  return JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata, items });
}

function pod(metadata: object, status: object = {}): object {
  return { metadata: { name: 'train', namespace: 'ml', uid, ...metadata }, spec: {}, status };
}

test('pods are read with their containers by id and the labels that are allowed', async () => {
  const running = pod(
    { labels: { team: 'vision', empty: '', secret: 'x' } },
    {
      phase: 'Running',
      containerStatuses: [
        { name: 'main', containerID: 'containerd://aaa111' },
        { name: 'side', containerID: 'cri-o://bbb222' },
        { name: 'waiting' },
        { name: 'pulling', containerID: '' },
      ],
      initContainerStatuses: [{ name: 'init', containerID: 'docker://ccc333' }],
      ephemeralContainerStatuses: [{ name: 'debug', containerID: 'ddd444' }],
    },
  );
  expect(await readBody(podList([running]), { labels: ['team', 'empty', 'absent', 'toString'] })).toEqual({
    pods: [
      {
        namespace: 'ml',
        pod: 'train',
        uid,
        containers: new Map([
          ['aaa111', 'main'],
          ['bbb222', 'side'],
          ['ccc333', 'init'],
          ['ddd444', 'debug'],
        ]),
        labels: { team: 'vision', empty: '' },
        isFinished: false,
      },
    ],
    bad: 0,
  });
});

test('pods that succeeded or failed are finished', async () => {
  const phases = ['Pending', 'Running', 'Succeeded', 'Failed', 'Unknown'];
  const { pods } = await readBody(podList(phases.map((phase) => pod({ name: phase.toLowerCase() }, { phase }))));
  expect(pods.filter(({ isFinished }) => isFinished).map((finished) => finished.pod)).toEqual(['succeeded', 'failed']);
});

test('pods that are not as they must be are counted and left out', async () => {
  const long = 'x'.repeat(254);
  const { pods, bad } = await readBody(
    podList([
      null,
      'pod',
      {},
      pod({ name: 7 }),
      pod({ namespace: long }),
      pod({ uid: '' }),
      pod({ labels: { team: 5 } }),
      pod({ labels: { team: long } }),
      pod({ labels: [] }),
      pod({}, { containerStatuses: {} }),
      pod({}, { containerStatuses: [{ containerID: 'containerd://a' }] }),
      pod({}, { containerStatuses: [{ containerID: 'containerd://', name: 'main' }] }),
      pod({ name: 'good' }),
    ]),
  );
  expect(pods.map((read) => read.pod)).toEqual(['good']);
  expect(bad).toBe(12);
});

test('pods beyond 20,000 are counted and left out', async () => {
  const { pods, bad } = await readBody(
    podList(Array.from({ length: 20_002 }, (_, index) => pod({ name: `p${index}` }))),
  );
  expect(pods).toHaveLength(20_000);
  expect(bad).toBe(2);
});

test('a node without pods has an empty list', async () => {
  expect(await readBody(podList(null))).toEqual({ pods: [], bad: 0 });
});

test.each([
  ['{"kind":"PodLi', 'the answer, 14 characters, is not complete JSON'],
  ['<html>secret</html>', 'is not complete JSON'],
  ['[]', 'the answer is JSON but no PodList'],
  ['{"kind":"Status"}', 'the answer is JSON but no PodList'],
  [podList('secret'), 'the answer is a PodList without a list of items'],
  [podList([], { continue: 'abc' }), 'the answer holds only a part of the pods; take limit out of the URL'],
])('the answer %s is refused', async (body, complaint) => {
  const failure = await readBody(body).catch(String);
  expect(failure).toContain(complaint);
  expect(failure).not.toContain('secret');
});

test('the token is read anew for each call', async () => {
  const { url, requests } = await serve((response) => response.end(podList([])));
  const directory = open(`${url}/pods`, { tokenFile });
  await directory.read();
  writeFileSync(tokenFile, 'second-token');
  await directory.read();
  expect(requests.map(({ headers }) => headers['authorization'])).toEqual([
    'Bearer first-token',
    'Bearer second-token',
  ]);
});

test.each([
  ['two\nlines-of-secret', 'must hold one token and nothing else'],
  ['', 'must hold one token and nothing else'],
  ['secret'.repeat(20_000), 'is larger than 65536 bytes'],
])('a token file that holds no token is named, and nothing of it is shown', async (content, complaint) => {
  writeFileSync(tokenFile, content);
  const failure = await open('http://127.0.0.1:1/pods', { tokenFile }).read().catch(String);
  expect(failure).toContain(`the token file ${tokenFile} ${complaint}`);
  expect(failure).not.toContain('secret');
});

test('a token file that is not there is named', async () => {
  const absent = join(folder, 'none');
  await expect(open('http://127.0.0.1:1/pods', { tokenFile: absent }).read()).rejects.toThrow(
    /the token file cannot be read: .*ENOENT.*none/,
  );
});

test.each([
  [301, 'a redirect, which is not followed; give the final address'],
  [401, 'the token is not accepted; see --kubernetes.pod-list-token-file'],
  [403, 'the account may not see pods; give it get on nodes/proxy'],
  [404, 'no pods are listed there; is the path right?'],
  [500, 'answered 500 instead of 200'],
])('status %s is told with what to do, and neither the token nor the body is shown', async (status, complaint) => {
  const { url, requests } = await serve((response, { headers }) => {
    response.writeHead(status, { location: '/elsewhere' }).end(`you sent ${headers['authorization']}`);
  });
  const failure = await open(`${url}/pods?secret=query`, { tokenFile }).read().catch(String);
  expect(failure).toContain(`pod list at ${url}/pods: answered ${status}`);
  expect(failure).toContain(complaint);
  expect(failure).not.toMatch(/first-token|secret/);
  expect(requests).toHaveLength(1);
});

test('the API server may answer from its memory unless the URL says otherwise', async () => {
  const { url, requests } = await serve((response) => response.end(podList([])));
  await open(`${url}/api/v1/pods?fieldSelector=spec.nodeName=node1`).read();
  await open(`${url}/api/v1/pods?resourceVersion=17`).read();
  await open(`${url}/pods`).read();
  expect(requests.map(({ form }) => [form.get('fieldSelector'), form.get('resourceVersion')])).toEqual([
    ['spec.nodeName=node1', '0'],
    [null, '17'],
    [null, null],
  ]);
});

test('an answer that is too large is not read to its end', async () => {
  let sent = 0;
  const { url } = await serve((response) => {
    const more = () => {
      sent++;
      response.write('x'.repeat(10_000), () => !response.destroyed && setImmediate(more));
    };
    more();
  });
  await expect(open(`${url}/pods`, { maxBytes: 100_000 }).read()).rejects.toThrow(
    'the answer is larger than 100000 bytes',
  );
  expect(sent).toBeLessThan(1000);
});

test.each(['before its answer', 'in the middle of its answer'])(
  'a server that falls silent %s is given up on',
  async (when) => {
    const { url } = await serve((response) => void (when.startsWith('in') && response.write('{"kind":')));
    await expect(open(`${url}/pods`, { timeoutSeconds: 0.3 }).read()).rejects.toThrow('not answered within 0.3 s');
  },
);

test('a connection that ends early, or is refused, is told', async () => {
  const { url, stop } = await serve((response) => {
    response.write('{"kind":', () => response.destroy());
  });
  await expect(open(`${url}/pods`).read()).rejects.toThrow(/pod list at .*: (aborted|the answer broke off)/);
  await stop();
  await expect(open(`${url}/pods`).read()).rejects.toThrow('cannot be reached: connect ECONNREFUSED');
  server = undefined;
});

test.each([
  ['not a url', {}, 'must be an http or https URL such as https://127.0.0.1:10250/pods'],
  ['file:///pods', {}, 'must be an http or https URL'],
  ['https://user:secret@node/pods', {}, 'must not hold a user name or a password'],
  [
    'http://10.0.0.1/pods',
    { tokenFile: '/token' },
    'must be an https URL: over http the token would go through the network',
  ],
  [
    'http://127.0.0.1.example.com/pods',
    { tokenFile: '/token' },
    'must be an https URL: over http the token would go through the network',
  ],
])('the URL %s is refused from the start', (url, options, complaint) => {
  expect(() => open(url, options)).toThrow(`--kubernetes.pod-list-url ${complaint}`);
  expect(() => open(url, options)).not.toThrow('secret');
});

describe('over TLS', () => {
  let secure: Server;
  let url = '';

  beforeEach(async () => {
    const answer: RequestListener = (request, response) =>
      void response.end(
        podList([pod({ name: request.headers.authorization === 'Bearer first-token' ? 'known' : 'unknown' })]),
      );
    secure = createServer(identity('server'), answer);
    await new Promise<void>((resolve) => secure.listen(0, '0.0.0.0', () => resolve()));
    url = `https://127.0.0.1:${(secure.address() as AddressInfo).port}/pods`;
  });

  afterEach(() => new Promise((resolve) => secure.close(resolve)));

  test('the server is known by the authority in the file', async () => {
    const { pods } = await open(url, { tokenFile, caFile: tlsFile('ca.pem') }).read();
    expect(pods.map((read) => read.pod)).toEqual(['known']);
  });

  test('a server that the authority did not sign does not get the token', async () => {
    await expect(open(url, { tokenFile }).read()).rejects.toThrow(
      'give the authority that signed it with --kubernetes.pod-list-ca-file',
    );
    await expect(open(url, { tokenFile, caFile: tlsFile('stranger.pem') }).read()).rejects.toThrow('cannot be trusted');
  });

  test('a certificate that is not for the host is told', async () => {
    const other = url.replace('127.0.0.1', '127.0.0.2');
    await expect(open(other, { caFile: tlsFile('ca.pem') }).read()).rejects.toThrow('use a host name that it holds');
  });

  test('a file that holds no authority is named', async () => {
    await expect(open(url, { caFile: tokenFile }).read()).rejects.toThrow(
      `the certificate authority file ${tokenFile} holds no certificate in PEM form`,
    );
  });
});
