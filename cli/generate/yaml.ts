import { dump } from 'js-yaml';

/** Every such file begins with it. */
export const madeByUs = '# Made by fleetlens from ';

/** YAML for a file that tools load and people read: long expressions on one line, no anchors, a first line that names its source. */
export function toYaml(value: object, madeFrom: string): string {
  return `${madeByUs}${madeFrom}. Do not edit: change the source and generate again.\n${dump(value, { lineWidth: -1, noRefs: true })}`;
}
