import type { Clock } from '../../../kit/clock.ts';
import type { Ending } from '../metering/request-end.ts';
import type { RequestMeter } from '../metering/request-meter.ts';
import { type AnswerReading, type AnswerWatch, operationOf, watchAnswer } from './answer-watch.ts';
import { cancelled, cutOff, endingOfError, endingOfStatus } from './http-ending.ts';
import type { Names } from './naming.ts';
import type { OpenRequest } from './request-opener.ts';
import { type ServedRequest, servedRequest } from './served-request.ts';
import type { Trouble } from './trouble.ts';

/** Both may wait, for the body of a clone of the request for instance. */
export interface FetchOptions extends AnswerReading {
  readonly model?: ((request: Request) => string | undefined | Promise<string | undefined>) | undefined;
  readonly tenant?: ((request: Request) => string | undefined | Promise<string | undefined>) | undefined;
}

/** A handler as Next.js, Bun, Deno and others take it, with whatever they hand over besides. */
export type FetchHandler<Rest extends readonly unknown[]> = (
  request: Request,
  ...rest: Rest
) => Response | Promise<Response>;

interface HandlerParts {
  readonly open: OpenRequest;
  readonly clock: Clock;
  readonly trouble: Trouble;
  /** The requests that are measured. */
  readonly measured: WeakMap<Request, ServedRequest>;
}

/** Measures each request of a handler up to the last byte of its answer. What the handler throws is thrown on. */
export function measuredHandler<Rest extends readonly unknown[]>(
  handler: FetchHandler<Rest>,
  options: FetchOptions,
  { open, clock, trouble, measured }: HandlerParts,
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    const startedAt = clock.monotonic();
    const meter = open({
      ...(await namesIn(request, options, trouble)),
      operation: operationOf(options),
      traceparent: request.headers.get('traceparent') ?? undefined,
      startedAt,
    });
    meter.received(Number(request.headers.get('content-length')) || 0);
    measured.set(request, servedRequest(meter));
    try {
      return measuredAnswer(request, await handler(request, ...rest), { meter, trouble, reading: options });
    } catch (error) {
      meter.end(request.signal.aborted ? cancelled : endingOfError(error));
      throw error;
    }
  };
}

async function namesIn(request: Request, { model, tenant }: FetchOptions, trouble: Trouble): Promise<Names> {
  async function read(what: keyof Names, find: FetchOptions['model']): Promise<string | undefined> {
    try {
      return await find?.(request);
    } catch (error) {
      trouble(what, `the ${what} of a request could not be read: ${error}`);
      return undefined;
    }
  }
  return { model: await read('model', model), tenant: await read('tenant', tenant) };
}

interface Measuring {
  readonly meter: RequestMeter;
  readonly trouble: Trouble;
  readonly reading: AnswerReading;
}

function measuredAnswer(request: Request, response: Response, { meter, trouble, reading }: Measuring): Response {
  const { status, headers, body } = response;
  if (body === null || body.locked) {
    meter.end(endingOfStatus(status));
    return response;
  }
  const head = {
    status,
    contentType: headers.get('content-type') ?? undefined,
    contentEncoding: headers.get('content-encoding') ?? undefined,
  };
  const watch = watchAnswer(head, reading, { meter, trouble });
  const { signal } = request;
  const onAbort = (): void => finish(cancelled);
  function finish(ending: Ending): void {
    signal.removeEventListener('abort', onAbort);
    meter.end(ending);
  }
  // Not every framework cancels the body of an answer that nobody waits for any more.
  signal.addEventListener('abort', onAbort);
  if (signal.aborted) onAbort();
  return new Response(passing(body, watch, finish), response);
}

/** The same pieces one by one, each taken only when somebody wants it. */
function passing(
  body: NonNullable<Response['body']>,
  watch: AnswerWatch,
  finish: (ending: Ending) => void,
): NonNullable<Response['body']> {
  const source = body.getReader();
  return new ReadableStream(
    {
      pull: async (controller) => {
        try {
          const { done, value } = await source.read();
          if (done) {
            finish(watch.end());
            controller.close();
            return;
          }
          if (value instanceof Uint8Array) watch.push(value);
          controller.enqueue(value);
        } catch (error) {
          watch.end();
          finish(cutOff);
          controller.error(error);
        }
      },
      cancel: async (reason) => {
        watch.end();
        finish(cancelled);
        await source.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );
}
