/** Maximum number of languages, so that the padded size of a mail in the outbox stays the same. */
const MOST = 5;
/** Number of characters that are read of the header. */
const MAX_LENGTH = 500;
/** Maximum length of a language tag (RFC 5646 §4.4.1). */
const MAX_TAG = 35;

const range = /^\s*([a-z]{2,3}(?:-[a-z0-9]{1,8})*)\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?$/i;

/** Reads `Accept-Language` (RFC 9110 §12.5.4). @returns canonical language tags, best first */
export function preferredLanguages(header = ''): string[] {
  const ranges = header
    .slice(0, MAX_LENGTH)
    .split(',')
    .flatMap((item) => {
      const [, tag = '', quality = '1'] = range.exec(item) ?? [];
      return tag && tag.length <= MAX_TAG ? [{ tag, quality: Number(quality) }] : [];
    });
  const best = ranges.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality);
  return best.slice(0, MOST).flatMap(({ tag }) => canonical(tag));
}

function canonical(tag: string): string[] {
  try {
    return Intl.getCanonicalLocales(tag).filter(({ length }) => length <= MAX_TAG);
  } catch {
    return [];
  }
}
