import { reasonOf } from '../../kit/errors.ts';
import type { Check, CheckResult } from './check.ts';
import { type Finding, failure } from './finding.ts';
import type { Machine } from './machine.ts';

/** Longer texts come from what is broken, and say nothing new. */
const maxLength = 600;

/** All at once, each with the deadline; what goes wrong in a check is its own finding. The results are in the order of the checks. */
export function runChecks(
  checks: readonly Check[],
  machine: Machine,
  deadlineSeconds: number,
): Promise<readonly CheckResult[]> {
  return Promise.all(
    checks.map(async (check) => {
      const { name, title, group } = check;
      const { status, found, remedy } = await findingOf(check, machine, deadlineSeconds);
      return {
        name,
        title,
        group,
        status,
        found: printable(found),
        ...(remedy === undefined ? {} : { remedy: printable(remedy) }),
      };
    }),
  );
}

async function findingOf(check: Check, machine: Machine, deadlineSeconds: number): Promise<Finding> {
  let late: NodeJS.Timeout | undefined;
  const deadline = new Promise<Finding>((resolve) => {
    const finding = failure(
      `no answer within ${deadlineSeconds} s`,
      'see whether a disk or a server that it needs hangs',
    );
    late = setTimeout(() => resolve(finding), deadlineSeconds * 1000);
  });
  try {
    return await Promise.race([run(check, machine), deadline]);
  } finally {
    clearTimeout(late);
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
