/**
 * Returns whether a text contains six digits as a code. Longer numbers, hashes and fractions of a second
 * contain them by chance, so they have to stand alone.
 */
export function standsAlone(digits: string): (text: string) => boolean {
  const pattern = new RegExp(`(?<![\\w.])${digits}(?!\\w)`);
  return (text) => text.includes(digits) && pattern.test(text);
}

/**
 * Returns whether a text contains six digits as a code in base64. Seven or eight characters show that the
 * digits may be in the bytes; these are decoded with their neighbours, because a number or a ciphertext
 * has such characters by chance.
 */
export function standsAloneInBase64(digits: string): (text: string) => boolean {
  const isAlone = standsAlone(digits);
  const parts = [0, 1, 2].map((place) => base64At(place, Buffer.from(digits)));
  return (text) =>
    parts.some((part) =>
      indexesOf(text, part.own).some((at) => isAlone(decodedAt(text, at, part))),
    );
}

/** A text in base64 without the characters that depend on its neighbours too. */
interface Base64Part {
  readonly own: string;
  /** Characters of the same group of four before it. */
  readonly before: number;
}

/** @param place number of bytes that stand before it in a group of three */
export function base64At(place: number, bytes: Buffer): Base64Part {
  const text = Buffer.concat([Buffer.alloc(place), bytes]).toString('base64');
  const before = Math.ceil((place * 8) / 6);
  return { own: text.slice(before, Math.floor(((place + bytes.length) * 8) / 6)), before };
}

/** Returns what a part at this position encodes, with up to three bytes before and after it. */
function decodedAt(text: string, at: number, { own, before }: Base64Part): string {
  const group = at - before;
  const [head = ''] = /[\w+/-]*$/.exec(text.slice(Math.max(0, group - 4), at)) ?? [];
  const [tail = ''] = /^[\w+/-]*/.exec(text.slice(at, at + own.length + 5)) ?? [];
  if (head.length < before) return '';
  const start = head.length === before + 4 ? group - 4 : group;
  return Buffer.from(text.slice(start, at) + tail, 'base64').toString('latin1');
}

function indexesOf(text: string, part: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) found.push(at);
  return found;
}
