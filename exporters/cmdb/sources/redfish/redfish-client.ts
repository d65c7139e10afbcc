import type { Clock } from '../../../../kit/clock.ts';
import { ConfigError, reasonOf } from '../../../../kit/errors.ts';
import { readText, type ServerRequest, type TextAnswer } from '../../../../kit/http/send-request.ts';
import { BmcError, sortedError } from './bmc-error.ts';
import type { BmcTarget } from './bmc-target.ts';
import { type Credentials, readCredentials } from './credentials.ts';
import { createEtagCache } from './etag-cache.ts';
import { createLoginPause } from './login-pause.ts';
import { closeSession, openSession, type Session } from './redfish-session.ts';
import { maxReasonCharacters, refuseStatus } from './refuse-status.ts';
import { isResource, partsOf, type Resource, textOf } from './resource.ts';
import { resourceUrl, rootPath } from './resource-path.ts';
import { createTurnstile } from './turnstile.ts';

export interface RequestContext {
  readonly signal: AbortSignal;
  /** Before whatever else waits for this controller: a person waits for it. */
  readonly isUrgent?: boolean | undefined;
}

export interface ActionAnswer {
  readonly status: number;
  /** Where the controller tells how far it is. */
  readonly monitor: string | undefined;
}

/** Talks to one management controller, one request at a time. Everything rejects with a BmcError. */
export interface RedfishClient {
  readonly get: (path: string, context: RequestContext) => Promise<Resource>;
  /** As `get`; a copy is kept and asked for again by its ETag, where the controller gives one. */
  readonly getKept: (path: string, context: RequestContext) => Promise<Resource>;
  readonly post: (
    path: string,
    body: Readonly<Record<string, string | boolean>>,
    context: RequestContext,
  ) => Promise<ActionAnswer>;
  /** True while the work that a task monitor stands for goes on. */
  readonly isUnderWay: (monitor: string, context: RequestContext) => Promise<boolean>;
  /** Ends the session. */
  readonly stop: () => Promise<void>;
}

interface Deps {
  readonly clock: Clock;
  readonly readFile: (path: string) => string;
}

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** No resource that is of use is larger; the log of a controller may be. */
const maxBytes = 4 * 1024 * 1024;
const closingSeconds = 3;

