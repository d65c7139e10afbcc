import { dump } from 'js-yaml';

/** YAML for a file that tools load and people read: long expressions on one line, no anchors, a first line that names its source. */
export function toYaml(value: object, madeFrom: string): string {
  return `# Made by fleetlens from ${madeFrom}. Do not edit: change the source and generate again.\n${dump(value, { lineWidth: -1, noRefs: true })}`;
}
