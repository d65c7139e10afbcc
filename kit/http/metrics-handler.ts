import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import type { RequestHandler } from 'express';
import { acceptsGzip, negotiateFormat } from '../exposition/negotiate.ts';
import { contentTypes, type Format } from '../exposition/render.ts';
import type { Log } from '../log.ts';

const gzip = promisify(gzipCallback);
/** Fast beats small here: level 1 halves the time of the default for a few percent more bytes. */
const gzipOptions = { level: 1 };
/** Left for the way back, as blackbox_exporter and others do. */
const timeoutOffsetSeconds = 0.5;

export interface MetricsHandlerDeps {
  /** The whole exposition. May take time; the signal aborts when nobody waits any longer. */
  readonly render: (format: Format, signal: AbortSignal) => Promise<string>;
  /** Deadline of a scrape that does not say how long it waits. */
  readonly defaultTimeoutSeconds: number;
  readonly log: Log;
}

/** Serves scrapes. Those that come in while an equal one is being rendered share its answer. */
export function createMetricsHandler({ render, defaultTimeoutSeconds, log }: MetricsHandlerDeps): RequestHandler {
  const inFlight = new Map<string, Promise<Buffer>>();

  function body(format: Format, zipped: boolean, timeoutSeconds: number): Promise<Buffer> {
    const key = `${format} ${zipped}`;
    const running = inFlight.get(key);
    if (running !== undefined) return running;
    const started = produce(format, zipped, AbortSignal.timeout(timeoutSeconds * 1000)).finally(() =>
      inFlight.delete(key),
    );
    inFlight.set(key, started);
    return started;
  }

  async function produce(format: Format, zipped: boolean, signal: AbortSignal): Promise<Buffer> {
    const text = Buffer.from(await render(format, signal));
    return zipped ? gzip(text, gzipOptions) : text;
  }

  return async (request, response) => {
    const format = negotiateFormat(request.header('accept'));
    const zipped = acceptsGzip(request.header('accept-encoding'));
    const timeoutSeconds =
      scrapeTimeout(request.header('x-prometheus-scrape-timeout-seconds')) ?? defaultTimeoutSeconds;
    try {
      const answer = await withDeadline(body(format, zipped, timeoutSeconds), timeoutSeconds);
      response.set({
        'Content-Type': contentTypes[format],
        Vary: 'Accept, Accept-Encoding',
        'Content-Length': answer.length,
      });
      if (zipped) response.set('Content-Encoding', 'gzip');
      response.end(answer);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn('scrape failed', { reason });
      response.status(503).type('text/plain').send(`scrape failed: ${reason}\n`);
    }
  };
}

/** Seconds to answer in; undefined for a header that is absent or makes no sense. */
function scrapeTimeout(header: string | undefined): number | undefined {
  const seconds = Number(header);
  if (header === undefined || !Number.isFinite(seconds) || seconds <= 0) return undefined;
  return seconds > 2 * timeoutOffsetSeconds ? seconds - timeoutOffsetSeconds : seconds / 2;
}

async function withDeadline<T>(work: Promise<T>, seconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not rendered within ${seconds} s`)), seconds * 1000);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
