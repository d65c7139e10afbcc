/**
 * What every line that some parser understands has somewhere: a Python dict, the fields of Megatron and NeMo, a progress bar, the
 * figures of torchtitan and DeepSpeed, and a few words. Most lines of a log have none of it.
 */
const markers = /\{'|\| |%\||[wt]ps: |PerSec=|skipped=|\(s\): |checkpoint |training is done|starts at step/;

export function mayTell(text: string): boolean {
  return text.length >= 12 && markers.test(text);
}
