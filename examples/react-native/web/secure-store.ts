/** Stands for the keychain in a browser, which has none. For tests. */
export const getItemAsync = async (key: string): Promise<string | null> =>
  localStorage.getItem(key);

export const setItemAsync = async (key: string, value: string): Promise<void> =>
  localStorage.setItem(key, value);

export const deleteItemAsync = async (key: string): Promise<void> => localStorage.removeItem(key);
