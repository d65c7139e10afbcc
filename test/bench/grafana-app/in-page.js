/** What benchmarks do inside of the page. */
let asked = 0;
const plainFetch = globalThis.fetch;
globalThis.fetch = async (...request) => {
  asked += 1;
  try {
    return await plainFetch(...request);
  } finally {
    asked -= 1;
  }
};

globalThis.bench = {
  /** Goes to the address as a link of the page does. */
  follow(address) {
    const link = document.createElement('a');
    link.href = address;
    document.body.append(link);
    link.click();
    link.remove();
  },

  /** Resolves once nothing has been asked for during so many milliseconds. */
  async quiet(forMs = 150) {
    for (let sinceMs = performance.now(); performance.now() - sinceMs < forMs; ) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (asked > 0) sinceMs = performance.now();
    }
  },

  /** Goes to the address as a link of the page does, and tells after how many milliseconds something that fits the selector is on the screen. */
  paintAfter(address, selector) {
    const startedMs = performance.now();
    bench.follow(address);
    return new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`no ${selector} within 30 s`)), 30_000);
      const look = () => {
        if (document.querySelector(selector) === null) return;
        observer.disconnect();
        // A frame's callbacks run before it is painted, those of the next one after.
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - startedMs)));
      };
      const observer = new MutationObserver(look);
      observer.observe(document.body, { childList: true, subtree: true });
      look();
    });
  },

  /** Scrolls a step further in each of so many frames, from the top and back at the end, and tells how long each frame was. */
  async scroll(selector, stepPixels, frames) {
    const scroller = document.querySelector(selector);
    if (scroller === null || scroller.scrollHeight <= scroller.clientHeight + stepPixels)
      throw new Error(`${selector} cannot be scrolled`);
    scroller.scrollTop = 0;
    let direction = 1;
    const recorder = bench.recordFrames();
    for (let frame = 0; frame < frames; frame += 1) {
      await new Promise(requestAnimationFrame);
      const before = scroller.scrollTop;
      scroller.scrollTop += direction * stepPixels;
      if (scroller.scrollTop === before) direction = -direction;
    }
    return recorder.stop();
  },

  recordFrames() {
    const gaps = [];
    let [last, isOver] = [undefined, false];
    const next = (nowMs) => {
      if (last !== undefined) gaps.push(nowMs - last);
      last = nowMs;
      if (!isOver) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
    const stop = () => {
      isOver = true;
      return gaps;
    };
    bench.stopFrames = stop;
    return { stop };
  },
};
