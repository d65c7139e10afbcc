import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';

/**
 * The line, from 1, on which each mapping and list of a YAML text begins. The key is the path to it with dots, from the number of the
 * document on: `0.groups.1.rules.0`. The text must be valid YAML.
 */
export function yamlLines(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  const lineAt = lineFinder(text);
  const events = parseEvents(text, {});
  let at = 0;

  function readNode(path: string): void {
    const event = events[at++];
    if (event === undefined || !('start' in event)) return;
    lines.set(path, lineAt(event.start));
    for (let index = 0; !isEnd(events[at]); index++) {
      readNode(`${path}.${event.type === EVENT_ID.MAPPING ? readKey(path) : index}`);
    }
    at++;
  }

  function readKey(path: string): string {
    const event = events[at];
    if (event?.type === EVENT_ID.SCALAR) {
      at++;
      return getScalarValue(text, event);
    }
    readNode(`${path}.?`);
    return '?';
  }

  for (let document = 0; at < events.length; document++) {
    at++;
    while (!isEnd(events[at])) readNode(String(document));
    at++;
  }
  return lines;
}

function isEnd(event: Event | undefined): boolean {
  return event === undefined || event.type === EVENT_ID.POP;
}

function lineFinder(text: string): (offset: number) => number {
  let [line, from] = [1, 0];
  // The nodes come in the order of the text.
  return (offset) => {
    for (; from < offset; from++) if (text[from] === '\n') line++;
    return line;
  };
}
