import type { Readable } from 'node:stream';
import type { ErrorCode } from './api-error.ts';
import type { Parameters, ParameterValues } from './parameter.ts';

/**
 * Who may call: everybody; whoever may read, which is everybody unless `api.read` wants a token; people and programs who may edit; those
 * who may do what cannot be undone. Each may also do what those before may.
 */
export type Access = 'open' | 'reader' | 'editor' | 'admin';

export type Role = Exclude<Access, 'open'>;

/** Who calls, for the history. */
export interface Caller {
  /** Name of the token; `local` for somebody on this machine without one, `anonymous` for a reader. */
  readonly name: string;
  /** Undefined for somebody who only may what is open. */
  readonly role: Role | undefined;
  /** Names of what the caller is confined to, such as tenants; undefined for everything. */
  readonly scope: readonly string[] | undefined;
}

export type JsonSchema = Readonly<Record<string, unknown>>;

/** What a request may carry. */
export type Body<B> =
  | {
      readonly kind: 'json';
      readonly about: string;
      /** Holds for every B and for nothing else. */
      readonly schema: JsonSchema;
      readonly example?: unknown;
      /** Bytes; one MiB if it is left out. */
      readonly maxBytes?: number;
      /** True if a request may have none; `body` is undefined then. */
      readonly isOptional?: boolean;
      /** Never there; it carries the type. */
      readonly of?: B;
    }
  | {
      /** Taken piece by piece from `stream`, so that it may be large. */
      readonly kind: 'stream';
      readonly about: string;
      /** Content types that are taken. */
      readonly types: readonly string[];
    };

export interface Call<P extends Parameters, B> {
  readonly parameters: ParameterValues<P>;
  readonly body: B;
  readonly caller: Caller;
  /** Content type of the body without its parameters, in lower case; empty without a body. */
  readonly contentType: string;
  /** The one of the content types that the caller wants most; undefined if they want none of them. */
  readonly accepted: (types: readonly string[]) => string | undefined;
  /** The body of a route that takes a stream. */
  readonly stream: Readable;
  /** Ends when whoever asked is gone. */
  readonly signal: AbortSignal;
}

interface AnswerCommon {
  /** 200 if it is left out. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** With its quotes; a request that has it already gets 304. */
  readonly etag?: string;
}

export type Answer =
  | (AnswerCommon & { readonly json: unknown })
  | (AnswerCommon & { readonly text: string; readonly type: string })
  | (AnswerCommon & { readonly bytes: Uint8Array; readonly type: string })
  | (AnswerCommon & { readonly pieces: AsyncIterable<string> | Iterable<string>; readonly type: string })
  | (AnswerCommon & { readonly nothing: true });

/** What the document of the API says of an answer. */
export interface AnswerSpec {
  readonly about: string;
  readonly schema?: JsonSchema;
  /** Content types; application/json if they are left out. */
  readonly types?: readonly string[];
}

interface RouteCommon {
  readonly method: 'get' | 'post' | 'patch' | 'put' | 'delete';
  /** With the names of its parameters in braces: /api/v1/items/{id}. */
  readonly path: string;
  /** Heading in the document of the API. */
  readonly tag: string;
  /** Unique name for programs that make clients of the document: listItems. */
  readonly id: string;
  readonly access: Access;
  /** One sentence. */
  readonly summary: string;
  readonly about?: string;
  /** Those that mean success; errors that every route of its kind may give are added. */
  readonly answers: Readonly<Record<number, AnswerSpec>>;
  /** Errors beside those that a route of its kind may give. */
  readonly errors?: readonly ErrorCode[];
}

export interface RouteSpec<S, P extends Parameters, B> extends RouteCommon {
  readonly parameters: P;
  readonly body?: Body<B>;
  /** May throw an ApiError. */
  readonly handle: (call: Call<P, B>, services: S) => Promise<Answer> | Answer;
}

/** One row of the table from which the routes, their checks and the document of the API come. `S` is what its handler needs. */
export interface Route<S> extends RouteCommon {
  readonly parameters: Parameters;
  readonly body?: Body<unknown>;
  readonly handle: (call: Call<Parameters, unknown>, services: S) => Promise<Answer> | Answer;
}

/**
 * Makes routes whose handlers get their parameters and body typed: `const route = routeOf<ItemServices>(); route({…})`. The server calls
 * a handler with nothing that the parameters and the schema of the body have not let pass.
 */
export function routeOf<S>() {
  return <const P extends Parameters, B = undefined>(spec: RouteSpec<S, P, B>): Route<S> =>
    Object.freeze(spec) as unknown as Route<S>;
}

/** A body of JSON; `B` is what the schema lets pass. */
export function jsonBody<B>(body: Omit<Extract<Body<B>, { kind: 'json' }>, 'kind' | 'of'>): Body<B> {
  return { kind: 'json', ...body };
}
