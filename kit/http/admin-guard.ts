import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { ConfigError, reasonOf } from '../errors.ts';
import type { Address } from '../options/define.ts';

export interface AdminGuardSettings {
  /** Name of the option that gives the file, for messages. */
  readonly option: string;
  readonly tokenFile: string | undefined;
  readonly listenAddress: Address;
  readonly readFile: (path: string) => string;
}

const longestToken = 4096;
const forwarding = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'via'];

/**
 * Lets a request that changes something pass if it has the bearer token of the file, which is read anew each time so that it can be
 * replaced. Without a file it passes only where nobody else can connect: on a loopback address, and not from a web page or through a proxy. Where basic
 * authentication takes the Authorization header, the token may be in X-Admin-Token.
 */
export function adminGuard(settings: AdminGuardSettings): RequestHandler {
  return (request, response, next) => {
    const refusal = refuse(settings, request);
    if (refusal === undefined) {
      next();
      return;
    }
    if (refusal.status === 401) response.set('WWW-Authenticate', 'Bearer');
    response.status(refusal.status).type('text/plain').send(`${refusal.text}\n`);
  };
}

/** Throws ConfigError if the file cannot be used. */
export function checkTokenFile({ option, tokenFile, readFile }: Omit<AdminGuardSettings, 'listenAddress'>): void {
  if (tokenFile !== undefined) readToken(option, tokenFile, readFile);
}

interface Refusal {
  readonly status: 401 | 403 | 500;
  readonly text: string;
}

function refuse({ option, tokenFile, listenAddress, readFile }: AdminGuardSettings, request: Request) {
  if (tokenFile === undefined) return refuseWithoutToken(option, listenAddress, request);
  let token: string;
  try {
    token = readToken(option, tokenFile, readFile);
  } catch (error) {
    return { status: 500, text: reasonOf(error) } satisfies Refusal;
  }
  return isSame(givenToken(request), token)
    ? undefined
    : ({ status: 401, text: 'a bearer token is needed' } satisfies Refusal);
}

function refuseWithoutToken(option: string, listenAddress: Address, request: Request): Refusal | undefined {
  const text = withoutTokenRefusal(option, listenAddress, (name) => request.get(name));
  return text === undefined ? undefined : { status: 403, text };
}

/** Why a request that changes something must not pass where no token is set up; undefined if nobody else can have sent it. */
export function withoutTokenRefusal(
  option: string,
  { host }: Address,
  headerOf: (name: string) => string | undefined,
): string | undefined {
  if (!isLoopback(host)) return `this needs ${option}, or --web.listen-address on a loopback address`;
  // A page in a browser on this machine can send a POST to a loopback address; the browser adds this header.
  if (headerOf('origin') !== undefined) return `requests of web pages need ${option}`;
  // A proxy beside the daemon lets others reach a loopback address, and says so.
  if (forwarding.some((header) => headerOf(header) !== undefined)) return `requests through a proxy need ${option}`;
  return undefined;
}

function isLoopback(host: string | undefined): boolean {
  return host !== undefined && (host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host));
}

function givenToken(request: Request): string {
  const header = request.get('authorization') ?? '';
  return /^bearer (.+)$/i.exec(header)?.[1] ?? request.get('x-admin-token') ?? '';
}

function readToken(option: string, file: string, readFile: (path: string) => string): string {
  let text: string;
  try {
    text = readFile(file).trim();
  } catch (error) {
    throw new ConfigError(`${option} cannot be read: ${reasonOf(error)}`);
  }
  if (text === '' || text.length > longestToken) {
    throw new ConfigError(`${option}: ${file} must hold one token of 1 to ${longestToken} characters`);
  }
  return text;
}

/** Compares digests, so that the time tells nothing about the token. */
function isSame(given: string, token: string): boolean {
  return timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
