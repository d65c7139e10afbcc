import { checkpointOfFolder } from '../../../exporters/training/sources/files/checkpoint-names.ts';

/** How a folder is made up of runs. */
export type Layout =
  /** It is one run. `runFolders` are folders in it that look like runs of their own. */
  | { readonly is: 'run'; readonly runFolders: readonly string[] }
  /** Runs are below it; the pattern follows the path of the folder. */
  | { readonly is: 'runs'; readonly pattern: string }
  | { readonly is: 'nothing' };

/**
 * Folders that frameworks and people make inside a run, so that what is in them belongs to the run above: TensorBoard's, logs, checkpoints,
 * torchtitan's, torchrun's attempts and ranks, and the parts of a training.
 */
const inner =
  /^(?:runs|tb|tensorboard(?:[_-]?logs?)?|logs?|structured_logs|checkpoints?|ckpts?|events|train(?:ing)?|eval|val(?:idation)?|test|(?:rank|attempt|restart)[_-]?\d+|\d{1,3})$/i;
/** Of these, what TensorBoard's writers and people also call a folder of many runs. */
const collection = /^(?:runs|logs?|tensorboard(?:[_-]?logs?)?)$/i;

/** `places` are the folders of files and of checkpoints of runs, relative to the folder, '' for the folder itself. */
export function layoutOf(places: readonly string[]): Layout {
  const below = [...new Set(places)].map((place) => withoutCheckpoint(place.split('/').filter((name) => name !== '')));
  if (below.length === 0) return { is: 'nothing' };
  const only = collectionOf(below);
  if (only !== undefined) return { is: 'runs', pattern: `${only}/*` };
  const owners = outermost(below.map(ownerOf));
  if (owners.length > 0 && owners[0]?.length !== 0) return { is: 'runs', pattern: patternOf(owners) };
  const others = outermost(below.filter((place) => place.length > 0 && !inner.test(place[0] ?? '')).map(ownerOf));
  return { is: 'run', runFolders: [...new Set(others.flatMap(([first]) => first ?? []))].sort() };
}

type Names = readonly string[];

function withoutCheckpoint(names: Names): Names {
  const at = names.findIndex((name) => checkpointOfFolder(name) !== undefined);
  return at === -1 ? names : names.slice(0, at);
}

/** Everything is in one folder such as `runs`, in several folders there, and nothing says that it is one run. */
function collectionOf(places: readonly Names[]): string | undefined {
  const first = places[0]?.[0] ?? '';
  if (!collection.test(first) || places.some((names) => names.length < 2 || names[0] !== first)) return undefined;
  return new Set(places.map((names) => names[1])).size > 1 ? first : undefined;
}

function ownerOf(names: Names): Names {
  const at = names.findIndex((name) => inner.test(name));
  return at === -1 ? names : names.slice(0, at);
}

/** Whatever is below a run belongs to it. */
function outermost(owners: readonly Names[]): readonly Names[] {
  const kept = new Map<string, Names>();
  for (const owner of [...owners].sort((a, b) => a.length - b.length)) {
    const isInside = owner.some((_, length) => kept.has(owner.slice(0, length).join('/')));
    if (!isInside) kept.set(owner.join('/'), owner);
  }
  return [...kept.values()];
}

/** Names that all runs have in their paths, and `*` for the others. Where runs are not equally deep the nearest decide. */
function patternOf(owners: readonly Names[]): string {
  const depth = Math.min(...owners.map(({ length }) => length));
  const names = Array.from({ length: depth }, (_, at) => {
    const [first = '', ...others] = new Set(owners.map((owner) => owner[at]));
    return others.length === 0 && at < depth - 1 ? escaped(first) : '*';
  });
  return names.join('/');
}

/** A name as a pattern that matches it alone. */
export function escaped(name: string): string {
  // A comma parts the patterns of a list.
  return name.replaceAll(/[*?[\]\\]/g, '\\$&').replaceAll(',', '?');
}
