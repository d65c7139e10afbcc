/** By how a check ended: a warning costs a part of what the exporter can show, a failure is something that it needs. */
export const statuses = ['ok', 'warning', 'failure', 'not_applicable'] as const;
export type Status = (typeof statuses)[number];

export interface Finding {
  readonly status: Status;
  /** What was seen. */
  readonly found: string;
  /** What to do about it. */
  readonly remedy?: string | undefined;
}

export function ok(found: string): Finding {
  return { status: 'ok', found };
}

export function warning(found: string, remedy: string | undefined): Finding {
  return { status: 'warning', found, remedy };
}

export function failure(found: string, remedy: string | undefined): Finding {
  return { status: 'failure', found, remedy };
}

export function notApplicable(found: string): Finding {
  return { status: 'not_applicable', found };
}
