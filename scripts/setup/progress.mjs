/**
 * Writes `text …`, does the work, and ends the line with how long it took.
 * @template T
 * @param {{ write(text: string): unknown }} log
 * @param {string} text
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withProgress(log, text, work) {
  const startedMs = Date.now();
  log.write(`${text} … `);
  try {
    const result = await work();
    log.write(`done in ${secondsSince(startedMs)}\n`);
    return result;
  } catch (error) {
    log.write(`failed after ${secondsSince(startedMs)}\n`);
    throw error;
  }
}

export function secondsSince(startedMs) {
  const seconds = (Date.now() - startedMs) / 1000;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
}
