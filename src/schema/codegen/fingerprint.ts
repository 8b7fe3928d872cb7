// A short text that is another one when anything in a long one is: to see a change by, not to prove anything.

/** Sixteen hexadecimal digits: two FNV-1a hashes of 32 bits each, from different beginnings. */
export function fingerprint(text: string): string {
  let one = 0x811c9dc5;
  let other = 0x01234567;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    one = Math.imul(one ^ unit, 0x01000193);
    other = Math.imul(other ^ (unit + at), 0x01000193);
  }
  return [one, other].map((hash) => (hash >>> 0).toString(16).padStart(8, '0')).join('');
}
