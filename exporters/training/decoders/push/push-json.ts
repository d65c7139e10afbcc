/**
 * Strings on one side, on the other the words that Python's json.dumps writes for floats that are not finite. A string that does not end
 * reaches to the end, so that each character is looked at once.
 */
const stringOrWord = /"(?:[^"\\]+|\\[\s\S])*(?:"|\\?$)|-?\bInfinity\b|\bNaN\b/g;

/** JSON, and with it NaN, Infinity and -Infinity, which become texts of the same words. Throws SyntaxError. */
export function parsePushJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const quoted = text.replaceAll(stringOrWord, (found) => (found.startsWith('"') ? found : `"${found}"`));
    if (quoted === text) throw error;
    return JSON.parse(quoted);
  }
}
