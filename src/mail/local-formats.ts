export interface Formats {
  /** Formats a time, such as "28 November 2026 at 07:00 UTC". */
  time(date: Date): string;
  /** Formats seconds, such as "5 minutes". Allows for the delay between a code and its mail. */
  duration(seconds: number): string;
}

/** Creates and caches the formats of locales: creating one takes longer than rendering a mail. */
export function createFormats(): (locale: string) => Formats {
  const made = new Map<string, Formats>();
  return (locale) => {
    const formats = made.get(locale) ?? formatsOf(locale);
    made.set(locale, formats);
    return formats;
  };
}

function formatsOf(locale: string): Formats {
  const options = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const;
  const moment = new Intl.DateTimeFormat(locale, options);
  const unit = (name: string) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' });
  const [minutes, seconds] = [unit('minute'), unit('second')];
  return {
    time: (date) => `${moment.format(date)} UTC`,
    duration: (count) =>
      count < 110
        ? seconds.format(Math.ceil(count / 5) * 5)
        : minutes.format(Math.floor((count + 20) / 60)),
  };
}
