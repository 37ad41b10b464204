'use client';
import { createClient } from '@gatehouse/client';
import { GatehouseProvider } from '@gatehouse/client/react';
import type { ReactNode } from 'react';

/** Belongs to the browser. While a server renders, the hooks return the state `loading`. */
export const gatehouse = createClient({
  url: process.env.NEXT_PUBLIC_GATEHOUSE_URL ?? 'http://localhost:8000',
  cookie: true,
});

export function Providers({ children }: { children: ReactNode }) {
  return <GatehouseProvider client={gatehouse}>{children}</GatehouseProvider>;
}
