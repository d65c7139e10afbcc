import { parseSync } from '@swc/core';

/** A text of the Grafana app as it stands in the code. */
export interface SourceText {
  readonly key: string;
  readonly english: string;
}

/** What is looked at of a node of the syntax tree. */
interface Node {
  readonly type: string;
  readonly callee?: unknown;
  readonly arguments?: unknown;
  readonly opening?: unknown;
  readonly children?: unknown;
  readonly expression?: unknown;
  readonly value?: unknown;
}

/** All texts that a source file asks for by `t('key', 'English')` or `<Trans i18nKey="key">English</Trans>`. Throws for a key that is no literal. */
export function textsInSource(source: string, file: string): readonly SourceText[] {
  const found: SourceText[] = [];
  visit(parseSync(source, { syntax: 'typescript', tsx: file.endsWith('x'), target: 'es2023' }), (node) => {
    const text = node.type === 'CallExpression' ? textOfCall(node, file) : textOfElement(node, file);
    if (text !== undefined) found.push(text);
  });
  return found;
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value)) see(value);
  for (const child of Object.values(value)) visit(child, see);
}

function isNode(value: object): value is Node {
  return 'type' in value && typeof value.type === 'string';
}

function textOfCall({ callee, arguments: given }: Node, file: string): SourceText | undefined {
  if (!isNamed(callee, 't') || !Array.isArray(given)) return undefined;
  const [key, english] = given.map((each) => literal(field(each, 'expression')));
  if (key === undefined || english === undefined)
    throw new Error(`${file}: t() needs a key and an English text, both literal`);
  return { key, english };
}

function textOfElement(node: Node, file: string): SourceText | undefined {
  if (node.type !== 'JSXElement' || !isNamed(field(node.opening, 'name'), 'Trans')) return undefined;
  const attributes = field(node.opening, 'attributes');
  const keyed = Array.isArray(attributes)
    ? attributes.find((each) => isNamed(field(each, 'name'), 'i18nKey'))
    : undefined;
  const key = literal(field(keyed, 'value'));
  if (key === undefined) throw new Error(`${file}: Trans needs a literal i18nKey`);
  return { key, english: textOfChildren(node.children, file) };
}

/** As i18next counts them: an element within the text stands as its number among its brothers. */
function textOfChildren(children: unknown, file: string): string {
  if (!Array.isArray(children)) return '';
  return children.map((child, index) => textOfChild(child, { index, file })).join('');
}

function textOfChild(child: Node, { index, file }: { readonly index: number; readonly file: string }): string {
  if (child.type === 'JSXText') return String(child.value).replace(/\s*\n\s*/g, '');
  if (child.type === 'JSXElement') return `<${index}>${textOfChildren(child.children, file)}</${index}>`;
  const properties = field(child.expression, 'properties');
  if (!Array.isArray(properties)) return literal(child.expression) ?? '';
  return properties
    .map((property) => `{{${String(field(property, 'value') ?? field(field(property, 'key'), 'value'))}}}`)
    .join('');
}

function isNamed(node: unknown, name: string): boolean {
  return field(node, 'type') === 'Identifier' && field(node, 'value') === name;
}

function literal(node: unknown): string | undefined {
  const value = field(node, 'value');
  if (field(node, 'type') === 'StringLiteral' && typeof value === 'string') return value;
  const quasis = field(node, 'quasis');
  if (field(node, 'type') !== 'TemplateLiteral' || !Array.isArray(quasis) || quasis.length !== 1) return undefined;
  return String(field(quasis[0], 'cooked'));
}

function field(node: unknown, name: string): unknown {
  return typeof node === 'object' && node !== null ? Reflect.get(node, name) : undefined;
}
