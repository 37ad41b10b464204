/** Members of the standard library that TypeScript 5 does not know yet. */
interface RegExpConstructor {
  escape(text: string): string;
}
