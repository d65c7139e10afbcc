import { fieldsOf, type Place } from '../../../../kit/config-values.ts';
import { SourceError } from '../../../../kit/errors.ts';
import { isLeaf, type Tree } from '../trees/tree.ts';
import { indicesOf, listOfLength, numberOf, numbersOf } from './read-values.ts';

/** The most leaves that settings allow give so many nodes. */
const maxNodes = 8191;

/** The most that a leaf says with the clip and the rate that settings allow. */
const maxValue = 100;

const keys = ['feature', 'threshold', 'bin', 'left', 'right', 'missingLeft', 'value', 'cover'] as const;

/**
 * A tree that can be walked from its root: every child comes after its parent and has only one, indices are inside, and the training rows of a node are
 * those of its children.
 */
export function readTree(place: Place, columns: number): Tree {
  const field = fieldsOf(place, keys);
  const nodes = nodesOf(field('feature'));
  const tree: Tree = {
    feature: indicesOf(field('feature'), nodes, -1, columns - 1),
    threshold: thresholdsOf(field('threshold'), nodes),
    bin: Uint8Array.from(indicesOf(field('bin'), nodes, 0, 255)),
    left: indicesOf(field('left'), nodes, -1, nodes - 1),
    right: indicesOf(field('right'), nodes, -1, nodes - 1),
    missingLeft: Uint8Array.from(indicesOf(field('missingLeft'), nodes, 0, 1)),
    value: numbersOf(field('value'), nodes, -maxValue, maxValue),
    cover: numbersOf(field('cover'), nodes, 1),
  };
  checkLinks(tree, place.where);
  return tree;
}

function nodesOf({ value, where }: Place): number {
  if (Array.isArray(value) && value.length > 0 && value.length <= maxNodes) return value.length;
  throw new SourceError(`${where} must have from 1 to ${maxNodes} nodes`);
}

function thresholdsOf(place: Place, nodes: number): Float64Array {
  return Float64Array.from(listOfLength(place, nodes), (value, at) =>
    value === null ? Number.POSITIVE_INFINITY : numberOf({ value, where: `${place.where}[${at}]` }),
  );
}

function checkLinks(tree: Tree, where: string): void {
  const parents = new Uint8Array(tree.feature.length);
  for (let node = 0; node < tree.feature.length; node++) {
    if (!isLeaf(tree, node)) checkChildren(tree, node, parents, where);
    else if ((tree.left[node] ?? -1) !== -1 || (tree.right[node] ?? -1) !== -1)
      throw new SourceError(`${where} has a leaf with children, node ${node}`);
  }
  const orphan = parents.indexOf(0, 1);
  if (orphan !== -1) throw new SourceError(`${where} has node ${orphan}, which no other leads to`);
}

function checkChildren({ left, right, value, cover }: Tree, node: number, parents: Uint8Array, where: string): void {
  const children = [left[node] ?? -1, right[node] ?? -1];
  for (const child of children) {
    if (child <= node)
      throw new SourceError(`${where} leads from node ${node} to ${child}; a child comes after its parent`);
    if (parents[child] === 1) throw new SourceError(`${where} leads to node ${child} from more than one other`);
    parents[child] = 1;
  }
  if (value[node] !== 0) throw new SourceError(`${where} has a value in node ${node}, which is no leaf`);
  const rows = children.reduce((sum, child) => sum + (cover[child] ?? 0), 0);
  if (rows !== cover[node])
    throw new SourceError(`${where} has ${cover[node]} training rows in node ${node}, but its children have ${rows}`);
}
