import { type DestinationStream, pino } from 'pino';

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];
export const logFormats = ['logfmt', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

type Fields = Readonly<Record<string, unknown>>;

/** Static message, facts as fields. Secrets never go in. */
export interface Log {
  debug(message: string, fields?: Fields): void;
  info(message: string, fields?: Fields): void;
  warn(message: string, fields?: Fields): void;
  error(message: string, fields?: Fields): void;
  setLevel(level: LogLevel): void;
}

export interface LogSettings {
  readonly level: LogLevel;
  readonly format: LogFormat;
  readonly daemon: string;
  /** Takes one line with its newline; standard error for a daemon. */
  readonly write: (line: string) => void;
}

export function createLog({ level, format, daemon, write }: LogSettings): Log {
  const destination: DestinationStream = {
    write: format === 'json' ? write : (line) => write(toLogfmt(line)),
  };
  const logger = pino(
    {
      level,
      base: { daemon },
      messageKey: 'msg',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }), log: withErrorMessages },
    },
    destination,
  );
  return {
    debug: (message, fields = {}) => logger.debug(fields, message),
    info: (message, fields = {}) => logger.info(fields, message),
    warn: (message, fields = {}) => logger.warn(fields, message),
    error: (message, fields = {}) => logger.error(fields, message),
    setLevel: (next) => {
      logger.level = next;
    },
  };
}

/** Turns one JSON line of pino into logfmt, time and level first as Prometheus writes them. */
function toLogfmt(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const pairs = Object.entries({ time, level, msg, ...fields }).filter(([, value]) => value !== undefined);
  return `${pairs.map(([key, value]) => `${key}=${logfmtValue(value)}`).join(' ')}\n`;
}

function logfmtValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // Control characters are quoted too, so that what came from outside cannot steer the terminal that shows the log.
  return /^[^\s"=\\\p{C}]+$/u.test(text) ? text : JSON.stringify(text).replaceAll(/\p{C}/gu, escaped);
}

function escaped(character: string): string {
  return [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');
}

/** An Error has no fields of its own that JSON would show. */
function withErrorMessages(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, value instanceof Error ? value.message : value]),
  );
}
