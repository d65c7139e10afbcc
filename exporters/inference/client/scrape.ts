import type { IncomingMessage, ServerResponse } from 'node:http';
import { negotiateFormat } from '../../../kit/exposition/negotiate.ts';
import { type AnyRegistry, registryFamilies } from '../../../kit/exposition/prom-client.ts';
import { contentTypes, renderExposition } from '../../../kit/exposition/render.ts';

export interface Scrape {
  readonly contentType: string;
  readonly body: string;
}

/** All that the registry holds, in the format that the Accept header of a scrape asks for. */
export async function scrape(registry: AnyRegistry, accept: string | undefined): Promise<Scrape> {
  const format = negotiateFormat(accept);
  return { contentType: contentTypes[format], body: renderExposition(format, await registryFamilies(registry)) };
}

/** For GET /metrics of Express and of plain Node. */
export async function answerScrape(
  registry: AnyRegistry,
  { headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const { contentType, body } = await scrape(registry, headers.accept);
    response.writeHead(200, { 'Content-Type': contentType, Vary: 'Accept' }).end(body);
  } catch (error) {
    response.writeHead(500, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`scrape failed: ${error}\n`);
  }
}
