import { type FakeAnswer, type FakeRequest, failure } from './fake-answer.ts';
import type { FakeBmc } from './fake-bmc.ts';
import { flavours } from './flavours/index.ts';

export const sessionsPath = '/redfish/v1/SessionService/Sessions';

export function logIn(bmc: FakeBmc, { body, prefix, host }: FakeRequest): FakeAnswer {
  const { settings, faults, seen } = bmc;
  const { hasSessions, absoluteLocations } = flavours[settings.flavour];
  if (!hasSessions) return failure(404, 'There are no sessions.');
  if (!isRight(bmc, credentialsIn(body))) return failure(401, 'The user or password is wrong.');
  if (faults.has('full')) return failure(503, 'All sessions are taken.');
  const { token, id } = bmc.openSession();
  seen.sessionsMade++;
  const path = `${sessionsPath}/${id}`;
  const location = absoluteLocations ? `http://${host}${prefix}${path}` : path;
  return {
    status: 201,
    body: { '@odata.id': path, Id: id, UserName: settings.user },
    headers: { 'x-auth-token': token, location },
  };
}

export function logOut({ sessions }: FakeBmc, path: string): FakeAnswer {
  for (const [token, id] of sessions) if (path.endsWith(`/${id}`)) sessions.delete(token);
  return { status: 204 };
}

export function isKnown(bmc: FakeBmc, { headers }: FakeRequest): boolean {
  const token = headers['x-auth-token'];
  if (typeof token === 'string') return bmc.sessions.has(token) && !bmc.faults.has('unauthorized');
  const [, encoded = ''] = /^Basic (\S+)$/.exec(headers.authorization ?? '') ?? [];
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString()) ?? [];
  return isRight(bmc, [user, password]);
}

function isRight({ settings, faults, seen }: FakeBmc, [user, password]: readonly [unknown, unknown]): boolean {
  const isGood = user === settings.user && password === settings.password && !faults.has('unauthorized');
  if (!isGood) seen.wrongPasswords++;
  return isGood;
}

function credentialsIn(body: string): readonly [unknown, unknown] {
  try {
    const { UserName, Password } = JSON.parse(body);
    return [UserName, Password];
  } catch {
    return [undefined, undefined];
  }
}
