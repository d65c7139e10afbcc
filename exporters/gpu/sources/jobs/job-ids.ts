const maxJobs = 64;
const maxLength = 128;

/**
 * The job ids of a mapping file, one in each line. Empty lines are nothing; a line that cannot be an id is counted, and so is each job
 * beyond the number of jobs that may share a GPU.
 */
export function jobIdsOf(content: Buffer): { readonly jobIds: readonly string[]; readonly bad: number } {
  const lines = content
    .toString('utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const good = [...new Set(lines.filter(isJobId))];
  const bad = lines.filter((line) => !isJobId(line)).length;
  return { jobIds: good.slice(0, maxJobs), bad: bad + Math.max(0, good.length - maxJobs) };
}

/** Bytes that are no UTF-8 were read as U+FFFD. */
function isJobId(line: string): boolean {
  return line.length <= maxLength && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u{FFFD}]/u.test(line);
}
