import { basename, join, resolve } from 'node:path';
import picomatch from 'picomatch';
import { ConfigError } from '../../../../kit/errors.ts';

export type PatternPart =
  | { readonly is: 'name'; readonly name: string }
  | { readonly is: 'names'; readonly matches: (name: string) => boolean }
  /** Any number of folders, none included. */
  | { readonly is: 'folders' };

export interface RunPattern {
  /** What comes before the first wildcard. */
  readonly base: string;
  readonly parts: readonly PatternPart[];
  /** Ends in a slash or in `**`: files that match are no runs. */
  readonly isForFolders: boolean;
  /** Names a file, or files of one ending, so that they are logs whatever their names. */
  readonly namesFiles: boolean;
}

/** Longer than any path. */
const maxPattern = 4096;

/** Throws ConfigError for one that can match nothing. */
export function parseRunPattern(text: string, workingFolder: string): RunPattern {
  if (text.trim() === '' || text.includes('\0') || text.length > maxPattern)
    throw new ConfigError(
      `--runs.paths must name folders such as /data/runs/*, got "${text.slice(0, 80)}"; write the path of a run folder or a pattern`,
    );
  const segments = resolve(workingFolder, text)
    .split('/')
    .filter((segment) => segment !== '');
  const firstWild = segments.findIndex(isWild);
  const fixed = firstWild === -1 ? segments.length : firstWild;
  const parts = segments.slice(fixed).map(partOf);
  const last = parts.at(-1);
  return {
    base: join('/', ...segments.slice(0, fixed).map(unescaped)),
    parts,
    isForFolders: text.endsWith('/') || last?.is === 'folders',
    namesFiles: last === undefined || last.is === 'name' || /\.[^*?[\]]*$/.test(segments.at(-1) ?? ''),
  };
}

/** Name of a run: its path behind the fixed part of the pattern. */
export function runNameOf({ base }: RunPattern, path: string): string {
  const prefix = base === '/' ? '/' : `${base}/`;
  return path.startsWith(prefix) && path.length > prefix.length ? path.slice(prefix.length) : basename(path) || path;
}

function isWild(segment: string): boolean {
  return /[*?[]/.test(segment.replaceAll(/\\./g, ''));
}

function unescaped(segment: string): string {
  return segment.replaceAll(/\\(.)/g, '$1');
}

function partOf(segment: string): PatternPart {
  if (segment === '**') return { is: 'folders' };
  if (!isWild(segment)) return { is: 'name', name: unescaped(segment) };
  // Its fast paths want something behind the dot of *.*, which a shell does not.
  const matches = picomatch(plainGlob(segment), { nonegate: true, nobrace: true, noextglob: true, fastpaths: false });
  // No wildcard stands for the dot of a hidden name, not even one in brackets.
  return { is: 'names', matches: (name) => (segment.startsWith('.') || !name.startsWith('.')) && matches(name) };
}

/**
 * The wildcards of a shell and nothing else: names with brackets, braces and signs are common in runs that are named after their
 * parameters. `[!a]` is POSIX for what picomatch knows as `[^a]`; two stars within a name are as good as one.
 */
function plainGlob(segment: string): string {
  return segment
    .replaceAll(/\\.|\[!|[(){}|+@!^$,#"]/g, (found, at: number) => {
      if (found === '[!') return '[^';
      if (found.length > 1 || (found === '^' && segment[at - 1] === '[')) return found;
      return `\\${found}`;
    })
    .replaceAll(/\*{2,}/g, '*');
}
