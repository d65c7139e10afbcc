import type { Clock } from '../../../../kit/clock.ts';
import { errnoOf, reasonOf, SourceError } from '../../../../kit/errors.ts';
import { readSecret } from '../../../../kit/server-fields.ts';
import type { Access, Endpoint, Material } from './endpoint.ts';

/** Tokens of service accounts are replaced well before they expire; the kubelet writes the new one to the same file. */
const rereadSeconds = 60;

export interface AccessKeeper {
  readonly get: () => Access;
  /** Lets the next call read the files again. */
  readonly forget: () => void;
  /** Where the token comes from, in words. */
  readonly tokenPlace: string;
}

interface Deps {
  readonly clock: Clock;
  readonly readFile: (path: string) => string;
}

export function createAccess(endpoint: Endpoint, { clock, readFile }: Deps): AccessKeeper {
  let known: { readonly access: Access; readonly readAt: number } | undefined;

  function textOf(material: Material): string {
    if ('text' in material) return material.text;
    try {
      return readFile(material.file);
    } catch (error) {
      throw new SourceError(`the file ${material.file} cannot be read: ${errnoOf(error) ?? reasonOf(error)}`);
    }
  }

  function tokenOf(material: Material): string {
    return 'text' in material ? material.text : readSecret(material.file, readFile);
  }

  function read(): Access {
    const { ca, token, client, isBlind } = endpoint;
    return {
      headers: token === undefined ? {} : { authorization: `Bearer ${tokenOf(token)}` },
      trust: { isBlind, ca: ca === undefined ? undefined : textOf(ca) },
      identity: client === undefined ? undefined : { cert: textOf(client.cert), key: textOf(client.key) },
    };
  }

  return {
    get: () => {
      const now = clock.monotonic();
      if (known === undefined || now - known.readAt >= rereadSeconds) known = { access: read(), readAt: now };
      return known.access;
    },
    forget: () => {
      known = undefined;
    },
    tokenPlace: tokenPlaceOf(endpoint.token),
  };
}

function tokenPlaceOf(token: Material | undefined): string {
  if (token === undefined) return 'the source is given a token_file that holds a token of this cluster';
  return 'file' in token
    ? `${token.file} holds a token of this cluster`
    : 'the token in the kubeconfig file is of this cluster';
}
