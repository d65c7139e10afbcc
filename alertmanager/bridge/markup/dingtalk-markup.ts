import { withLookAlikes } from './look-alikes.ts';
import type { Markup } from './markup.ts';

/** The part of Markdown that DingTalk's robots know. A single line break is only kept behind two spaces. */
export const dingtalkMarkup: Markup = {
  escape: withLookAlikes,
  strong: (escaped) => `**${escaped}**`,
  link: (label, url) => `[${label}](${url})`,
  lineBreak: '  \n',
  sectionBreak: '\n\n',
};
