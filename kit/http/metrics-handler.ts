import { promisify } from 'node:util';
import { gzip as gzipCallback } from 'node:zlib';
import type { RequestHandler, Response } from 'express';
import { reasonOf } from '../errors.ts';
import { acceptsGzip, negotiateFormat } from '../exposition/negotiate.ts';
import { contentTypes, type Format } from '../exposition/render.ts';
import type { Log } from '../log.ts';

const gzip = promisify(gzipCallback);
/** Fast beats small here: level 1 halves the time of the default for a few percent more bytes. */
const gzipOptions = { level: 1 };
/** Left for the way back, as blackbox_exporter and others do. */
const timeoutOffsetSeconds = 0.5;
/** Nobody scrapes so slowly, and timers cannot count much further. */
const maxTimeoutSeconds = 3600;

export interface MetricsHandlerDeps {
  /** The whole exposition. May take time; the signal aborts when nobody waits any longer. */
  readonly render: (format: Format, signal: AbortSignal) => Promise<string>;
  /** Deadline of a scrape that does not say how long it waits. */
  readonly defaultTimeoutSeconds: number;
  readonly log: Log;
}

/** One rendering that is under way, and how many scrapes wait for it. */
interface Flight {
  readonly plain: Promise<Buffer>;
  zipped: Promise<Buffer> | undefined;
  waiting: number;
  readonly abort: () => void;
}

/** Serves scrapes. Those that come in while an equal one is being rendered share its answer, each with its own deadline. */
export function createMetricsHandler({ render, defaultTimeoutSeconds, log }: MetricsHandlerDeps): RequestHandler {
  const flights = new Map<Format, Flight>();

  function join(format: Format): Flight {
    const flight = flights.get(format) ?? takeOff(format);
    flight.waiting++;
    return flight;
  }

  function takeOff(format: Format): Flight {
    const controller = new AbortController();
    const plain = render(format, controller.signal).then((text) => Buffer.from(text));
    const flight: Flight = { plain, zipped: undefined, waiting: 0, abort: () => controller.abort() };
    const land = (): void => forget(format, flight);
    plain.then(land, land);
    flights.set(format, flight);
    return flight;
  }

  function leave(format: Format, flight: Flight): void {
    flight.waiting--;
    if (flight.waiting > 0) return;
    flight.abort();
    forget(format, flight);
  }

  function forget(format: Format, flight: Flight): void {
    if (flights.get(format) === flight) flights.delete(format);
  }

  return async (request, response) => {
    const format = negotiateFormat(request.header('accept'));
    const zipped = acceptsGzip(request.header('accept-encoding'));
    const timeoutSeconds =
      scrapeTimeout(request.header('x-prometheus-scrape-timeout-seconds')) ?? defaultTimeoutSeconds;
    const flight = join(format);
    try {
      const answer = await whileWanted(bodyOf(flight, zipped), response, timeoutSeconds);
      response.set({
        'Content-Type': contentTypes[format],
        Vary: 'Accept, Accept-Encoding',
        'Content-Length': answer.length,
      });
      if (zipped) response.set('Content-Encoding', 'gzip');
      response.end(answer);
    } catch (error) {
      const reason = reasonOf(error);
      log.warn('scrape failed', { reason });
      if (response.destroyed) return;
      response.status(503).type('text/plain').send(`scrape failed: ${reason}\n`);
    } finally {
      leave(format, flight);
    }
  };
}

function bodyOf(flight: Flight, zipped: boolean): Promise<Buffer> {
  if (!zipped) return flight.plain;
  flight.zipped ??= flight.plain.then((text) => gzip(text, gzipOptions));
  return flight.zipped;
}

/** Seconds to answer in; undefined for a header that is absent or makes no sense. */
function scrapeTimeout(header: string | undefined): number | undefined {
  const seconds = Number(header);
  if (header === undefined || !Number.isFinite(seconds) || seconds <= 0) return undefined;
  if (seconds > maxTimeoutSeconds) return maxTimeoutSeconds;
  return seconds > 2 * timeoutOffsetSeconds ? seconds - timeoutOffsetSeconds : seconds / 2;
}

/** Rejects at the deadline, or when the client goes away. The socket is silent meanwhile, which must not close it. */
async function whileWanted<T>(work: Promise<T>, response: Response, seconds: number): Promise<T> {
  const { socket } = response;
  const idleMs = socket?.timeout ?? 0;
  if (idleMs > 0) socket?.setTimeout(seconds * 1000 + idleMs);
  const { promise: over, reject } = settleable();
  const timer = setTimeout(() => reject(new Error(`not rendered within ${seconds} s`)), seconds * 1000);
  const onClose = (): void => reject(new Error('the client went away before the answer'));
  response.once('close', onClose);
  try {
    return await Promise.race([work, over]);
  } finally {
    clearTimeout(timer);
    response.off('close', onClose);
    socket?.setTimeout(idleMs);
  }
}

function settleable(): { readonly promise: Promise<never>; readonly reject: (error: Error) => void } {
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<never>((_, rejectPromise) => {
    reject = rejectPromise;
  });
  return { promise, reject };
}
