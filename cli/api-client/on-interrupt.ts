/** Exit status of what was ended by Ctrl-C, as shells have it. */
export const interruptedStatus = 130;

/** Until the returned function is called, Ctrl-C tidies up, says what `farewell` answers, and ends the process. */
export function onInterrupt(farewell: () => string): () => void {
  const leave = (): void => {
    const text = farewell();
    if (text !== '') process.stderr.write(`${text}\n`);
    process.exit(interruptedStatus);
  };
  process.once('SIGINT', leave);
  return () => void process.off('SIGINT', leave);
}
