import { isObject, type JsonObject } from '../json-object.ts';
import type { Dialect } from './dialect.ts';
import { findMember } from './json-member.ts';

/** What a client asks for, as far as the proxy needs to know. */
export interface AskedFor {
  /** Undefined where the body names none, or cannot be read. */
  readonly model: string | undefined;
  readonly isStream: boolean;
  /** The client itself asked for the usage at the end of the stream. */
  readonly wantsUsage: boolean;
  /** The body is no JSON, although the endpoint takes JSON. */
  readonly isMalformed: boolean;
}

/** How much usage the proxy asks the server for: at the end of a stream, with every piece, or none. */
export type UsageWish = 'final' | 'continuous' | 'none';

const longestModel = 256;
const openBrace = 0x7b;

/** Reads the body of a request; never throws. */
export function readRequest(dialect: Dialect, body: Buffer, contentType: string | undefined): AskedFor {
  const nothing = { model: undefined, isStream: dialect.streamsByDefault, wantsUsage: false };
  if (contentType?.startsWith('multipart/') === true) return { ...nothing, isStream: false, isMalformed: false };
  const request = parseObject(body);
  if (request === undefined) return { ...nothing, isMalformed: true };
  const { model, stream } = request;
  return {
    model: typeof model === 'string' && model !== '' && model.length <= longestModel ? model : undefined,
    isStream: typeof stream === 'boolean' ? stream : dialect.streamsByDefault,
    wantsUsage: optionOf(request, 'include_usage') === true,
    isMalformed: false,
  };
}

function parseObject(body: Buffer): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function optionOf(request: JsonObject, name: string): unknown {
  const options = request['stream_options'];
  return isObject(options) ? options[name] : undefined;
}

/**
 * The body with `stream_options` that ask for usage. All other bytes stay as the client wrote them. `body` is a JSON object, as
 * `readRequest` found. Undefined where the body has options in a form that is left alone.
 */
export function withUsageAsked(body: Buffer, wish: 'final' | 'continuous'): Buffer | undefined {
  // One character for one byte, so that positions in the text are positions in the body.
  const text = body.toString('latin1');
  const asked = {
    include_usage: true,
    ...(wish === 'continuous' ? { continuous_usage_stats: true } : {}),
  };
  const member = findMember(text, 'stream_options');
  if (member === undefined) return withFirstMember(body, text, `"stream_options":${JSON.stringify(asked)}`);
  const options: unknown = JSON.parse(body.subarray(member.valueStart, member.valueEnd).toString('utf8'));
  if (options !== null && !isObject(options)) return undefined;
  return Buffer.concat([
    body.subarray(0, member.valueStart),
    Buffer.from(JSON.stringify({ ...options, ...asked })),
    body.subarray(member.valueEnd),
  ]);
}

function withFirstMember(body: Buffer, text: string, member: string): Buffer {
  const brace = body.indexOf(openBrace);
  const isEmpty = /^\s*\}/.test(text.slice(brace + 1, brace + 1000));
  return Buffer.concat([
    body.subarray(0, brace + 1),
    Buffer.from(isEmpty ? member : `${member},`),
    body.subarray(brace + 1),
  ]);
}
