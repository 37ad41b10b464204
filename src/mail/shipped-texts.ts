import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { MailTexts } from './mail-texts.ts';

/** Languages that ship. */
export const shippedLanguages = ['en', 'de', 'fr', 'es', 'pt'] as const;

const read = new Map<string, MailTexts>();

/** Returns the texts of a language that ships, such as those of `pt` for `pt-BR`. */
export function textsOf(lang: string): MailTexts | undefined {
  const shipped = shippedLanguages.find((each) => lang === each || lang.startsWith(`${each}-`));
  if (!shipped) return undefined;
  const texts = read.get(shipped) ?? readTexts(shipped);
  read.set(shipped, texts);
  return texts;
}

const readTexts = (lang: string): MailTexts =>
  parse(readFileSync(new URL(`texts/${lang}.yaml`, import.meta.url), 'utf8'));
