import type { Markup } from './markup.ts';

/**
 * The Markdown of Feishu's cards. Special characters are written as HTML entities:
 * https://open.feishu.cn/document/uAjLw4CM/ukzMukzMukzM/feishu-cards/card-components/content-components/rich-text
 */
export const feishuMarkup: Markup = {
  escape: (text) =>
    text
      .replaceAll(/[&<>*~[\]#`\\@]/g, (character) => `&#${character.charCodeAt(0)};`)
      .replaceAll(/(?<![\p{L}\p{N}_])_|_(?![\p{L}\p{N}_])/gu, '&#95;'),
  strong: (escaped) => `**${escaped}**`,
  link: (label, url) => `[${label}](${url})`,
  lineBreak: '\n',
  sectionBreak: '\n\n',
};
