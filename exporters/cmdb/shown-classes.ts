import { ConfigError } from '../../kit/errors.ts';
import { nearest } from '../../kit/options/nearest.ts';
import { cut } from '../../kit/options/preview.ts';
import { type ItemClass, isItemClass, itemClasses } from './model/item-class.ts';

/** Reads `--info.classes`. Throws ConfigError. */
export function shownClassesOf(names: readonly string[]): readonly ItemClass[] {
  return names.map((name) => {
    if (isItemClass(name)) return name;
    const known = Object.keys(itemClasses);
    const guess = nearest(name, known);
    const hint = guess === undefined ? '' : `; did you mean ${guess}?`;
    throw new ConfigError(
      `--info.classes must hold classes such as ${known.slice(0, 3).join(', ')}, got ${cut(name)}${hint}`,
    );
  });
}
