import type { SyntaxNode } from '@lezer/common';
import { parseExpression, textOf } from './syntax.ts';

export interface Room {
  readonly indent: string;
  /** Columns, the indent among them. */
  readonly width: number;
}

const step = '  ';

/** The expression in lines that fit, broken and indented by its syntax; what has no place to break stays whole. */
export function promqlLines(text: string, room: Room): readonly string[] {
  const root = parseExpression(text);
  return root === undefined ? [room.indent + text] : linesOf(root, text, room);
}

function linesOf(node: SyntaxNode, text: string, room: Room): readonly string[] {
  const flat = room.indent + onOneLine(textOf(text, node));
  if (flat.length <= room.width && !hasSetOperator(node)) return [flat];
  switch (node.name) {
    case 'BinaryExpr':
      return linesOfBinary(node, text, room) ?? [flat];
    case 'ParenExpr':
      return linesAround(node, { head: '(', body: node, tail: ')' }, { text, room });
    case 'AggregateExpr':
    case 'FunctionCall':
      return linesOfCall(node, text, room) ?? [flat];
    default:
      return [flat];
  }
}

/** `and`, `or` and `unless` stand alone in a line, as conditions are read. */
function hasSetOperator(node: SyntaxNode): boolean {
  return node.name === 'BinaryExpr' && ['And', 'Or', 'Unless'].some((name) => node.getChild(name) !== null);
}

function linesOfBinary(node: SyntaxNode, text: string, room: Room): readonly string[] | undefined {
  const [left, right] = node.getChildren('Expr');
  if (left === undefined || right === undefined) return undefined;
  const operator = onOneLine(text.slice(left.to, right.from)).trim();
  const before = linesOf(left, text, room);
  if (hasSetOperator(node)) return [...before, room.indent + operator, ...linesOf(right, text, room)];
  // What is reckoned on the right side belongs together.
  const isReckoned = right.name === 'BinaryExpr';
  const after = linesOf(right, text, isReckoned ? { ...room, indent: room.indent + step } : room);
  const [first = '', ...rest] = after;
  const joined = `${room.indent}${operator} ${first.trimStart()}`;
  return joined.length <= room.width || rest.length > 0
    ? [...before, joined, ...rest]
    : [...before, room.indent + operator, ...after];
}

function linesOfCall(node: SyntaxNode, text: string, room: Room): readonly string[] | undefined {
  const body = node.getChild('FunctionCallBody');
  if (body === null) return undefined;
  const head = `${onOneLine(text.slice(node.from, body.from))}(`;
  return linesAround(node, { head, body, tail: `)${onOneLine(text.slice(body.to, node.to))}` }, { text, room });
}

interface Around {
  readonly head: string;
  readonly body: SyntaxNode;
  readonly tail: string;
}

/** What stands in brackets, each argument indented by a step more. */
function linesAround(
  node: SyntaxNode,
  { head, body, tail }: Around,
  { text, room }: { readonly text: string; readonly room: Room },
): readonly string[] {
  const inner = { ...room, indent: room.indent + step };
  const args = body.getChildren('Expr').map((each) => linesOf(each, text, inner));
  if (args.length === 0) return [room.indent + onOneLine(textOf(text, node))];
  return [
    room.indent + head,
    ...args.flatMap((lines, index) => (index === args.length - 1 ? lines : withComma(lines))),
    room.indent + tail,
  ];
}

function withComma(lines: readonly string[]): readonly string[] {
  return [...lines.slice(0, -1), `${lines.at(-1)},`];
}

/** Line breaks of an expression stand between words, never in a text. */
function onOneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, ' ');
}
