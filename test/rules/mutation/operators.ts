import type { SyntaxNode } from '@lezer/common';
import { textOf } from '../../../cli/rules/promql/syntax.ts';
import { type Edit, type Kind, replace } from './edit.ts';

/** What may take the place of an operator, by the name of its node. */
const exchanges: Readonly<Record<string, readonly (readonly [Kind, string])[]>> = {
  Gtr: [
    ['comparison flipped', '<'],
    ['boundary', '>='],
  ],
  Gte: [
    ['comparison flipped', '<='],
    ['boundary', '>'],
  ],
  Lss: [
    ['comparison flipped', '>'],
    ['boundary', '<='],
  ],
  Lte: [
    ['comparison flipped', '>='],
    ['boundary', '<'],
  ],
  Eql: [['comparison flipped', '!=']],
  Neq: [['comparison flipped', '==']],
  And: [
    ['set operator', 'or'],
    ['set operator', 'unless'],
  ],
  Or: [
    ['set operator', 'and'],
    ['set operator', 'unless'],
  ],
  Unless: [
    ['set operator', 'and'],
    ['set operator', 'or'],
  ],
  Add: [['arithmetic', '-']],
  Sub: [['arithmetic', '+']],
  Mul: [['arithmetic', '/']],
  Div: [['arithmetic', '*']],
  Mod: [['arithmetic', '*']],
};

export function operatorEdits(node: SyntaxNode): readonly Edit[] {
  if (node.parent?.name !== 'BinaryExpr') return [];
  return (exchanges[node.name] ?? []).map(([kind, text]) => replace(kind, node, text));
}

/** Only the left or only the right of `and`, `or` and `unless`. */
export function sideEdits(promql: string, node: SyntaxNode): readonly Edit[] {
  const { parent } = node;
  if (!/^(?:And|Or|Unless)$/.test(node.name) || parent?.name !== 'BinaryExpr') return [];
  const { firstChild, lastChild } = parent;
  if (firstChild === null || lastChild === null) return [];
  const operator = textOf(promql, node);
  return [
    replace('one side', parent, textOf(promql, firstChild), `${operator} → only the left of it`),
    replace('one side', parent, textOf(promql, lastChild), `${operator} → only the right of it`),
  ];
}

export function boolEdits(node: SyntaxNode): readonly Edit[] {
  return node.name === 'BoolModifier' ? [replace('bool', node, '')] : [];
}
