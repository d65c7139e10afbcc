import type { TagMap } from '../../exporters/training/schema/tag-map.ts';

/** A map that knows one tag in milliseconds, one that says nothing new, and allows those that begin with `my/`. */
export const fakeTagMap: TagMap = {
  resolve: (tag) => {
    if (tag === 'time/forward_ms') {
      return { quantity: 'forward_seconds', scale: 0.001, axis: 'steps', framework: undefined };
    }
    if (tag === 'loss vs samples') return { quantity: undefined, scale: 1, axis: 'samples', framework: 'megatron' };
    return undefined;
  },
  isAllowed: (tag) => tag.startsWith('my/'),
};