export function createRedfishClient(
  target: BmcTarget,
  { timeoutSeconds }: { readonly timeoutSeconds: number },
  { clock, readFile }: Deps,
): RedfishClient {
  const turnstile = createTurnstile(1);
  const pause = createLoginPause(clock);
  const kept = createEtagCache();
  let session: Session | undefined;
  let hasSessions = target.auth === 'session';

  /** Whatever comes back, its status alone is not judged. */
  async function send(request: Omit<ServerRequest, 'trust' | 'timeoutSeconds'>): Promise<TextAnswer> {
    try {
      return await readText({ ...request, trust: target.trust, timeoutSeconds }, maxBytes);
    } catch (error) {
      throw sortedError(error);
    }
  }

  function credentialsNow(): Credentials {
    try {
      return readCredentials(target, readFile);
    } catch (error) {
      throw new BmcError('credentials', `${target.name}: ${reasonOf(error)}`, { cause: error });
    }
  }

  async function authorization(credentials: Credentials, signal: AbortSignal): Promise<Record<string, string>> {
    if (session !== undefined) return { 'x-auth-token': session.token };
    if (!hasSessions) return basic(credentials);
    const opened = await openSession(target, credentials, (request) => send({ ...request, signal }));
    if (opened === 'refused') throw refused(credentials);
    if (opened === 'unsupported') hasSessions = false;
    if (typeof opened === 'string') return basic(credentials);
    session = opened;
    pause.accepted();
    return { 'x-auth-token': session.token };
  }

  function refused(credentials: Credentials): BmcError {
    pause.refused(credentials);
    return pausing(credentials);
  }

  function pausing(credentials: Credentials): BmcError {
    const wait = Math.ceil(pause.remaining(credentials));
    return new BmcError(
      'credentials',
      `${target.name}: refuses the user and password of ${target.userFile} and ${target.passwordFile}, or has locked the account; tried again in ${wait} s, or as soon as the files change`,
      { status: 401 },
    );
  }

  async function attempt(call: Call, credentials: Credentials, signal: AbortSignal): Promise<TextAnswer> {
    const own = await authorization(credentials, signal);
    const url = resourceUrl(target.url, call.path);
    const type: Record<string, string> = call.body === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { 'odata-version': '4.0', ...type, ...call.headers, ...own };
    return send({ url, method: call.method, headers, body: call.body, signal });
  }

  async function exchange(call: Call, { signal }: RequestContext): Promise<TextAnswer> {
    const credentials = credentialsNow();
    if (pause.remaining(credentials) > 0) throw pausing(credentials);
    const hadSession = session !== undefined;
    let answer = await attempt(call, credentials, signal);
    if (answer.status === 401 && hadSession) {
      // Sessions end when nobody uses them for a while, or when the controller starts anew.
      session = undefined;
      answer = await attempt(call, credentials, signal);
    }
    if (answer.status === 401) throw refused(credentials);
    // The root answers everybody, so that it proves nothing.
    if (call.path !== rootPath) pause.accepted();
    refuseStatus(answer, `${target.name}${call.path}`, [credentials.user, credentials.password, session?.token ?? '']);
    return answer;
  }

  function request(call: Call, context: RequestContext): Promise<TextAnswer> {
    return turnstile
      .pass(() => exchange(call, context), context)
      .catch((error: unknown) => {
        throw error instanceof ConfigError ? error : sortedError(error);
      });
  }

  function parsed(path: string, body: string): Resource {
    let value: unknown;
    try {
      value = JSON.parse(body);
    } catch (cause) {
      const what = /^\s*</.test(body) ? 'a web page' : 'something that is no JSON';
      throw new BmcError('content', `${target.name}${path}: answered with ${what}; is this a Redfish service?`, {
        cause,
      });
    }
    if (isResource(value)) return value;
    throw new BmcError('content', `${target.name}${path}: answered with JSON that is no Redfish resource`);
  }

  return {
    get: async (path, context) => parsed(path, (await request({ method: 'GET', path }, context)).body),
    getKept: async (path, context) => {
      const known = kept.find(path);
      const headers: Record<string, string> = known === undefined ? {} : { 'if-none-match': known.etag };
      const answer = await request({ method: 'GET', path, headers }, context);
      if (answer.status === 304 && known !== undefined) return parsed(path, known.body);
      kept.keep(path, answer.headers.etag, answer.body);
      return parsed(path, answer.body);
    },
    post: async (path, body, context) => {
      const { status, headers } = await request({ method: 'POST', path, body: JSON.stringify(body) }, context);
      return { status, monitor: status === 202 ? pathIn(headers.location) : undefined };
    },
    isUnderWay: async (monitor, context) => {
      const { status, body } = await request({ method: 'GET', path: monitor }, context);
      if (status === 202) return true;
      if (body.trim() === '') return false;
      return isTaskUnderWay(target.name, parsed(monitor, body));
    },
    stop: async () => {
      if (session === undefined) return;
      const closing = session;
      session = undefined;
      const signal = AbortSignal.timeout(closingSeconds * 1000);
      const close = () => closeSession(target, closing, (sent) => send({ ...sent, signal }));
      // It waits its turn like every request, but not for ever: whoever stops the daemon waits too.
      await turnstile.pass(close, { signal }).catch((error: unknown) => {
        if (!signal.aborted) throw error;
      });
    },
  };
}

function basic({ user, password }: Credentials): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

/** Throws BmcError if the task has failed. */
function isTaskUnderWay(name: string, task: Resource): boolean {
  const state = textOf(task, 'TaskState');
  if (state === undefined || state === 'Completed') return false;
  if (!/^(Exception|Killed|Cancelled)$/.test(state)) return true;
  const [message = {}] = partsOf(task, 'Messages');
  const reason = textOf(message, 'Message')?.slice(0, maxReasonCharacters);
  throw new BmcError('status', `${name}: the task ended as ${state}${reason === undefined ? '' : `: ${reason}`}`);
}

/** Path of a Location, which may be a whole address. */
export function pathIn(location: string | undefined): string | undefined {
  if (location === undefined) return undefined;
  return URL.canParse(location) ? new URL(location).pathname : location;
}
