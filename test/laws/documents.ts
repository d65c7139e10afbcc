import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

export interface Document {
  /** Path from the root of the repository. */
  readonly path: string;
  readonly text: string;
}

/** Everything in Markdown that people read: the pages at the root, docs/ and the READMEs of exporters. */
export function documents(): readonly Document[] {
  const atRoot = readdirSync(root).filter((name) => name.endsWith('.md'));
  const below = ['docs', 'exporters'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.md'))
      .map((name) => join(folder, name)),
  );
  return [...atRoot, ...below].sort().map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Inline code, outside of code blocks. */
export function codeSpans({ text }: Document): readonly string[] {
  return [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
}

/** Lines of code blocks, continued ones joined, and inline code. */
export function codeLines(document: Document): readonly string[] {
  const blocks = [...document.text.matchAll(/^( *)```[^\n]*\n([\s\S]*?)^\1```/gm)].map(([, , block = '']) => block);
  const lines = blocks.flatMap((block) => block.replaceAll(/\\\n\s*/g, ' ').split('\n'));
  return [...lines, ...codeSpans(document)];
}

/** Relative links that lead nowhere, with what is wrong. */
export function brokenLinks({ path, text }: Document): readonly string[] {
  const targets = [...withoutBlocks(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => !leadsSomewhere(path, target))
    .map((target) => `${path} links to ${target}`);
}

function leadsSomewhere(from: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const path = file === '' ? join(root, from) : join(root, dirname(from), file);
  // A link out of the repository works on nobody else's machine.
  if (relative(root, path).startsWith('..') || !existsSync(path)) return false;
  if (anchor === undefined) return true;
  return statSync(path).isFile() && anchorsOf(readFileSync(path, 'utf8')).has(anchor);
}

/** As GitHub makes them from headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

/** Cells of the table whose heading begins with these words. */
export function tableRows(text: string, heading: string): readonly (readonly string[])[] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${heading}`));
  if (start < 0) throw new Error(`no table with the heading "${heading}"`);
  const rest = lines.slice(start + 2);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest.slice(0, end < 0 ? rest.length : end).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^( *)```[\s\S]*?^\1```/gm, '');
}
