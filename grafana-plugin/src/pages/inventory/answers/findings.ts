import { listIn, maybeNumber, maybeText, numberIn, recordOf, textIn } from '../../../panels/cmdblookup/answers/json';
import type { Question } from '../../../services/ask';

/** What somebody has to look at. */
export interface Finding {
  readonly kind: string;
  readonly source: string;
  readonly subject: string;
  readonly reason: string;
  readonly itemId: number | undefined;
  readonly since: string | undefined;
}

export interface Findings {
  readonly findings: readonly Finding[];
  readonly total: number;
}

export function readFindings(value: unknown): Findings {
  const from = recordOf(value, 'the answer');
  return { findings: listIn(from, 'findings', readFinding), total: numberIn(from, 'total') };
}

export function findingsQuestion(limit: number): Question<Findings> {
  return { service: 'cmdb', path: '/api/v1/findings', params: { limit }, read: readFindings };
}

function readFinding(value: unknown): Finding {
  const from = recordOf(value, 'a finding');
  return {
    kind: textIn(from, 'kind'),
    source: textIn(from, 'source'),
    subject: textIn(from, 'subject'),
    reason: maybeText(from, 'reason') ?? '',
    itemId: maybeNumber(from, 'item_id'),
    since: maybeText(from, 'since'),
  };
}
