import { ApiError, badField } from './api-error.ts';

/** The pieces of a body until it is too large. */
export async function* boundedBody(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  tooLarge: () => ApiError,
): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    yield chunk;
  }
}

/** Throws an ApiError for what is no UTF-8. */
export async function bodyText(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  try {
    for await (const chunk of bytes) text += decoder.decode(chunk, { stream: true });
    return text + decoder.decode();
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw badField('body', 'it is no UTF-8 text');
  }
}
