import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Runs the app in a browser, for tests. A device needs Expo. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: { outDir: '../dist', emptyOutDir: true },
  define: {
    'process.env.EXPO_PUBLIC_GATEHOUSE_URL': JSON.stringify(process.env.EXPO_PUBLIC_GATEHOUSE_URL),
  },
  resolve: {
    alias: {
      'react-native': 'react-native-web',
      'expo-secure-store': `${import.meta.dirname}/secure-store.ts`,
    },
  },
});
