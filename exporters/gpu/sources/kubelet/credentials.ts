import { X509Certificate } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { reasonOf } from '../../../../kit/errors.ts';

const maxTokenBytes = 64 * 1024;
const maxAuthorityBytes = 1024 * 1024;

/** Read anew for every call, because tokens of service accounts are replaced while the exporter runs. */
export async function readToken(file: string): Promise<string> {
  const token = (await readBounded(file, 'token', maxTokenBytes)).trim();
  // What is wrong with it is said without showing any of it.
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Error(`the token file ${file} must hold one token and nothing else`);
  return token;
}

/** OpenSSL takes a file without certificates as an authority that signed nobody, so it is looked at before. */
export async function readCertificateAuthority(file: string): Promise<string> {
  const authority = await readBounded(file, 'certificate authority', maxAuthorityBytes);
  try {
    new X509Certificate(authority);
  } catch {
    throw new Error(`the certificate authority file ${file} holds no certificate in PEM form`);
  }
  return authority;
}

async function readBounded(file: string, what: string, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of createReadStream(file, { end: maxBytes })) chunks.push(Buffer.from(chunk));
  } catch (error) {
    throw new Error(`the ${what} file cannot be read: ${reasonOf(error)}`);
  }
  const content = Buffer.concat(chunks);
  if (content.length > maxBytes) throw new Error(`the ${what} file ${file} is larger than ${maxBytes} bytes`);
  return content.toString('utf8');
}
