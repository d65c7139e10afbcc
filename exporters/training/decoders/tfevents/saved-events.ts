import { type Framework, frameworks } from '../../schema/frameworks.ts';

/** What a decoder remembers of a file and cannot read again after a restart, as it reads on from its offset. */
export interface SavedEvents {
  /** Tags that a plugin claims which does not show scalars; writers may say so with the first value only. */
  readonly foreignTags: readonly string[];
  /** The framework that was told. */
  readonly framework: Framework | undefined;
  /** The last step that was told as samples. */
  readonly samples: number | undefined;
}

/** Only tags that somebody would want to see are remembered, so these are far more than are ever needed. */
export const maxForeignTags = 256;
const maxForeignLetters = 16 * 1024;

/** Takes what fits and leaves the rest: the worst that a damaged state can do is to hide a tag. */
export function readSavedEvents(saved: unknown): SavedEvents {
  const { foreignTags, framework, samples }: Readonly<Record<string, unknown>> = isRecord(saved) ? saved : {};
  return {
    foreignTags: Array.isArray(foreignTags) ? bounded(foreignTags) : [],
    framework: frameworks.find((name) => name === framework),
    samples: typeof samples === 'number' && Number.isFinite(samples) ? samples : undefined,
  };
}

export function writeSavedEvents({ foreignTags, framework, samples }: SavedEvents): unknown {
  return { foreignTags: bounded(foreignTags), framework, samples };
}

function bounded(tags: readonly unknown[]): readonly string[] {
  const taken: string[] = [];
  let letters = 0;
  for (const tag of tags) {
    if (typeof tag !== 'string') continue;
    letters += tag.length;
    if (taken.length === maxForeignTags || letters > maxForeignLetters) break;
    taken.push(tag);
  }
  return taken;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
