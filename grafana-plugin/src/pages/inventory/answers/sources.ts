import { listIn, maybeNumber, maybeText, numberIn, recordOf, textIn } from '../../../panels/cmdblookup/answers/json';
import type { Question } from '../../../services/ask';

/** Where the inventory has what it knows from. */
export interface Source {
  readonly name: string;
  readonly type: string | undefined;
  readonly isConfigured: boolean;
  readonly everySeconds: number | undefined;
  /** Undefined where it has not looked yet. */
  readonly last: Look | undefined;
}

export interface Look {
  readonly finishedAt: string | undefined;
  readonly succeededAt: string | undefined;
  readonly outcome: string;
  readonly reason: string;
  readonly items: number;
  readonly problems: number;
}

export function readSources(value: unknown): readonly Source[] {
  return listIn(recordOf(value, 'the answer'), 'sources', readSource);
}

export function sourcesQuestion(): Question<readonly Source[]> {
  return { service: 'cmdb', path: '/api/v1/sources', read: readSources };
}

function readSource(value: unknown): Source {
  const from = recordOf(value, 'a source');
  const look = from.last_look;
  return {
    name: textIn(from, 'name'),
    type: maybeText(from, 'type'),
    isConfigured: from.configured === true,
    everySeconds: maybeNumber(from, 'every_seconds'),
    last: look === null || look === undefined ? undefined : readLook(look),
  };
}

function readLook(value: unknown): Look {
  const from = recordOf(value, 'a look');
  return {
    finishedAt: maybeText(from, 'finished_at'),
    succeededAt: maybeText(from, 'succeeded_at'),
    outcome: textIn(from, 'outcome'),
    reason: maybeText(from, 'reason') ?? '',
    items: numberIn(from, 'items'),
    problems: Array.isArray(from.problems) ? from.problems.length : 0,
  };
}
