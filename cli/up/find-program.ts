import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ConfigError } from '../../kit/errors.ts';
import type { UpOptions } from './options.ts';
import type { Stack } from './stack.ts';

interface Program {
  readonly option: string;
  readonly given: string | undefined;
  /** Names on PATH, the first that exists is taken. */
  readonly names: readonly string[];
  readonly debianPackage: string;
}

/** Throws ConfigError if one of them is not there. */
export function findPrograms(options: UpOptions): Pick<Stack, 'prometheus' | 'alertmanager'> {
  const path = process.env['PATH'] ?? '';
  return {
    prometheus: findProgram(
      {
        option: 'prometheus.bin',
        given: options['prometheus.bin'],
        names: ['prometheus'],
        debianPackage: 'prometheus',
      },
      path,
    ),
    alertmanager: findProgram(
      {
        option: 'alertmanager.bin',
        given: options['alertmanager.bin'],
        names: ['alertmanager', 'prometheus-alertmanager'],
        debianPackage: 'prometheus-alertmanager',
      },
      path,
    ),
  };
}

/** Path of a program that we start but do not ship. Throws ConfigError that says how to get it. */
function findProgram({ option, given, names, debianPackage }: Program, path: string): string {
  if (given !== undefined) {
    if (isExecutable(given)) return given;
    throw new ConfigError(`--${option} ${given} is no program that can be run`);
  }
  for (const folder of path.split(delimiter).filter((part) => part !== '')) {
    for (const name of names) if (isExecutable(join(folder, name))) return join(folder, name);
  }
  throw new ConfigError(
    `${names.join(' or ')} is not on PATH; install it (Debian: apt install ${debianPackage}), name it with --${option}, or use npm start, which fetches it`,
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
