import { createClient } from '@gatehouse/client';
import * as SecureStore from 'expo-secure-store';

/** Keeps the session in the keychain (iOS) or the keystore (Android). */
const storage = {
  getItem: (key: string) => SecureStore.getItemAsync(key),
  setItem: (key: string, value: string) => SecureStore.setItemAsync(key, value),
  removeItem: (key: string) => SecureStore.deleteItemAsync(key),
};

export const gatehouse = createClient({
  url: process.env.EXPO_PUBLIC_GATEHOUSE_URL ?? 'http://localhost:8000',
  storage,
});
