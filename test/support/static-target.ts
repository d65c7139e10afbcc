import { startFakeHttpServer } from './fake-http-server.ts';

/** A page of metrics on loopback for a real Prometheus to scrape. It stands in for exporters of hardware that is not here. */
export async function startStaticTarget(text: string) {
  const server = await startFakeHttpServer((response) => {
    response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text);
  });
  return { address: server.url.replace('http://', ''), stop: server.stop };
}
