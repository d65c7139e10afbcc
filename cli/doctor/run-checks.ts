import { reasonOf } from '../../kit/errors.ts';
import type { Check, CheckResult } from './check.ts';
import { type Finding, failure } from './finding.ts';
import type { Machine } from './machine.ts';

/** Longer texts come from what is broken, and say nothing new. */
const maxLength = 600;

export interface Outcome {
  /** In the order of the checks. */
  readonly results: readonly CheckResult[];
  /** A check missed its deadline, so what it waits for may still be under way. */
  readonly isStuck: boolean;
}

/** All at once, each with the deadline; what goes wrong in a check is its own finding. */
export async function runChecks(checks: readonly Check[], machine: Machine, deadlineSeconds: number): Promise<Outcome> {
  const findings = await Promise.all(checks.map((check) => findingOf(check, machine, deadlineSeconds)));
  const results = checks.map((check, index) => resultOf(check, findings[index] ?? late(deadlineSeconds)));
  return { results, isStuck: findings.includes(undefined) };
}

function resultOf({ name, title, group }: Check, { status, found, remedy }: Finding): CheckResult {
  const what = { name, title, group, status, found: printable(found) };
  return remedy === undefined ? what : { ...what, remedy: printable(remedy) };
}

function late(deadlineSeconds: number): Finding {
  return failure(`no answer within ${deadlineSeconds} s`, 'see whether a disk or a server that it needs hangs');
}

/** Undefined if there is none within the time. */
async function findingOf(check: Check, machine: Machine, deadlineSeconds: number): Promise<Finding | undefined> {
  let handle: NodeJS.Timeout | undefined;
  const deadline = new Promise<undefined>((resolve) => {
    handle = setTimeout(() => resolve(undefined), deadlineSeconds * 1000);
  });
  try {
    return await Promise.race([run(check, machine), deadline]);
  } finally {
    clearTimeout(handle);
  }
}

async function run(check: Check, machine: Machine): Promise<Finding> {
  try {
    return await check.run(machine);
  } catch (error) {
    return failure(`cannot be checked: ${reasonOf(error)}`, undefined);
  }
}

/** Files and servers may say anything; on a terminal it must stay a text of one line. */
function printable(text: string): string {
  const clean = text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, '\u{FFFD}');
  return clean.length > maxLength ? `${clean.slice(0, maxLength)}…` : clean;
}
