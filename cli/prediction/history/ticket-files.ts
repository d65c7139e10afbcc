import { readFile } from 'node:fs/promises';
import type { Entity } from '../../../exporters/prediction/entity.ts';
import type { Signs } from '../../../exporters/prediction/labels/sign.ts';
import { readTickets } from '../../../exporters/prediction/labels/tickets/read-tickets.ts';
import { ConfigError, reasonOf } from '../../../kit/errors.ts';

/** Failures of all files together; those of entities that are not known are told and left out. */
export async function readTicketFiles(
  files: readonly string[],
  entities: readonly Entity[],
  nowMs: number,
): Promise<Signs> {
  const read: Signs[] = [];
  for (const file of files) read.push(readTickets(await textOf(file), { file, entities, nowMs }));
  return { signs: read.flatMap(({ signs }) => signs), problems: read.flatMap(({ problems }) => problems) };
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`--tickets: ${file} cannot be read: ${reasonOf(error)}`);
  }
}
