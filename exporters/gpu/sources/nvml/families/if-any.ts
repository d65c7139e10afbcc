/** The reading if any of its values was read, else undefined: a GPU that has none of a family does not have the family. */
export function ifAny<T extends object>(reading: T): T | undefined {
  return Object.values(reading).some((value) => value !== undefined) ? reading : undefined;
}
