import { address } from './channels/email.ts';
import { fieldsOf, filePath, flag, optional, refused, required, SiteError, text } from './checks.ts';

/** The mail server that the email channel sends through. */
export interface Smtp {
  /** host:port */
  readonly smarthost: string;
  readonly from: string;
  /** How Alertmanager introduces itself; the name of its machine unless written. */
  readonly hello?: string;
  readonly username?: string;
  readonly password_file?: string;
  /** True unless written. */
  readonly require_tls?: boolean;
}

export function parseSmtp(value: unknown, path: string): Smtp {
  const fields = fieldsOf(value, path, ['smarthost', 'from', 'hello', 'username', 'password_file', 'require_tls']);
  const smtp: Smtp = {
    smarthost: required(fields, 'smarthost', hostAndPort),
    from: required(fields, 'from', address),
    ...optional(fields, 'hello', text),
    ...optional(fields, 'username', text),
    ...optional(fields, 'password_file', filePath),
    ...optional(fields, 'require_tls', flag),
  };
  if ((smtp.username === undefined) !== (smtp.password_file === undefined)) {
    throw new SiteError(`${path}: username and password_file go together; write both or neither`);
  }
  return smtp;
}

export function smtpGlobals(smtp: Smtp): Readonly<Record<string, unknown>> {
  return {
    smtp_smarthost: smtp.smarthost,
    smtp_from: smtp.from,
    ...(smtp.hello === undefined ? {} : { smtp_hello: smtp.hello }),
    ...(smtp.username === undefined ? {} : { smtp_auth_username: smtp.username }),
    ...(smtp.password_file === undefined ? {} : { smtp_auth_password_file: smtp.password_file }),
    smtp_require_tls: smtp.require_tls ?? true,
  };
}

function hostAndPort(value: unknown, path: string): string {
  const port = typeof value === 'string' ? /^[^\s:@/]+:(\d{1,5})$/.exec(value)?.[1] : undefined;
  if (typeof value === 'string' && port !== undefined && Number(port) > 0 && Number(port) < 65536) return value;
  throw refused(path, value, 'host:port such as mail.example.com:587');
}
