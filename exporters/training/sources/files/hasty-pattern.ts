import { createContext, Script } from 'node:vm';
import { errnoOf } from '../../../../kit/errors.ts';

/** An expression that is sound takes microseconds. */
const patienceMs = 20;

const context: { pattern: RegExp; text: string } = { pattern: /(?:)/, text: '' };
createContext(context);
const search = new Script('pattern.exec(text)');

/**
 * Searches for what may backtrack almost without end, since the pattern comes from one user and the text from another. Gives up after a
 * while, as if there were no match: only a script of its own can be stopped in the middle.
 */
export function execHastily(pattern: RegExp, text: string): RegExpExecArray | undefined {
  context.pattern = pattern;
  context.text = text;
  try {
    const found: RegExpExecArray | null = search.runInContext(context, { timeout: patienceMs });
    return found ?? undefined;
  } catch (error) {
    if (errnoOf(error) === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
