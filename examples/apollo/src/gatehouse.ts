import { createClient } from '@gatehouse/client';

export const url = import.meta.env.VITE_GATEHOUSE_URL ?? 'http://localhost:8000';

export const gatehouse = createClient({ url });
