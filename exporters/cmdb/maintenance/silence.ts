/** Which window, and which part of it where its nodes are too many for one silence. The comment holds it, so that it is known again after a restart. */
export interface SilenceKey {
  readonly window: number;
  readonly label: string;
  readonly part: number;
}

const form = /^\[window (\d{1,10}) (\w{1,20}) (\d{1,5})\]/;

export function commentOf({ window, label, part }: SilenceKey, title: string): string {
  return `[window ${window} ${label} ${part}] ${title}`;
}

export function keyOfComment(comment: string): SilenceKey | undefined {
  const [, window, label, part] = form.exec(comment) ?? [];
  if (window === undefined || label === undefined || part === undefined) return undefined;
  return { window: Number(window), label, part: Number(part) };
}
