import { ConfigError, reasonOf } from '../../../../kit/errors.ts';

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

const longest = 1024;

/** Reads user and password anew each time, so that a renewed secret counts at once. Throws ConfigError that names the file alone. */
export function readCredentials(
  { userFile, passwordFile }: { readonly userFile: string; readonly passwordFile: string },
  readFile: (path: string) => string,
): Credentials {
  return { user: secretOf(userFile, readFile), password: secretOf(passwordFile, readFile) };
}

function secretOf(path: string, readFile: (path: string) => string): string {
  let content: string;
  try {
    content = readFile(path);
  } catch (error) {
    throw new ConfigError(`${path} cannot be read: ${reasonOf(error)}`);
  }
  const [line = '', ...rest] = content.replace(/\r?\n$/, '').split(/\r?\n/);
  if (line !== '' && rest.length === 0 && line.length <= longest && !/\p{Cc}/u.test(line)) return line;
  throw new ConfigError(`${path} must hold one line of 1 to ${longest} characters`);
}

/** Takes secrets out of a text that came from outside. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) if (secret.length >= 4) clean = clean.replaceAll(secret, '***');
  return clean;
}
