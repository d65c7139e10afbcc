import { appPages } from '../../dashboards/app-pages.ts';
import type { BoardJson } from './board-json.ts';

/** An address somewhere in a board, taken apart. */
export interface Link {
  readonly url: string;
  /** Of the board that it leads to; undefined for a page of the app. */
  readonly uid: string | undefined;
  /** Variables of that board that it sets. */
  readonly variables: readonly string[];
}

/** Every address in a board: at its top, on lines of tables, on bars and on curves. */
export function linksOf(board: BoardJson): readonly Link[] {
  return [...JSON.stringify(board).matchAll(/"url":("(?:[^"\\]|\\.)+")/g)].map(([, text]) => {
    const url = String(JSON.parse(text ?? '""'));
    return {
      url,
      uid: /^\/d\/([^?]+)/.exec(url)?.[1],
      variables: [...url.matchAll(/var-(\w+)=/g)].map(([, name]) => name ?? ''),
    };
  });
}

/** What is wrong with links, when these are all boards that there are. */
export function badLinks(boards: readonly BoardJson[]): readonly string[] {
  const variablesOf = new Map(boards.map(({ uid, templating }) => [uid, templating.list.map(({ name }) => name)]));
  return boards.flatMap((board) =>
    linksOf(board).flatMap(({ url, uid, variables }) => {
      if (uid === undefined) return isPage(url) ? [] : [`${board.uid}: ${url} is no board and no page of the app`];
      const known = variablesOf.get(uid);
      if (known === undefined) return [`${board.uid}: there is no board ${uid}`];
      return variables
        .filter((name) => !known.includes(name))
        .map((name) => `${board.uid}: ${uid} has no variable ${name}`);
    }),
  );
}

function isPage(url: string): boolean {
  return Object.values(appPages).some((page) => url.startsWith(`${page}$`));
}

/** Boards that no other board names at its top, so that nobody finds them there. */
export function unreached(boards: readonly BoardJson[]): readonly string[] {
  const named = new Set(
    boards.flatMap(({ uid, links }) => links.map(({ url }) => url?.replace('/d/', '')).filter((to) => to !== uid)),
  );
  return boards.map(({ uid }) => uid).filter((uid) => !named.has(uid));
}
