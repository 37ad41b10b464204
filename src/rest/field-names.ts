/** REST names other than the snake_case form of the GraphQL name. */
const exceptions: Readonly<Record<string, string>> = { refreshToken: 'refresh' };

/** Returns the REST name of a GraphQL input field: `first_name` for `firstName`. */
export const restName = (field: string): string =>
  exceptions[field] ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
