import type { Markup } from './markup.ts';

/** For text messages and gateways that show what they get. */
export const plainText: Markup = {
  escape: (text) => text,
  strong: (escaped) => escaped,
  link: (label, url) => `${label}: ${url}`,
  lineBreak: '\n',
  sectionBreak: '\n\n',
};
