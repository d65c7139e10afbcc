const kept = /^([A-Z]|k|Ki?[A-Z]|Mi?[A-Z]|Gi?[A-Z]|Ti?[A-Z]|kWh|MWh|[A-Z]+)/;

/** A unit as FOCUS writes it: "GPU hour" is GPU-Hours, "token" is Tokens, "1000 requests" is "1000 Requests". */
export function unitText(unit: string): string {
  const words = unit.trim().split(/\s+/);
  const [first = '', ...rest] = words;
  if (unit.trim() === '') return '';
  if (/^\d+$/.test(first) && rest.length > 0) return `${first} ${unitText(rest.join(' '))}`;
  return words.map((word, index) => (index === words.length - 1 ? plural(capital(word)) : capital(word))).join('-');
}

function capital(word: string): string {
  return kept.test(word) ? word : word.charAt(0).toUpperCase() + word.slice(1);
}

/** Symbols such as GB and kWh have none. */
function plural(word: string): string {
  return /^[A-Z][a-z]+[a-rt-z]$/.test(word) ? `${word}s` : word;
}
