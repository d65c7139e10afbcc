import type { ServerRequest, TextAnswer } from '../../../../kit/http/send-request.ts';
import { BmcError } from './bmc-error.ts';
import type { BmcTarget } from './bmc-target.ts';
import type { Credentials } from './credentials.ts';
import { isResource, linkOf, partOf } from './resource.ts';
import { resourceUrl, rootPath } from './resource-path.ts';

export interface Session {
  readonly token: string;
  /** Where it can be ended; undefined where the controller does not tell. */
  readonly path: string | undefined;
}

type Send = (request: Omit<ServerRequest, 'trust' | 'timeoutSeconds'>) => Promise<TextAnswer>;

const usualPath = '/redfish/v1/SessionService/Sessions';
const maxTokenCharacters = 4096;

/** `unsupported`: this controller has no sessions; `full`: it has too many of them now; `refused`: user or password are wrong. */
export async function openSession(
  target: BmcTarget,
  { user, password }: Credentials,
  send: Send,
): Promise<Session | 'unsupported' | 'full' | 'refused'> {
  const url = resourceUrl(target.url, await sessionsPath(target, send));
  const answer = await send({
    url,
    method: 'POST',
    headers: { 'content-type': 'application/json', 'odata-version': '4.0' },
    body: JSON.stringify({ UserName: user, Password: password }),
  });
  if (answer.status === 401 || answer.status === 403) return 'refused';
  if ([404, 405, 501].includes(answer.status)) return 'unsupported';
  const token = answer.headers['x-auth-token'];
  const isGiven = typeof token === 'string' && /^[\x21-\x7e]+$/.test(token) && token.length <= maxTokenCharacters;
  if (answer.status >= 200 && answer.status < 300 && isGiven) return { token, path: sessionPathOf(target, answer) };
  return 'full';
}

/** The root tells where sessions are made; it may be read without an account. */
async function sessionsPath(target: BmcTarget, send: Send): Promise<string> {
  const answer = await send({ url: resourceUrl(target.url, rootPath) });
  if (answer.status === 401 || answer.status === 403) return usualPath;
  if (answer.status !== 200)
    throw new BmcError('status', `${target.name}${rootPath}: answered with status ${answer.status}`, {
      status: answer.status,
    });
  try {
    const root: unknown = JSON.parse(answer.body);
    return (isResource(root) ? linkOf(partOf(root, 'Links'), 'Sessions') : undefined) ?? usualPath;
  } catch (cause) {
    const what = /^\s*</.test(answer.body) ? 'a web page' : 'something that is no JSON';
    throw new BmcError('content', `${target.name}${rootPath}: answered with ${what}; is this a Redfish service?`, {
      cause,
    });
  }
}

function sessionPathOf(target: BmcTarget, { headers, body }: TextAnswer): string | undefined {
  const location = headers.location;
  const told = location !== undefined && URL.canParse(location) ? new URL(location).pathname : location;
  const path = told ?? idIn(body);
  if (path === undefined) return undefined;
  try {
    resourceUrl(target.url, path);
    return path;
  } catch (error) {
    if (error instanceof BmcError) return undefined;
    throw error;
  }
}

function idIn(body: string): string | undefined {
  try {
    const session: unknown = JSON.parse(body);
    const id = isResource(session) ? session['@odata.id'] : undefined;
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}

/** A session that cannot be ended runs out by itself. */
export async function closeSession(target: BmcTarget, { token, path }: Session, send: Send): Promise<void> {
  if (path === undefined) return;
  try {
    await send({ url: resourceUrl(target.url, path), method: 'DELETE', headers: { 'x-auth-token': token } });
  } catch (error) {
    if (!(error instanceof BmcError)) throw error;
  }
}
