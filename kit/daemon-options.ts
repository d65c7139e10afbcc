import { type LogLevel, logFormats, logLevels } from './log.ts';
import type { OptionSpecs } from './options/define.ts';

/** The options that every daemon has, with its own default port. `maxRequests` for one whose requests wait for somebody else. */
export function daemonOptions<const Port extends number>(
  port: Port,
  { maxRequests = 40 }: { readonly maxRequests?: number } = {},
) {
  return {
    'web.listen-address': {
      type: 'address',
      default: `:${port}`,
      help: 'Address to listen on. Port 0 takes a free one.',
    },
    'web.telemetry-path': { type: 'string', default: '/metrics', help: 'Path of the metrics.' },
    'web.config.file': {
      type: 'path',
      help: "File with TLS, basic authentication and headers, in the format of Prometheus' exporter-toolkit. It and the files that it names are read again when they change.",
      reloadable: true,
    },
    'web.max-requests': {
      type: 'integer',
      default: maxRequests,
      min: 1,
      max: 10_000,
      help: 'Requests answered at once; one more gets 503.',
    },
    'config.file': { type: 'path', help: 'YAML file with any of these options, read again on SIGHUP.' },
    'config.check': {
      type: 'boolean',
      default: false,
      help: 'Check the options and files, say what is wrong, and end.',
      notInFile: true,
    },
    'config.schema': {
      type: 'boolean',
      default: false,
      help: 'Print the JSON Schema of the YAML file and end.',
      notInFile: true,
    },
    'list-metrics': {
      type: 'boolean',
      default: false,
      help: 'Print the metrics with type, unit and help, and end.',
      notInFile: true,
    },
    'log.level': {
      type: 'enum',
      // A daemon in which something else speaks may be quieter.
      default: 'info' as LogLevel,
      values: logLevels,
      help: 'Least level that is logged.',
      reloadable: true,
    },
    'log.format': { type: 'enum', default: 'logfmt', values: logFormats, help: 'Form of the log on standard error.' },
  } as const satisfies OptionSpecs;
}

export type DaemonOptions = ReturnType<typeof daemonOptions>;
