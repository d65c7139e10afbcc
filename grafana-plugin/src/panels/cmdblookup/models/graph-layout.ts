import type { ItemRef } from '../answers/item-ref';
import type { RelationGroup } from './relation-groups';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GraphGroup {
  readonly group: RelationGroup;
  readonly heading: Box;
  readonly nodes: ReadonlyArray<{ readonly item: ItemRef; readonly box: Box }>;
  /** Where the items that are not shown are asked for. */
  readonly more: { readonly count: number; readonly box: Box } | undefined;
  /** From the group to the item in the middle. */
  readonly edge: string;
}

export interface Graph {
  readonly width: number;
  readonly height: number;
  readonly centre: Box;
  readonly groups: readonly GraphGroup[];
}

export interface GraphOptions {
  readonly width: number;
  /** How many items of a group are shown, by its key. */
  readonly shown: ReadonlyMap<string, number>;
}

/** Of each group, unless more are asked for. */
export const firstShown = 4;
const node = { height: 28, gap: 4 };
const heading = 20;
const groupGap = 14;
const narrow = 620;

/** What the item needs on the left, what needs it on the right; one below the other where there is no room. */
export function layoutGraph(groups: readonly RelationGroup[], options: GraphOptions): Graph {
  return options.width < narrow ? stacked(groups, options) : sideBySide(groups, options);
}

function sideBySide(groups: readonly RelationGroup[], { width, shown }: GraphOptions): Graph {
  const column = Math.floor((width - 2 * 56) / 3);
  const left = placed(of(groups, 'out'), { x: 0, y: 0, width: column, shown });
  const right = placed(of(groups, 'in'), { x: width - column, y: 0, width: column, shown });
  const height = Math.max(left.end, right.end, 60);
  const centre = {
    x: column + 56,
    y: Math.round(Math.min(height, 420) / 2) - 22,
    width: width - 2 * (column + 56),
    height: 44,
  };
  const middle = centre.y + centre.height / 2;
  const connect = (box: Box, isLeft: boolean): string => {
    const from = isLeft ? box.x + box.width : box.x;
    const to = isLeft ? centre.x : centre.x + centre.width;
    const y = box.y + box.height / 2;
    const half = Math.round((from + to) / 2);
    return `M${from},${y} C${half},${y} ${half},${middle} ${to},${middle}`;
  };
  const finish = (some: readonly Placed[], isLeft: boolean): readonly GraphGroup[] =>
    some.map((one) => ({ ...one, edge: one.boxes.map((box) => connect(box, isLeft)).join(' ') }));
  return { width, height, centre, groups: [...finish(left.groups, true), ...finish(right.groups, false)] };
}

/** A line runs down at the left, and each node hangs on it. */
function stacked(groups: readonly RelationGroup[], { width, shown }: GraphOptions): Graph {
  const indent = 20;
  const above = placed(of(groups, 'out'), { x: indent, y: 0, width: width - indent, shown });
  const centre = { x: 0, y: above.end === 0 ? 0 : above.end + groupGap, width, height: 44 };
  const below = placed(of(groups, 'in'), {
    x: indent,
    y: centre.y + centre.height + groupGap,
    width: width - indent,
    shown,
  });
  const hang = (box: Box): string => {
    const y = box.y + box.height / 2;
    const end = y < centre.y ? centre.y : centre.y + centre.height;
    return `M${box.x},${y} H${indent / 2} V${end}`;
  };
  const finish = (some: readonly Placed[]): readonly GraphGroup[] =>
    some.map((one) => ({ ...one, edge: one.boxes.map(hang).join(' ') }));
  const height = Math.max(below.end, centre.y + centre.height);
  return { width, height, centre, groups: [...finish(above.groups), ...finish(below.groups)] };
}

type Placed = Omit<GraphGroup, 'edge'> & { readonly boxes: readonly Box[] };

function placed(
  groups: readonly RelationGroup[],
  { x, y: top, width, shown }: { x: number; y: number; width: number; shown: GraphOptions['shown'] },
): { readonly groups: readonly Placed[]; readonly end: number } {
  let y = top;
  const all = groups.map((group) => {
    const head = { x, y, width, height: heading };
    y += heading;
    const next = (): Box => {
      const box = { x, y, width, height: node.height };
      y += node.height + node.gap;
      return box;
    };
    const count = shownOf(group, shown);
    const nodes = group.items.slice(0, count).map((item) => ({ item, box: next() }));
    const rest = group.items.length - count;
    const more = rest > 0 ? { count: rest, box: next() } : undefined;
    y += groupGap - node.gap;
    return {
      group,
      heading: head,
      nodes,
      more,
      boxes: [...nodes, ...(more === undefined ? [] : [more])].map(({ box }) => box),
    };
  });
  return { groups: all, end: all.length === 0 ? top : y - groupGap };
}

/** One that would be the only one behind "and 1 more" is shown. */
function shownOf({ key, items }: RelationGroup, shown: GraphOptions['shown']): number {
  const wanted = shown.get(key) ?? firstShown;
  return items.length === wanted + 1 ? items.length : Math.min(wanted, items.length);
}

function of(groups: readonly RelationGroup[], direction: RelationGroup['direction']): readonly RelationGroup[] {
  return groups.filter((group) => group.direction === direction);
}
