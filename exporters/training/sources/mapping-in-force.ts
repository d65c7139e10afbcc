import { ConfigError, reasonOf } from '../../../kit/errors.ts';
import type { RunModel } from '../runs/run-state.ts';
import { createTagMap } from '../schema/create-tag-map.ts';
import { emptyMapping, type Mapping, modelOf } from '../schema/mapping.ts';
import { parseMapping } from '../schema/mapping-file.ts';
import type { TagMap } from '../schema/tag-map.ts';

/** The mapping file as it was last read well. What is handed out goes on to say what is in force. */
export interface MappingInForce {
  readonly tags: TagMap;
  readonly modelOf: (run: string) => RunModel | undefined;
  /** Throws ConfigError, and then the one before stays in force. */
  readonly reload: (file: string | undefined) => void;
}

type ReadFile = (path: string) => string;

/** Throws ConfigError. */
export function createMappingInForce(file: string | undefined, readFile: ReadFile): MappingInForce {
  let mapping = readMapping(file, readFile);
  let inForce = createTagMap(mapping);
  return {
    tags: { resolve: (tag) => inForce.resolve(tag), isAllowed: (tag) => inForce.isAllowed(tag) },
    modelOf: (run) => modelOf(mapping, run),
    reload: (next) => {
      mapping = readMapping(next, readFile);
      inForce = createTagMap(mapping);
    },
  };
}

/** Throws ConfigError. */
export function readMapping(file: string | undefined, readFile: ReadFile): Mapping {
  if (file === undefined) return emptyMapping;
  let text: string;
  try {
    text = readFile(file);
  } catch (error) {
    throw new ConfigError(`--mapping.file cannot be read: ${reasonOf(error)}`);
  }
  return parseMapping(file, text);
}
