import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import type { Ending } from '../metering/request-end.ts';
import type { RequestMeter } from '../metering/request-meter.ts';
import { type AnswerReading, type AnswerWatch, operationOf, watchAnswer } from './answer-watch.ts';
import { cancelled, cutOff } from './http-ending.ts';
import { type Naming, namesIn } from './naming.ts';
import type { OpenRequest } from './request-opener.ts';
import { type ServedRequest, servedRequest } from './served-request.ts';
import type { Trouble } from './trouble.ts';

export type ExpressOptions = Naming<Request> & AnswerReading;

interface MiddlewareParts {
  readonly open: OpenRequest;
  readonly trouble: Trouble;
  /** The requests that are measured, by their answers. */
  readonly measured: WeakMap<ServerResponse, ServedRequest>;
}

/** Measures each request that passes, up to the last byte of its answer. Belongs behind whatever parses the body. */
export function expressMiddleware(
  options: ExpressOptions,
  { open, trouble, measured }: MiddlewareParts,
): RequestHandler {
  return (request, response, next) => {
    if (measured.has(response)) return next();
    const { model, tenant } = namesIn(request, options, trouble);
    const meter = open({
      model,
      tenant,
      operation: operationOf(options),
      traceparent: request.get('traceparent'),
    });
    meter.received(Number(request.get('content-length')) || 0);
    measured.set(response, servedRequest(meter));
    if (response.destroyed) {
      // The client left before it came to this, and nothing will be told of it any more.
      meter.end(cancelled);
      return next();
    }
    const watch = watchResponse(request, response, { meter, trouble, reading: options });
    response.once('close', () => meter.end(endingOf(response, watch, request.socket)));
    next();
  };
}

interface Watching {
  readonly meter: RequestMeter;
  readonly trouble: Trouble;
  readonly reading: AnswerReading;
}

/** Sees what is written to the response. How it ends is asked once, when it is over. */
function watchResponse({ method }: Request, response: Response, { reading, ...parts }: Watching): () => Ending {
  // Node tells of headers that are given to writeHead only if some were set before.
  response.setHeader('X-Measured', '1');
  response.removeHeader('X-Measured');
  let watch: AnswerWatch | undefined;

  function answer(): AnswerWatch {
    watch ??= watchAnswer(
      {
        status: response.statusCode,
        contentType: textOf(response.getHeader('content-type')),
        contentEncoding: textOf(response.getHeader('content-encoding')),
      },
      reading,
      parts,
    );
    return watch;
  }

  function see(chunk: unknown, encoding: unknown): void {
    if (method === 'HEAD') return;
    if (chunk instanceof Uint8Array) answer().push(chunk);
    else if (typeof chunk === 'string') answer().push(Buffer.from(chunk, encodingOf(encoding)));
  }

  for (const name of ['write', 'end'] as const) {
    const original = response[name];
    response[name] = (...args: unknown[]) => {
      // Headers are written with the first bytes, so that what they say is final only behind the call.
      const result = Reflect.apply(original, response, args);
      see(args[0], args[1]);
      return result;
    };
  }
  return () => answer().end();
}

function endingOf(response: Response, end: () => Ending, socket: Socket): Ending {
  const told = end();
  if (response.writableFinished) return told;
  // Whoever leaves says goodbye or resets the connection; otherwise it was closed on this side, because the work failed.
  return socket.readableEnded || socket.errored !== null ? cancelled : cutOff;
}

function textOf(header: number | string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

function encodingOf(value: unknown): BufferEncoding {
  return typeof value === 'string' && Buffer.isEncoding(value) ? value : 'utf8';
}
