import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startFakeLlm } from '../../../../support/fake-llm-server.ts';
import { ask } from '../../../../support/http-client.ts';
import { post, startProxy, stopProxies } from '../../../../support/inference-proxy.ts';
import { readTlsFile, tlsFile } from '../../../../support/tls-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'fleetlens-proxy-tls-'));

afterEach(stopProxies);
afterAll(() => rmSync(folder, { recursive: true }));

test('clients may speak TLS with the proxy', async () => {
  const upstream = await startFakeLlm();
  const settings = join(folder, 'tls.yaml');
  const [cert, key] = [tlsFile('server.pem'), tlsFile('server.key')];
  writeFileSync(settings, `tls_server_config: {cert_file: ${cert}, key_file: ${key}}\n`);
  const proxy = await startProxy({
    file: `upstreams: [{url: "${upstream.url}", models: [m1]}]`,
    argv: [`--proxy.tls-file=${settings}`],
  });
  expect(proxy.url).toMatch(/^https:/);
  const { status, tlsVersion } = await ask(`${proxy.url}/v1/models`, { ca: readTlsFile('ca.pem') });
  expect({ status, tlsVersion }).toEqual({ status: 200, tlsVersion: 'TLSv1.3' });
  await upstream.stop();
});

test.each([
  ['basic_auth_users: {a: $2y$10$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZabcde}', 'basic_auth_users'],
  ['{}', 'must have tls_server_config'],
  ['tls_server_config: {cert_file: /none, key_file: /none}', 'tls_server_config.cert_file cannot be read'],
])('%s is refused', async (text, message) => {
  const settings = join(folder, 'bad.yaml');
  writeFileSync(settings, text);
  await expect(
    startProxy({ argv: [`--proxy.tls-file=${settings}`, '--proxy.upstreams=http://127.0.0.1:1'] }),
  ).rejects.toThrow(message);
});

test('an upstream with an authority of its own is trusted with ca_file, and with nothing else', async () => {
  const server = createServer(
    { cert: readTlsFile('server.pem'), key: readTlsFile('server.key') },
    (_request, response) =>
      response.setHeader('Content-Type', 'application/json').end('{"usage":{"prompt_tokens":3,"completion_tokens":4}}'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const upstream = (more: string) => `upstreams: [{url: "https://127.0.0.1:${port}", models: [m1]${more}}]`;
  const trusting = await startProxy({ file: upstream(`, ca_file: ${tlsFile('ca.pem')}`) });
  expect((await post(trusting.url, '/v1/chat/completions', { model: 'm1' })).status).toBe(200);
  expect(await trusting.sum('inference_tokens_generated_total')).toBe(4);
  const other = await startProxy({ file: upstream('') });
  expect((await post(other.url, '/v1/chat/completions', { model: 'm1' })).status).toBe(502);
  expect(await other.sum('inference_requests_total', { reason: 'unreachable' })).toBe(1);
  server.close();
  server.closeAllConnections();
});
