import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '..', 'fixtures', 'tls');

export type CertificateName = 'server' | 'rotated' | 'client' | 'stranger';

/** Path of a certificate or key that is for tests only. */
export function tlsFile(name: `${CertificateName}.${'pem' | 'key'}` | 'ca.pem'): string {
  return join(folder, name);
}

export function readTlsFile(name: Parameters<typeof tlsFile>[0]): Buffer {
  return readFileSync(tlsFile(name));
}

/** What a client needs to show itself. */
export function identity(name: CertificateName): { readonly cert: Buffer; readonly key: Buffer } {
  return { cert: readTlsFile(`${name}.pem`), key: readTlsFile(`${name}.key`) };
}

/** Puts a certificate or its key in the place of another, as a renewal does. */
export function install(name: Parameters<typeof tlsFile>[0], path: string): void {
  copyFileSync(tlsFile(name), path);
}
