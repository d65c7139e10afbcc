import { withLookAlikes } from './look-alikes.ts';
import type { Markup } from './markup.ts';

/** The part of Markdown that WeCom's robots know. */
export const wecomMarkup: Markup = {
  escape: withLookAlikes,
  strong: (escaped) => `**${escaped}**`,
  link: (label, url) => `[${label}](${url})`,
  lineBreak: '\n',
  sectionBreak: '\n\n',
};
