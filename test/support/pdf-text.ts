import { inflateSync } from 'node:zlib';

/** What Chromium wrote into a PDF, page by page, as far as a test needs it: fonts by their ToUnicode tables, texts in the order of drawing. */
export function pdfPages(pdf: Buffer): readonly string[] {
  const objects = objectsOf(pdf);
  return [...objects.values()]
    .filter(({ head }) => /\/Type\s*\/Page\b/.test(head))
    .map(({ head }) => {
      const contents = /\/Contents\s+(\d+)\s+0\s+R/.exec(head)?.[1] ?? '';
      const fonts = new Map(
        [...head.matchAll(/\/(F\d+)\s+(\d+)\s+0\s+R/g)].map(([, name = '', font = '']) => [
          name,
          unicodeOf(objects, font),
        ]),
      );
      return drawn(objects.get(contents)?.stream ?? '', fonts);
    });
}

interface PdfObject {
  readonly head: string;
  readonly stream: string;
}

function objectsOf(pdf: Buffer): ReadonlyMap<string, PdfObject> {
  const text = pdf.toString('latin1');
  const objects = new Map<string, PdfObject>();
  for (const match of text.matchAll(/(?:^|\n)(\d+) 0 obj\s/g)) {
    const from = match.index + match[0].length;
    const body = text.slice(from, text.indexOf('endobj', from));
    const start = /stream\r?\n/.exec(body);
    const head = start === null ? body : body.slice(0, start.index);
    objects.set(match[1] ?? '', {
      head,
      stream: start === null ? '' : streamOf(text, from + start.index + start[0].length, head),
    });
  }
  return objects;
}

function streamOf(text: string, from: number, head: string): string {
  const length = Number(/\/Length\s+(\d+)/.exec(head)?.[1]);
  const bytes = Buffer.from(text.slice(from, from + length), 'latin1');
  return (head.includes('/FlateDecode') ? inflateSync(bytes) : bytes).toString('latin1');
}

type Unicode = ReadonlyMap<number, string>;

function unicodeOf(objects: ReadonlyMap<string, PdfObject>, font: string): Unicode {
  const table = /\/ToUnicode\s+(\d+)\s+0\s+R/.exec(objects.get(font)?.head ?? '')?.[1] ?? '';
  const text = objects.get(table)?.stream ?? '';
  const known = new Map<number, string>();
  for (const [, part = ''] of text.matchAll(/beginbfchar(.*?)endbfchar/gs)) {
    for (const [, from = '', to = ''] of part.matchAll(/<(\w+)>\s*<(\w+)>/g))
      known.set(Number.parseInt(from, 16), wide(to));
  }
  for (const [, part = ''] of text.matchAll(/beginbfrange(.*?)endbfrange/gs)) {
    for (const [, from = '', until = '', to = ''] of part.matchAll(/<(\w+)>\s*<(\w+)>\s*<(\w+)>/g)) {
      const [first, last, start] = [from, until, to].map((each) => Number.parseInt(each, 16)) as [
        number,
        number,
        number,
      ];
      for (let code = first; code <= last; code++) known.set(code, String.fromCodePoint(start + code - first));
    }
  }
  return known;
}

/** UTF-16 in hexadecimal digits. */
function wide(hex: string): string {
  return Buffer.from(hex, 'hex').swap16().toString('utf16le');
}

function drawn(content: string, fonts: ReadonlyMap<string, Unicode>): string {
  let font: Unicode = new Map();
  const texts: string[] = [];
  for (const [, name, array, single] of content.matchAll(/\/(F\d+)\s+[\d.]+\s+Tf|\[([^\]]*)\]\s*TJ|<(\w+)>\s*Tj/g)) {
    if (name !== undefined) font = fonts.get(name) ?? new Map();
    else texts.push(glyphs(array ?? `<${single}>`, font));
  }
  return texts.join('');
}

function glyphs(array: string, font: Unicode): string {
  const codes = [...array.matchAll(/<(\w+)>/g)].flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? []);
  return codes.map((code) => font.get(Number.parseInt(code, 16)) ?? '').join('');
}
