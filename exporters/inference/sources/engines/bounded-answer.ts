import { SourceError } from '../../../../kit/errors.ts';

export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

export interface Asking {
  readonly url: URL;
  readonly token: string | undefined;
  readonly accept: string;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  readonly fetch: Fetch;
}

/** The body of an answer piece by piece, never more than is allowed. Throws SourceError, or what the signal was aborted with. */
export async function* bodyOf(asking: Asking): AsyncGenerator<string, void, undefined> {
  const { maxBytes, signal } = asking;
  const response = await send(asking);
  const decoder = new TextDecoder();
  let size = 0;
  try {
    // Leaving the loop early ends the connection.
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes) throw new SourceError(`answered with more than ${maxBytes} bytes`);
      yield decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    if (signal.aborted || error instanceof SourceError) throw error;
    throw new SourceError(`broke off its answer: ${rootCause(error)}`, { cause: error });
  }
}

/** The whole body as one text. */
export async function wholeBodyOf(asking: Asking): Promise<string> {
  let text = '';
  for await (const part of bodyOf(asking)) text += part;
  return text;
}

async function send({ url, token, accept, maxBytes, signal, fetch }: Asking): Promise<Response> {
  const headers = { accept, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  let response: Response;
  try {
    // Following a redirect would hand the token to somebody else.
    response = await fetch(url, { headers, redirect: 'manual', signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new SourceError(`cannot be reached: ${rootCause(error)}`, { cause: error });
  }
  if (response.status === 200 && Number(response.headers.get('content-length') ?? 0) <= maxBytes) return response;
  await response.body?.cancel();
  if (response.status === 200) throw new SourceError(`answered with more than ${maxBytes} bytes`);
  throw new SourceError(`answered ${response.status} on ${url.pathname}`);
}

/** fetch hides the reason ("connect ECONNREFUSED …") in the cause of "fetch failed"; a host with two addresses has a list of them. */
function rootCause(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  if ('cause' in error && error.cause !== undefined) return rootCause(error.cause);
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) return rootCause(error.errors[0]);
  return 'message' in error ? String(error.message) : String(error);
}
