import type { RunStream } from '../../journal.ts';
import { type Quantity, quantities } from '../../schema/quantities.ts';
import type { TagMap } from '../../schema/tag-map.ts';

/** Tells one value under the name that a sender gave it. False if nobody knows the name. */
export function tellValue(
  { stream, tags }: { readonly stream: RunStream; readonly tags: TagMap },
  name: string,
  {
    value,
    step,
    timeSeconds,
  }: { readonly value: number; readonly step: number | undefined; readonly timeSeconds: number | undefined },
): boolean {
  if (isQuantity(name)) {
    stream.value(name, value, step, timeSeconds);
    return true;
  }
  const target = tags.resolve(name);
  if (target !== undefined) {
    // Who pushes gives optimizer steps, whatever the framework counts by this tag in its own files.
    if (target.quantity !== undefined) stream.value(target.quantity, value * target.scale, step, timeSeconds);
    return true;
  }
  if (!tags.isAllowed(name)) return false;
  stream.scalar(name, value);
  return true;
}

export function isQuantity(name: string): name is Quantity {
  return Object.hasOwn(quantities, name);
}
