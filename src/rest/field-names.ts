/** What REST calls the fields whose name is not just written in another way. */
const others: Readonly<Record<string, string>> = { refreshToken: 'refresh' };

/** The name that a field of the GraphQL input has in a REST body: `firstName` is `first_name`. */
export const restName = (field: string): string =>
  others[field] ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
