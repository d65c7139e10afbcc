import { loadAll, YAMLException } from 'js-yaml';
import { ConfigError } from './errors.ts';

const maxBytes = 1024 * 1024;

/** The document of a configuration file; undefined if it holds none. Throws ConfigError with file, line and reason. */
export function parseYaml(file: string, text: string): unknown {
  const documents = parseYamlDocuments(file, text);
  if (documents.length > 1) throw new ConfigError(`${file} holds ${documents.length} YAML documents; it must hold one`);
  return documents[0];
}

/** All documents of a file, which `---` keeps apart. Throws ConfigError with file, line and reason. */
export function parseYamlDocuments(file: string, text: string): readonly unknown[] {
  if (text.length > maxBytes) {
    throw new ConfigError(`${file} is ${text.length} characters long; a configuration file holds at most ${maxBytes}`);
  }
  return load(file, text);
}

function load(file: string, text: string): readonly unknown[] {
  try {
    return loadAll(text);
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const place = error.mark === undefined ? '' : `:${error.mark.line + 1}:${error.mark.column + 1}`;
    throw new ConfigError(`${file}${place} is no valid YAML: ${error.reason}`);
  }
}
